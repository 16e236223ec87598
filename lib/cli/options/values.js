const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { inProject } = require('../../setup/tools/project');
const {
  checkpoint,
  existingFile,
  existingFolder,
  existingPlace,
  fromUser,
  newFile,
  newFolder,
  writableFolder,
} = require('./paths');
const { UsageError } = require('./usageError');

/** The research questions that have a notebook. */
function questions() {
  const notebooks = fs.readdirSync(inProject('notebooks')).filter((file) => /^rq\d+\.ipynb$/.test(file));
  return notebooks.map((file) => path.basename(file, '.ipynb')).sort();
}

/** The modules beside the notebooks, in which researchers say runs of their own. */
function ownRuns() {
  const modules = fs.readdirSync(inProject('notebooks')).filter((file) => file.endsWith('.ts'));
  return modules.map((file) => path.basename(file, '.ts')).sort();
}

/** The names of the data sets under data/. */
function dataSets() {
  return fs
    .readdirSync(inProject('data'))
    .filter((name) => fs.existsSync(inProject('data', name, 'dataset.json')));
}

/**
 * Whether a folder or an archive of this name lies under data/; whether it is a data set is found when it is read.
 * @param {string} name
 */
function isUnderData(name) {
  const isName = /^(?!\.{1,2}$)[\w.-]{1,64}$/.test(name);
  return isName && [name, `${name}.zip`].some((file) => fs.existsSync(inProject('data', file)));
}

/**
 * @param {string} text
 * @param {readonly string[]} choices
 */
function oneOf(text, choices) {
  if (!choices.includes(text))
    throw new UsageError(`expected ${choices.join(', ') || 'nothing, as none is there'}`);
  return text;
}

/**
 * @param {string} text
 * @param {number} min
 * @param {number} max
 */
function wholeNumber(text, min, max) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`expected a whole number from ${min} to ${max}`);
  }
  return value;
}

/** @param {string} text */
async function freePort(text) {
  const port = wholeNumber(text, 1, 65535);
  const server = net.createServer();
  await new Promise((resolve, reject) => {
    server.once('error', () =>
      reject(new UsageError('the port is in use or not allowed; choose another with --port')),
    );
    server.listen(port, '127.0.0.1', () => server.close(resolve));
  });
  return port;
}

/** @param {string} text */
function dataset(text) {
  if (isUnderData(text)) return text;
  const place = fromUser(text);
  if (fs.existsSync(place) && (text.endsWith('.zip') || fs.statSync(place).isDirectory())) return place;
  throw new UsageError(
    `expected a data set under data/ (${dataSets().join(', ')}), a folder with a dataset.json or a zip archive; \`npm run data -- init PATH\` writes a dataset.json for any table`,
  );
}

/** @param {string} text */
function executor(text) {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(text))
    throw new UsageError('expected local, slurm, or the name of another executor plugin of Snakemake');
  return text;
}

/**
 * Reads an option's value, as the kind of option asks.
 * @type {Record<Exclude<import('../declarations/commands').Kind, 'flag'>, (text: string, option: import('../declarations/commands').Option) => unknown>}
 */
const readers = {
  choice: (text, { choices = [] }) => oneOf(text, choices),
  questions: (text) => text.split(',').map((name) => oneOf(name, questions())),
  runs: (text) => text.split(',').map((name) => oneOf(name, [...questions(), ...ownRuns()])),
  names: (text) => text.split(','),
  count: (text, { range: [min, max] = [1, 1000] }) => wholeNumber(text, min, max),
  port: freePort,
  dataset,
  executor,
  folder: writableFolder,
  newFolder,
  file: existingFile,
  place: existingPlace,
  run: existingFolder,
  checkpoint,
  newFile,
};

module.exports = { readers, questions };
