const fs = require('node:fs');
const { isDeepStrictEqual } = require('node:util');
const { run } = require('../tools/command');
const { inProject, readIfThere } = require('../tools/project');
const { SetupError, explain } = require('../tools/remedies');

/** npm's own record of what it installed, which it writes when it is done. */
const INSTALLED_LOCK = 'node_modules/.package-lock.json';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, dependencies?: object, devDependencies?: object }} Entry
 * @typedef {Record<string, Entry>} Packages the packages of a lock file, by their folder
 */

/**
 * Does node_modules hold what the lock file names?
 * @param {Packages} wanted
 * @param {Packages} installed
 */
function matchesLock(wanted, installed) {
  return Object.entries(wanted).every(([folder, entry]) => {
    if (folder === '') return true;
    const found = installed[folder];
    return found
      ? found.version === entry.version && found.integrity === entry.integrity
      : entry.optional === true;
  });
}

/**
 * A JSON file of the project, empty where it is not there or was cut short; npm then says what is wrong.
 * @param {string} file
 */
function read(file) {
  try {
    return JSON.parse(readIfThere(inProject(file)) ?? '{}');
  } catch {
    return {};
  }
}

async function install() {
  // npm's own pauses between attempts let a user without a network wait for more than a minute.
  const patience = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=5000'];
  const output = await run('npm', ['ci', '--no-progress', ...patience], {
    missing: 'install Node.js with npm',
  });
  // On a full disk npm cuts files short, warns, and reports success.
  if (output.includes('TAR_ENTRY_ERROR')) {
    fs.rmSync(inProject(INSTALLED_LOCK), { force: true });
    throw new SetupError(explain(output));
  }
}

/** @type {import('./part').Part} */
const npmPackages = {
  name: 'npm packages',
  needs: [],
  takes: { download: 300, disk: 780 },
  ready: () => {
    const { packages: wanted } = read('package-lock.json');
    const { packages: installed } = read(INSTALLED_LOCK);
    const manifest = read('package.json');
    const agrees = isDeepStrictEqual(
      [manifest.dependencies, manifest.devDependencies],
      [wanted?.['']?.dependencies, wanted?.['']?.devDependencies],
    );
    return agrees && installed !== undefined && matchesLock(wanted, installed);
  },
  install,
};

module.exports = { npmPackages, matchesLock };
