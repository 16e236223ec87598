/**
 * How cells find the library: checked against its declarations, run from its sources. A module that was changed since the
 * kernel started is checked by its source, and run anew with all that depend on it.
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

/** Modules, without ending, that have no declaration of what they are now. */
const changed = new Set();

/** Modules as they were last seen: when they were written, and what they hold. */
const seen = new Map();

/** Whom TypeScript has asked to be told of a file. */
const listeners = new Map();

/** Where values came from that modules exported before they were read again: file, and name but for a whole module. */
const origins = new WeakMap();

/** Modules that have required others, the one of cells among them, which is in no cache. @type {Set<NodeModule>} */
const requirers = new Set();

/**
 * Before tslab is started.
 * @param {(convert: import('tslab/dist/converter').Converter['convert']) => void} [onConverter] told once there is what converts cells
 */
function offerLibrary(onConverter) {
  for (const file of modules()) see(file);
  if (!areOfToday()) makeDeclarations();
  if (!areOfToday()) for (const file of modules()) changed.add(stemOf(file));
  /** @type {NodeJS.Module} */ (module).require('tsx/cjs');
  checkByDeclarations();
  runFromSources(onConverter);
}

/**
 * Remembers a module as it is.
 * @param {string} file
 * @returns {boolean} whether it holds something else than when it was last seen
 */
function see(file) {
  const time = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const before = seen.get(file);
  if (before && before.time === time) return false;
  const text = time === undefined ? undefined : fs.readFileSync(file, 'utf8');
  if (text === undefined) seen.delete(file);
  else seen.set(file, { time, text });
  return before?.text !== text;
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

/**
 * Cells load modules as Node does, and not as tslab would compile them; before each cell, those that were changed.
 * @param {Parameters<typeof offerLibrary>[0]} onConverter
 */
function runFromSources(onConverter) {
  const { createConverter } = converter;
  converter.createConverter = (options) => {
    const own = createConverter(options);
    const convert = (/** @type {Parameters<typeof own.convert>} */ ...args) => {
      const converted = own.convert(...args);
      if (converted.sideOutputs)
        converted.sideOutputs = converted.sideOutputs.filter((output) => !inLibrary(output.path));
      return converted;
    };
    if (!options?.isBrowser) onConverter?.(convert);
    return { ...own, convert };
  };
  const { createExecutor } = executor;
  executor.createExecutor = (...args) => {
    const own = createExecutor(...args);
    const execute = (/** @type {string} */ cell) => {
      void esbuild.stop(); // what compiles modules is in the kernel's process group, which Stop interrupts: the next use starts it anew
      takeChanges(own.locals);
      return own.execute(cell);
    };
    return { ...own, execute };
  };
}

/**
 * Puts modules that were changed, and all that depend on them, in the place of what they were, also under the names of cells.
 * @param {Record<string, unknown>} locals the variables of cells
 */
function takeChanges(locals) {
  const now = [...new Set([...modules(), ...seen.keys()])].filter(see);
  if (now.length === 0) return;
  const stale = dependentsOf(now);
  for (const file of new Set([...now, ...[...stale].map(({ filename }) => filename)])) tell(file);
  forget(stale);
  const { fresh, why } = rebind(locals);
  if (stale.size === 0 && fresh.length === 0 && !why) return;
  const names = now.map((file) => `lib/${path.relative(library, file)}`).join(', ');
  const what = why ?? (fresh.length > 0 ? `New: ${fresh.join(', ')}.` : '');
  console.log(`${names} read again. ${what} What cells have made of it is as it was until they run again.`);
}

/** @param {string} file a module that has changed */
function tell(file) {
  lookAgain();
  const declaration = `${stemOf(file)}.d.ts`;
  const isNew = !changed.has(stemOf(file));
  changed.add(stemOf(file));
  if (isNew) listeners.get(declaration)?.(declaration, FileWatcherEventKind.Deleted);
  else listeners.get(file)?.(file, FileWatcherEventKind.Changed);
}

/**
 * Modules that were loaded and need one of the files, themselves included.
 * @param {readonly string[]} files
 */
function dependentsOf(files) {
  const loaded = Object.values(require.cache).filter((module) => module && inLibrary(module.filename));
  const found = new Set(
    loaded.filter((module) => files.includes(/** @type {NodeModule} */ (module).filename)),
  );
  for (const module of found)
    for (const user of loaded) if (module && user?.children.includes(module)) found.add(user);
  return /** @type {Set<NodeModule>} */ (found);
}

/**
 * What is required next is loaded anew; where exports came from is kept, and nothing else, though whoever requires a module remembers it.
 * @param {ReadonlySet<NodeModule>} stale
 */
function forget(stale) {
  for (const { exports, filename } of stale) {
    origins.set(exports, { file: filename });
    for (const [name, value] of Object.entries(exports))
      if (isReference(value)) origins.set(value, { file: filename, name });
    delete require.cache[filename];
  }
  for (const { parent } of stale) if (parent) requirers.add(parent);
  for (const module of stale) requirers.delete(module);
  for (const module of [...requirers, ...Object.values(require.cache)])
    if (module) module.children = module.children.filter((child) => !stale.has(child));
}

const isReference = (/** @type {unknown} */ value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** How esbuild tells of a mistake below its headline: file, line, column from 0, sentence. */
const MISTAKE = /^(.*):(\d+):(\d+): ERROR: (.*)$/;

/**
 * What an error says in a line; of a module that cannot be compiled, the first place and what is wrong there.
 * @param {unknown} error
 */
function reasonOf(error) {
  const [first, second = ''] = /** @type {Error} */ (error).message.split('\n');
  const [, file, line, column, sentence] = MISTAKE.exec(second) ?? [];
  if (file === undefined) return first;
  return `lib/${path.relative(library, path.resolve(file))}:${line}:${Number(column) + 1} - ${sentence}.`;
}

/**
 * Gives variables that hold an export its new value: all of them, or, where a module cannot be loaded, none.
 * @param {Record<string, unknown>} locals
 * @returns {{ fresh: string[], why?: string }} which are new, or why none is
 */
function rebind(locals) {
  const fresh = new Map();
  for (const [variable, value] of Object.entries(locals)) {
    const from = isReference(value) ? origins.get(value) : undefined;
    if (!from) continue;
    try {
      const exports = require(from.file);
      if (from.name === undefined) fresh.set(variable, exports);
      else if (from.name in exports) fresh.set(variable, exports[from.name]);
    } catch (error) {
      return { fresh: [], why: `It cannot be run: ${reasonOf(error)}` };
    }
  }
  for (const [variable, value] of fresh) locals[variable] = value;
  return { fresh: [...fresh.keys()] };
}
