/** MovieLens 20M, 25M and 32M, which GroupLens ships as archives: fetched when a command first names them. */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { SetupError, heldLock } = require('../tools/command');
const { inProject, python } = require('../tools/project');

/**
 * @typedef {object} Archive
 * @property {string} name of the zip file under data/
 * @property {string} title
 * @property {string} url
 * @property {readonly [algorithm: 'md5' | 'sha256', digest: string]} hash as GroupLens publishes it
 * @property {number} megabytes
 */

const FOLDER = 'https://files.grouplens.org/datasets/movielens';

/** @type {readonly Archive[]} */
const archives = [
  {
    ...{ name: 'movielens-20m', title: 'MovieLens-20M', url: `${FOLDER}/ml-20m.zip`, megabytes: 199 },
    hash: ['md5', 'cd245b17a1ae2cc31bb14903e1204af3'],
  },
  {
    ...{ name: 'movielens-25m', title: 'MovieLens-25M', url: `${FOLDER}/ml-25m.zip`, megabytes: 262 },
    hash: ['md5', '6b51fb2759a8657d3bfcbfc42b592ada'],
  },
  {
    ...{ name: 'movielens-32m', title: 'MovieLens-32M', url: `${FOLDER}/ml-32m.zip`, megabytes: 239 },
    hash: ['sha256', 'e4a68655d7386b8f95f2f2424b2ff975dfdd15ffd59e0d864a14dca43e99d6ee'],
  },
];

/** @type {(archive: Archive) => string} */
const placeOf = ({ name }) => inProject('data', `${name}.zip`);

/**
 * Fetches an archive into `place`. Throws a SetupError of one line that says what to put where.
 * @type {(archive: Archive, place?: string, silence?: number) => Promise<void>}
 */
async function fetchArchive(archive, place = placeOf(archive), silence = 60) {
  const { title, url, hash } = archive;
  const { licence, citation } = JSON.parse(
    fs.readFileSync(inProject('data/movielens-1m/dataset.json'), 'utf8'),
  );
  const own = licence.replace(/\(.*\)$/, `(${url.replace(/\.zip$/, '-README.html')})`);
  console.log(`${title}: ${own}\n  Please cite ${citation}`);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  const script = path.join(__dirname, '../tools/download.py');
  const args = [script, url, place, ...hash, String(silence)];
  const child = spawn(python, args, { stdio: ['ignore', 'inherit', 'pipe', ...heldLock] });
  let reason = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    reason += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code === 0) return;
  const remedy = `the same command goes on; or put the archive there as ${path.relative(inProject(), place)}`;
  throw new SetupError(`${reason.trim().split('\n').at(-1)}: ${remedy}`);
}

/** @type {(archive: Archive, needs: readonly import('./part').Part[]) => import('./part').Part} */
const archiveData = (archive, needs) => ({
  name: archive.title,
  needs,
  takes: { download: archive.megabytes, disk: archive.megabytes },
  ready: () => fs.existsSync(placeOf(archive)) || fs.existsSync(inProject('data', archive.name)),
  install: () => fetchArchive(archive),
});

module.exports = { archives, archiveData, fetchArchive };
