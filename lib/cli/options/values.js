const fs = require('node:fs');
const path = require('node:path');
const { inProject } = require('../../setup/tools/project');
const {
  UsageError,
  checkpoint,
  existingFile,
  existingFolder,
  existingPlace,
  fromUser,
  newFile,
  newFolder,
  writableFolder,
} = require('./paths');

/** @param {RegExp} pattern */
const inNotebooks = (pattern) =>
  fs
    .readdirSync(inProject('notebooks'))
    .filter((file) => pattern.test(file))
    .map((file) => path.parse(file).name)
    .sort();

/** The research questions that have a notebook. */
const questions = () => inNotebooks(/^rq\d+\.ipynb$/);

/** Questions, and the modules beside the notebooks in which researchers declare runs of their own. */
const runs = () => [...questions(), ...inNotebooks(/\.ts$/)];

/**
 * @param {string} text
 * @param {readonly string[]} choices
 */
function oneOf(text, choices) {
  if (!choices.includes(text)) throw new UsageError(`expected ${choices.join(', ')}`);
  return text;
}

/**
 * @param {string} text
 * @param {import('../declarations/commands').Option} option
 */
function wholeNumber(text, { range: [min, max] = [1, 1000] }) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`expected a whole number from ${min} to ${max}`);
  return value;
}

/**
 * A name under data/ or of a download, or an absolute path; whether it is a data set is found when it is read.
 * @param {string} text
 */
function dataset(text) {
  const isName = /^(?!\.{1,2}$)[\w.-]{1,64}$/.test(text);
  if (isName && [text, `${text}.zip`].some((name) => fs.existsSync(inProject('data', name)))) return text;
  const place = fromUser(text);
  if (fs.existsSync(place) && (text.endsWith('.zip') || fs.statSync(place).isDirectory())) return place;
  const known = fs
    .readdirSync(inProject('data'))
    .filter((name) => fs.existsSync(inProject('data', name, 'dataset.json')));
  throw new UsageError(
    `expected a data set under data/ (${known.join(', ')}), a folder with a dataset.json or a zip archive; \`npm run data -- init PATH\` writes a dataset.json for any table`,
  );
}

/** @param {string} text */
function executor(text) {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(text))
    throw new UsageError('expected local, slurm, or the name of another executor plugin of Snakemake');
  return text;
}

/**
 * Reads an option's value by its kind.
 * @type {Record<Exclude<import('../declarations/commands').Kind, 'flag'>, (text: string, option: import('../declarations/commands').Option) => unknown>}
 */
const readers = {
  choice: (text, { choices = [] }) => oneOf(text, choices),
  questions: (text) => text.split(',').map((name) => oneOf(name, questions())),
  runs: (text) => text.split(',').map((name) => oneOf(name, runs())),
  names: (text) => text.split(','),
  count: wholeNumber,
  dataset,
  executor,
  folder: writableFolder,
  newFolder,
  file: existingFile,
  place: existingPlace,
  run: existingFolder,
  checkpoint,
  newFile,
};

module.exports = { readers, questions };
