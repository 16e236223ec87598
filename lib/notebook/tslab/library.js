/**
 * How cells find the library: checked against its declarations, run from its sources. A module that was edited since the kernel
 * started is checked by its source, and loaded again, with all that depend on it, by the next cell that imports it.
 */
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { FileWatcherEventKind, sys } = require('@tslab/typescript-for-tslab');
const converter = require('tslab/dist/converter.js');
const executor = require('tslab/dist/executor.js');
const { lookAgain } = require('./compiler');
const { areOfToday, declarationOf, library, makeDeclarations, modules, stemOf } = require('./declarations');

module.exports = { offerLibrary };

/** Modules, without ending, that have no declaration of today. */
const changed = new Set();

/** When modules were written, as last seen. */
const seen = new Map();

/** TypeScript's listeners by the files that they watch. */
const listeners = new Map();

/** Before tslab is started. */
function offerLibrary() {
  for (const file of modules()) isEdited(file);
  if (!areOfToday()) makeDeclarations();
  if (!areOfToday()) for (const file of modules()) changed.add(stemOf(file));
  /** @type {NodeJS.Module} */ (module).require('tsx/cjs');
  checkByDeclarations();
  runFromSources();
}

/** Whether a module was written, or deleted, since it was last seen. @type {(file: string) => boolean} */
function isEdited(file) {
  const time = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const before = seen.get(file);
  seen.set(file, time);
  return before !== time;
}

const inLibrary = (/** @type {string} */ file) =>
  file.startsWith(`${library}/`) && !file.startsWith(`${__dirname}/`);

/** TypeScript finds a declaration in the place of the module that it declares. */
function checkByDeclarations() {
  const { fileExists, readFile, watchFile } = sys;
  const standIn = (/** @type {string} */ file) =>
    changed.has(stemOf(file)) ? undefined : declarationOf(file);
  sys.fileExists = (file) => (standIn(file) ? file.endsWith('.d.ts') : fileExists(file));
  sys.readFile = (file, encoding) => readFile((file.endsWith('.d.ts') && standIn(file)) || file, encoding);
  sys.watchFile = (file, listener, ...options) => {
    if (!inLibrary(file) || !watchFile) return watchFile?.(file, listener, ...options) ?? { close: () => {} };
    listeners.set(file, listener);
    return { close: () => listeners.delete(file) };
  };
}

/** Cells load modules as Node does, and not as tslab would compile them. */
function runFromSources() {
  const { createConverter } = converter;
  converter.createConverter = (options) => {
    const own = createConverter(options);
    const convert = (/** @type {Parameters<typeof own.convert>} */ ...args) => {
      const converted = own.convert(...args);
      const sideOutputs = converted.sideOutputs?.filter((output) => !inLibrary(output.path));
      return sideOutputs ? { ...converted, sideOutputs } : converted;
    };
    return { ...own, convert };
  };
  const { createExecutor } = executor;
  executor.createExecutor = (...args) => {
    const own = createExecutor(...args);
    const execute = (/** @type {string} */ cell) => {
      void esbuild.stop(); // Stop interrupts the whole process group: the next use starts the compiler anew
      dropEdited();
      return own.execute(cell);
    };
    return { ...own, execute };
  };
}

/** Forgets edited modules and all that depend on them, and says so. */
function dropEdited() {
  const edited = [...new Set([...modules(), ...seen.keys()])].filter(isEdited);
  if (edited.length === 0) return;
  const stale = dependentsOf(edited);
  for (const file of new Set([...edited, ...stale])) tellCompiler(file);
  for (const file of stale) delete require.cache[file];
  if (stale.size === 0) return;
  const names = edited.map((file) => `lib/${path.relative(library, file)}`).join(', ');
  console.log(`${names} edited: run the cells again that import from it, or from what depends on it.`);
}

/** @param {string} file a module that is to be checked by its source */
function tellCompiler(file) {
  lookAgain();
  const declaration = `${stemOf(file)}.d.ts`;
  const isNew = !changed.has(stemOf(file));
  changed.add(stemOf(file));
  if (isNew) listeners.get(declaration)?.(declaration, FileWatcherEventKind.Deleted);
  else listeners.get(file)?.(file, FileWatcherEventKind.Changed);
}

/** Loaded modules that need one of the files, themselves included. @type {(files: readonly string[]) => Set<string>} */
function dependentsOf(files) {
  const loaded = Object.values(require.cache).flatMap((one) => (one && inLibrary(one.filename) ? [one] : []));
  const found = new Set(files.filter((file) => require.cache[file]));
  for (const file of found)
    for (const { children, filename } of loaded)
      if (children.some((child) => child.filename === file)) found.add(filename);
  return found;
}
