/** @typedef {import('./commands').Option} Option */

/** @type {Option} */
const device = {
  kind: 'choice',
  choices: ['auto', 'cpu', 'gpu'],
  fallback: 'auto',
  help: 'where to compute; auto is the GPU where setup installed CUDA',
};

/** @type {Option} */
const data = {
  kind: 'dataset',
  fallback: 'movielens-100k',
  help: 'a data set under data/, a folder with a dataset.json or the files of MovieLens, or a zip archive of them',
};

module.exports = { device, data };
