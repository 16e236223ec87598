const fs = require('node:fs');
const path = require('node:path');

/** The project's folder, wherever it was cloned or moved to. */
const root = path.resolve(__dirname, '../../..');

const python = inProject('.venv/bin/python');

/** Set-up's lock, logs and downloads. */
const cache = inProject('.cache/setup');

module.exports = {
  root,
  inProject,
  namesBelow,
  portable,
  shellWord,
  python,
  cache,
  sitePackages,
  readIfThere,
  writeAtomically,
};

/**
 * A path inside the project; an absolute path stays as it is.
 * @param {string[]} parts
 */
function inProject(...parts) {
  return path.resolve(root, ...parts);
}

/**
 * All below a folder, by its path from there, sorted, but for hidden folders such as JupyterLab's `.ipynb_checkpoints`.
 * @param {string} folder
 */
function namesBelow(folder) {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => !/(^|\/)\./.test(name)).sort();
}

/**
 * A folder of the project by its path in there, so that it can be published; any other as it is.
 * @param {string} folder
 */
function portable(folder) {
  const inside = path.relative(root, folder);
  return path.isAbsolute(folder) && !inside.startsWith('..') ? inside : folder;
}

/**
 * Where pip installs, for example `.venv/lib/python3.12/site-packages`; undefined before the environment is there.
 * @param {string} environment
 */
function sitePackages(environment = '.venv') {
  const lib = inProject(environment, 'lib');
  const version = fs.existsSync(lib)
    ? fs.readdirSync(lib).find((name) => name.startsWith('python3'))
    : undefined;
  return version && path.join(lib, version, 'site-packages');
}

/**
 * The text of a file; undefined if there is none.
 * @param {string} file
 */
function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/**
 * Writes a file whole or not at all, whenever the process ends.
 * @param {string} file
 * @param {string | Uint8Array} content
 */
function writeAtomically(file, content) {
  const partial = `${file}.${process.pid}`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(partial, content);
  fs.renameSync(partial, file);
}

/**
 * A text as one word of a command line, in quotes if a shell would read something else.
 * @param {string} text
 */
function shellWord(text) {
  return /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
