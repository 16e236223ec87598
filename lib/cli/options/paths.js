const fs = require('node:fs');
const path = require('node:path');

/** A mistake in a command's options; the message names the value and what was expected. */
class UsageError extends Error {}

/** The folder the user stands in; npm runs its scripts in the project's root. */
const userFolder = () => process.env.INIT_CWD ?? process.cwd();

/** @param {string} text */
const fromUser = (text) => path.resolve(userFolder(), text);

/**
 * A file or a folder by its path from where the user stands.
 * @param {string} file
 */
const shown = (file) => path.relative(userFolder(), file) || '.';

/**
 * The folder itself, or the nearest above it that is there.
 * @param {string} folder
 * @returns {string}
 */
const nearest = (folder) => (fs.existsSync(folder) ? folder : nearest(path.dirname(folder)));

/**
 * A folder that can be written; what writes into it makes it.
 * @param {string} text
 */
function writableFolder(text) {
  const folder = fromUser(text);
  try {
    fs.accessSync(`${nearest(folder)}/`, fs.constants.W_OK); // the slash refuses files
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new UsageError(`expected a folder that can be written (${code})`);
  }
  return folder;
}

/** @param {string} text */
function newFolder(text) {
  const folder = writableFolder(text);
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
    throw new UsageError('expected a new or empty folder, found something in it');
  return folder;
}

/**
 * @param {string} text
 * @param {boolean} isFolder
 */
function existing(text, isFolder) {
  const place = fromUser(text);
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (!stat) throw new UsageError(`no such ${isFolder ? 'folder' : 'file'}`);
  if (!(isFolder ? stat.isDirectory() : stat.isFile()))
    throw new UsageError(`expected a ${isFolder ? 'folder' : 'regular file'}`);
  return place;
}

const existingFile = (/** @type {string} */ text) => existing(text, false);
const existingFolder = (/** @type {string} */ text) => existing(text, true);

/**
 * A file or a folder of files, with room for a card beside them.
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
 * @param {{ ending?: string }} option
 */
function newFile(text, { ending = '' }) {
  const file = fromUser(text);
  if (!file.endsWith(ending)) throw new UsageError(`expected a ${ending} file`);
  writableFolder(path.dirname(file));
  return fs.existsSync(file) ? existingFile(text) : file;
}

module.exports = {
  UsageError,
  fromUser,
  shown,
  writableFolder,
  newFolder,
  existingFile,
  existingFolder,
  existingPlace,
  checkpoint,
  newFile,
};
