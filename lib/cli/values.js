/** Reads and checks the values of options. */
const fs = require('node:fs');
const path = require('node:path');
const { inProject } = require('../setup/tools/project');

/** @typedef {import('./commands').Option} Option */

/** A mistake in a command's options; the message names the value and what was expected. */
class UsageError extends Error {}

/** The folder the user stands in; npm runs its scripts in the project's root. */
const userFolder = () => process.env.INIT_CWD ?? process.cwd();

/** @type {(text: string) => string} */
const fromUser = (text) => path.resolve(userFolder(), text);

/** A file or a folder by its path from where the user stands. @type {(file: string) => string} */
const fromHere = (file) => path.relative(userFolder(), file) || '.';

/** The folder itself, or the nearest above it that is there. @type {(folder: string) => string} */
const nearest = (folder) => (fs.existsSync(folder) ? folder : nearest(path.dirname(folder)));

/** A folder that can be written; what writes into it makes it. @type {(text: string) => string} */
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

/** @type {(text: string) => string} */
function newFolder(text) {
  const folder = writableFolder(text);
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
    throw new UsageError('expected a new or empty folder, found something in it');
  return folder;
}

/** A file of a model. */
const MODEL = /\.(onnx|safetensors)$/;

/** A file of a model that will be written over an older one, or a folder for it. @type {(text: string) => string} */
function newModel(text) {
  if (!MODEL.test(text)) return newFolder(text);
  writableFolder(path.dirname(fromUser(text)));
  return fs.existsSync(fromUser(text)) ? existingFile(text) : fromUser(text);
}

/** @type {(what: 'folder' | 'regular file') => (text: string) => string} */
const existing = (what) => (text) => {
  const stat = fs.statSync(fromUser(text), { throwIfNoEntry: false });
  if (!stat) throw new UsageError(`no such ${what.replace('regular ', '')}`);
  if (what === 'folder' ? !stat.isDirectory() : !stat.isFile()) throw new UsageError(`expected a ${what}`);
  return fromUser(text);
};
const existingFile = existing('regular file');

/** A file or a folder of files, with room for a card beside them. @type {(text: string) => string} */
function existingPlace(text) {
  const place = fromUser(text);
  if (!fs.existsSync(place)) throw new UsageError('no such file or folder');
  if (place.endsWith('.zip'))
    throw new UsageError('expected a file or a folder, found an archive: unpack it');
  writableFolder(fs.statSync(place).isDirectory() ? place : path.dirname(place));
  return place;
}

/** A file of a model, or the prefix of a TensorFlow checkpoint. @type {(text: string) => string} */
function checkpoint(text) {
  const file = fromUser(text);
  if (fs.existsSync(`${file}.index`)) return file;
  if (!fs.existsSync(file)) throw new UsageError('no such file, nor the index of a TensorFlow checkpoint');
  return existingFile(text);
}

/** A file of rows that will be written whole, over an older one if there is one. @type {(text: string) => string} */
function newFile(text) {
  const file = fromUser(text);
  if (!/\.(jsonl|npy|parquet)$/.test(file)) throw new UsageError('expected a .jsonl, .npy or .parquet file');
  writableFolder(path.dirname(file));
  return fs.existsSync(file) ? existingFile(text) : file;
}

/** @type {(pattern: RegExp) => string[]} */
const inNotebooks = (pattern) => {
  const files = fs.readdirSync(inProject('notebooks')).filter((file) => pattern.test(file));
  return files.map((file) => path.parse(file).name).sort();
};

/** The paper's research questions that have a notebook. */
const questions = () => inNotebooks(/^rq\d+\.ipynb$/);

/** Those beside the paper's too, which run only when they are named. */
const allQuestions = () => inNotebooks(/^(rq\d+|scale|methods)\.ipynb$/);

/** Questions, and the modules beside the notebooks in which researchers declare runs of their own. */
const runs = () => [...allQuestions(), ...inNotebooks(/\.ts$/)];

/** @type {(text: string, choices: readonly string[]) => string} */
function oneOf(text, choices) {
  if (!choices.includes(text)) throw new UsageError(`expected ${choices.join(', ')}`);
  return text;
}

/** @type {(text: string, option: Option) => number} */
function wholeNumber(text, { range: [min, max] = [1, 1000] }) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`expected a whole number from ${min} to ${max}`);
  return value;
}

/**
 * A name under data/, or an absolute path; whether it is a data set is found when it is read.
 * @type {(text: string) => string}
 */
function dataset(text) {
  const isName = /^(?!\.{1,2}$)[\w.-]{1,64}$/.test(text);
  const isThere = (/** @type {string} */ name) => fs.existsSync(inProject('data', name));
  if (isName && [text, `${text}.zip`].some(isThere)) return text;
  const place = fromUser(text);
  if (fs.existsSync(place) && (text.endsWith('.zip') || fs.statSync(place).isDirectory())) return place;
  const names = fs.readdirSync(inProject('data'));
  const known = names.filter((name) => fs.existsSync(inProject('data', name, 'dataset.json')));
  throw new UsageError(
    `expected a data set under data/ (${known.join(', ')}), a folder with a dataset.json or a zip archive, such as GroupLens' ml-25m.zip; \`npm run data -- init PATH\` writes a dataset.json for any table`,
  );
}

/** @type {(text: string) => string} */
function executor(text) {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(text))
    throw new UsageError('expected local, slurm, or the name of another executor plugin of Snakemake');
  return text;
}

/**
 * Reads an option's value by its kind.
 * @type {Record<Exclude<import('./commands').Kind, 'flag'>, (text: string, option: Option) => unknown>}
 */
const readers = {
  choice: (text, { choices = [] }) => oneOf(text, choices),
  questions: (text) => text.split(',').map((name) => oneOf(name, allQuestions())),
  runs: (text) => text.split(',').map((name) => oneOf(name, runs())),
  names: (text) => text.split(','),
  count: wholeNumber,
  dataset,
  executor,
  folder: writableFolder,
  newFolder,
  file: existingFile,
  files: (text) => text.split(',').map(existingFile),
  place: existingPlace,
  run: existing('folder'),
  checkpoint,
  newFile,
  newModel,
};

module.exports = { UsageError, readers, questions, fromHere, MODEL };
