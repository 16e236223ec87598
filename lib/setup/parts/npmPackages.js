const fs = require('node:fs');
const { SetupError, explain, run } = require('../tools/command');
const { inProject, readIfThere } = require('../tools/project');

/** npm's own record of what it installed, which it writes when it is done. */
const INSTALLED_LOCK = 'node_modules/.package-lock.json';

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages of a lock file, by their folder */

/** Whether node_modules holds what the lock file names. @type {(wanted: Packages, installed: Packages) => boolean} */
const matchesLock = (wanted, installed) =>
  Object.entries(wanted).every(([folder, { version, integrity, optional = false }]) => {
    const found = installed[folder];
    if (folder === '' || !found) return folder === '' || optional;
    return found.version === version && found.integrity === integrity;
  });

/**
 * The packages of a lock file; undefined if it is missing or cut short, which npm then reports.
 * @type {(file: string) => Packages | undefined}
 */
function packagesIn(file) {
  try {
    return JSON.parse(readIfThere(inProject(file)) ?? '{}').packages;
  } catch {
    return undefined;
  }
}

async function install() {
  // npm's own pauses between attempts let a user without a network wait for more than a minute.
  const patience = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=5000'];
  const output = await run('npm', ['ci', '--include=dev', '--no-progress', ...patience], {
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
    const [wanted, installed] = [packagesIn('package-lock.json'), packagesIn(INSTALLED_LOCK)];
    return wanted !== undefined && installed !== undefined && matchesLock(wanted, installed);
  },
  install,
};

module.exports = { npmPackages, matchesLock };
