const fs = require('node:fs');
const path = require('node:path');

/** The project's folder, wherever it was cloned or moved to. */
const root = path.resolve(__dirname, '../../..');

/** A path inside the project; an absolute path stays as it is. @type {(...parts: string[]) => string} */
const inProject = (...parts) => path.resolve(root, ...parts);

const python = inProject('.venv/bin/python');

/** Set-up's lock, logs and downloads. */
const cache = inProject('.cache/setup');

/**
 * All below a folder, by its path from there, sorted, but for what is hidden, such as JupyterLab's `.ipynb_checkpoints`.
 * @type {(folder: string) => string[]}
 */
const namesBelow = (folder) => {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => !/(^|\/)\./.test(name)).sort();
};

/**
 * A folder of the project by its path in there, so that it can be published; any other as it is.
 * @type {(folder: string) => string}
 */
const portable = (folder) => {
  const inside = path.relative(root, folder);
  return path.isAbsolute(folder) && !inside.startsWith('..') ? inside : folder;
};

/**
 * Where pip installs, for example `.venv/lib/python3.12/site-packages`; undefined before the environment is there.
 * @type {(environment?: string) => string | undefined}
 */
const sitePackages = (environment = '.venv') => {
  const lib = inProject(environment, 'lib');
  const names = fs.existsSync(lib) ? fs.readdirSync(lib) : [];
  const version = names.find((name) => name.startsWith('python3'));
  return version && path.join(lib, version, 'site-packages');
};

/** The text of a file; undefined if there is none. @type {(file: string) => string | undefined} */
const readIfThere = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined);

/** Writes a file whole or not at all, whenever the process ends. @type {(file: string, content: string | Uint8Array) => void} */
const writeAtomically = (file, content) => {
  const partial = `${file}.${process.pid}`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(partial, content);
  fs.renameSync(partial, file);
};

/** A text as one word of a command line, in quotes if a shell would read something else. @type {(text: string) => string} */
const shellWord = (text) =>
  /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

module.exports = {
  ...{ root, inProject, namesBelow, portable, shellWord },
  ...{ python, cache, sitePackages, readIfThere, writeAtomically },
};
