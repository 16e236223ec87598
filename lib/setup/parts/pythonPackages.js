const fs = require('node:fs');
const path = require('node:path');
const { findInterpreter, run } = require('../tools/command');
const { inProject, python, sitePackages } = require('../tools/project');

/**
 * `name==version` with the name as Python's package index compares names, and without the label of a local build (2.13.0+cpu).
 * @type {(name: string, version: string) => string}
 */
const pin = (name, version) =>
  `${name.toLowerCase().replace(/[-_.]+/g, '-')}==${version.replace(/\+.*/, '')}`;

/** The pins of a requirements file that hold for every Python. @type {(requirements: string) => string[]} */
const pinsOf = (requirements) =>
  [...requirements.matchAll(/^([\w.-]+)==([^\s;]+)(?: \\)?$/gm)].map(([, name, version]) =>
    pin(name, version),
  );

/**
 * The packages installed in a site-packages folder; pip writes a package's RECORD when all else is in place.
 * @type {(folder: string | undefined) => Set<string>}
 */
function installedIn(folder = '') {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const complete = names.filter((name) => fs.existsSync(path.join(folder, name, 'RECORD')));
  return new Set(
    complete.map((name) => {
      const [distribution, version] = name.replace(/\.dist-info$/, '').split('-');
      return pin(distribution, version);
    }),
  );
}

/** @type {(distribution: string) => string | undefined} */
function versionOf(distribution) {
  const prefix = `${distribution}==`;
  const found = [...installedIn(sitePackages())].find((installed) => installed.startsWith(prefix));
  return found?.slice(prefix.length);
}

/** Whether a folder holds all packages of a requirements file. @type {(file: string, folder?: string) => boolean} */
function hasAllOf(file, folder = sitePackages()) {
  const installed = installedIn(folder);
  return pinsOf(fs.readFileSync(file, 'utf8')).every((wanted) => installed.has(wanted));
}

/** @type {(args: readonly string[]) => Promise<string>} */
const pip = (args) => run(python, ['-I', '-m', 'pip', ...args]);

/**
 * Installs a complete list of requirements: nothing is resolved, and where it has hashes pip takes no other wheel.
 * @type {(file: string, options?: readonly string[]) => Promise<string>}
 */
const pipInstall = (file, options = []) =>
  pip(['install', '--no-deps', '--only-binary', ':all:', ...options, '--requirement', file]);

/**
 * Whether an environment's Python is there and still the one that its packages are for: the system's may have become a newer one.
 * @type {(interpreter: string) => boolean}
 */
function isWhole(interpreter) {
  if (!fs.existsSync(interpreter)) return false;
  const [version] = /python3\.\d+$/.exec(fs.realpathSync(interpreter)) ?? [];
  return version === undefined || fs.existsSync(path.join(path.dirname(interpreter), '../lib', version));
}

/** @type {import('./part').Part} */
const pythonEnvironment = {
  name: 'Python environment',
  needs: [],
  ready: () => isWhole(python) && versionOf('pip') !== undefined,
  install: async () => {
    await run(findInterpreter(), ['-m', 'venv', '--clear', inProject('.venv')]);
  },
};

/** The file of a list in lib/setup/requirements. @type {(name: string) => string} */
const listed = (name) => path.join(__dirname, `../requirements/${name}.txt`);

/**
 * TensorFlow's library. A CUDA wheel that is there also serves the CPU, so nothing is downloaded twice.
 * @type {(device: 'auto' | 'cpu' | 'gpu') => import('./part').Part}
 */
function tensorflow(device) {
  const isArm = process.arch === 'arm64'; // its wheels are all without CUDA
  const isGpu = !isArm && (device === 'gpu' || versionOf('tensorflow') !== undefined);
  const requirements = listed(isGpu ? 'gpu' : isArm ? 'arm' : 'cpu');
  return {
    name: isGpu ? 'TensorFlow with CUDA' : 'TensorFlow',
    needs: [pythonEnvironment],
    takes: isGpu ? { download: 3200, disk: 6300 } : { download: 275, disk: 1250 },
    ready: () => hasAllOf(requirements),
    install: async () => {
      // Both wheels own the same folder; the other one must go first, or its leftovers mix with the new files.
      if (isGpu) await pip(['uninstall', '--yes', 'tensorflow-cpu']);
      // Only the C library is used: byte code for TensorFlow's Python files would take longer than the rest.
      await pipInstall(requirements, ['--no-compile']);
    },
  };
}

/**
 * JupyterLab, nbclient, and Plotly's renderer, after TensorFlow: the compiler waits for its download.
 * @type {(before: import('./part').Part) => import('./part').Part}
 */
const jupyter = (before) => ({
  name: 'JupyterLab',
  needs: [before],
  takes: { download: 55, disk: 250 },
  ready: () => hasAllOf(listed('jupyter')),
  install: () => pipInstall(listed('jupyter')),
});

module.exports = {
  ...{ pythonEnvironment, tensorflow, jupyter },
  ...{ pip, pipInstall, listed, versionOf, pinsOf, installedIn, hasAllOf, isWhole },
};
