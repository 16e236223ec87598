const fs = require('node:fs');
const path = require('node:path');
const { UsageError } = require('./usageError');

/** The folder the user stands in; npm runs its scripts in the project's root. */
const userFolder = () => process.env.INIT_CWD ?? process.cwd();

/** @param {string} text */
const fromUser = (text) => path.resolve(userFolder(), text);

/**
 * A folder and those above it that are not there, deepest first.
 * @param {string} folder
 * @returns {string[]}
 */
const missing = (folder) => (fs.existsSync(folder) ? [] : [folder, ...missing(path.dirname(folder))]);

/**
 * Level by level: mkdirSync's own `recursive` never returns where a file system refuses new folders, as /proc does.
 * @param {string} folder
 */
function makeFolder(folder) {
  for (const level of missing(folder).reverse()) fs.mkdirSync(level);
}

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error && 'code' in error ? error.code : error);

/** @param {string} text */
function writableFolder(text) {
  const folder = fromUser(text);
  try {
    makeFolder(folder);
    if (!fs.statSync(folder).isDirectory()) throw new UsageError('expected a folder, found a file');
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`expected a folder that can be written (${reasonOf(error)})`);
  }
  return folder;
}

/**
 * A new or empty folder that can be made and written; it is there once something is written into it.
 * @param {string} text
 */
function newFolder(text) {
  const folder = fromUser(text);
  if (fs.existsSync(folder) && (!fs.statSync(folder).isDirectory() || fs.readdirSync(folder).length > 0))
    throw new UsageError('expected a new or empty folder, found something in it');
  const made = missing(folder);
  writableFolder(text);
  for (const level of made) fs.rmdirSync(level);
  return folder;
}

/** @param {string} file that is there */
function requireRegular(file) {
  const stat = fs.statSync(file);
  if (stat.isFile()) return;
  const found = stat.isDirectory() ? 'a folder' : 'a pipe or a device';
  throw new UsageError(`expected a regular file, found ${found}`);
}

/** @param {string} text */
function existingFile(text) {
  const file = fromUser(text);
  if (!fs.existsSync(file)) throw new UsageError('no such file');
  requireRegular(file);
  return file;
}

/**
 * A folder that is only read.
 * @param {string} text
 */
function existingFolder(text) {
  const folder = fromUser(text);
  if (!fs.existsSync(folder)) throw new UsageError('no such folder');
  if (!fs.statSync(folder).isDirectory()) throw new UsageError('expected a folder, found a file');
  return folder;
}

/**
 * A file or a folder of files beside which something can be written.
 * @param {string} text
 */
function existingPlace(text) {
  const place = fromUser(text);
  if (!fs.existsSync(place)) throw new UsageError('no such file or folder');
  if (place.endsWith('.zip'))
    throw new UsageError('expected a file or a folder, found an archive: unpack it');
  writableFolder(fs.statSync(place).isDirectory() ? place : path.dirname(place));
  return place;
}

/**
 * A file of a model, or the prefix of a TensorFlow checkpoint.
 * @param {string} text
 */
function checkpoint(text) {
  const file = fromUser(text);
  if (fs.existsSync(`${file}.index`)) return file;
  if (!fs.existsSync(file)) throw new UsageError('no such file, nor the index of a TensorFlow checkpoint');
  return existingFile(text);
}

/** @param {string} file */
function isLink(file) {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch (error) {
    throw new UsageError(`expected a file that can be written (${reasonOf(error)})`);
  }
}

/** @param {string} file */
function requireNoDevice(file) {
  if (/^\/(dev|proc)\//.test(file)) throw new UsageError('expected a file, found a place in /dev or /proc');
}

/**
 * What a file is reached by, its links followed, whether it is there or new.
 * @param {string} file
 */
function followed(file) {
  if (fs.existsSync(file)) return fs.realpathSync(file);
  if (isLink(file)) throw new UsageError('expected a file, found a link to nothing');
  return file;
}

/**
 * A file that will be written whole, over an older one if there is one; of a link, the file that it leads to.
 * @param {string} text
 * @param {{ ending?: string }} option
 */
function newFile(text, { ending = '' }) {
  requireNoDevice(fromUser(text));
  const file = followed(fromUser(text));
  requireNoDevice(file);
  if (!file.endsWith(ending)) throw new UsageError(`expected a ${ending} file`);
  if (fs.existsSync(file)) requireRegular(file);
  writableFolder(path.dirname(file));
  return file;
}

/**
 * Whether two paths lead to one file that is there, by whatever names.
 * @param {unknown} one
 * @param {unknown} other
 */
function isSameFile(one, other) {
  const [a, b] = [one, other].map((file) =>
    typeof file === 'string' ? fs.statSync(file, { throwIfNoEntry: false }) : undefined,
  );
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

module.exports = {
  userFolder,
  fromUser,
  writableFolder,
  newFolder,
  existingFile,
  existingFolder,
  existingPlace,
  checkpoint,
  newFile,
  isSameFile,
};
