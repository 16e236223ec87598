const fs = require('node:fs');
const path = require('node:path');
const { UsageError } = require('./usageError');

/** The folder the user stands in; npm runs its scripts in the project's root. */
const userFolder = () => process.env.INIT_CWD ?? process.cwd();

/** @param {string} text */
const fromUser = (text) => path.resolve(userFolder(), text);

/**
 * Level by level: mkdirSync's own `recursive` never returns where a file system refuses new folders, as /proc does.
 * @param {string} folder
 */
function makeFolder(folder) {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder);
}

/** @param {string} text */
function writableFolder(text) {
  const folder = fromUser(text);
  try {
    makeFolder(folder);
    if (!fs.statSync(folder).isDirectory()) throw new UsageError('expected a folder, found a file');
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    throw new UsageError(`expected a folder that can be written (${reason})`);
  }
  return folder;
}

/** @param {string} text */
function newFolder(text) {
  const folder = fromUser(text);
  if (fs.existsSync(folder) && (!fs.statSync(folder).isDirectory() || fs.readdirSync(folder).length > 0))
    throw new UsageError('expected a new or empty folder, found something in it');
  return writableFolder(text);
}

/** @param {string} text */
function existingFile(text) {
  const file = fromUser(text);
  if (!fs.existsSync(file)) throw new UsageError('no such file');
  if (!fs.statSync(file).isFile()) throw new UsageError('expected a file, found a folder');
  return file;
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

/**
 * A file that will be written whole, over an older one if there is one.
 * @param {string} text
 */
function newFile(text) {
  const file = fromUser(text);
  if (fs.existsSync(file) && !fs.statSync(file).isFile())
    throw new UsageError('expected a file, found a folder');
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
  fromUser,
  writableFolder,
  newFolder,
  existingFile,
  existingPlace,
  checkpoint,
  newFile,
  isSameFile,
};
