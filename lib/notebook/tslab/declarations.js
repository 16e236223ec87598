/** Declarations of the library, made once for each state of it: cells are checked against them, which is faster than its sources. */
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { runUnderLock } = require('../../setup/tools/lock');
const { inProject, namesBelow, readIfThere, writeAtomically } = require('../../setup/tools/project');

const library = inProject('lib');
const folder = inProject('.cache/kernel');
const stateFile = path.join(folder, 'state.json');

module.exports = { areThere, areOfToday, makeDeclarations, declarationOf, modules, library, stemOf };

/** Paths of the modules of the library. */
function modules() {
  return namesBelow(library)
    .filter((name) => /\.[jt]s$/.test(name))
    .map((name) => path.join(library, name))
    .filter((file) => fs.existsSync(file));
}

/** Hash of the sources and of the compiler that reads them. */
function stateOfLibrary() {
  const hash = createHash('sha256');
  for (const file of ['node_modules/typescript/package.json', 'tsconfig.json'].map((name) => inProject(name)))
    hash.update(fs.readFileSync(file));
  for (const file of modules()) hash.update(file).update(fs.readFileSync(file));
  return hash.digest('hex');
}

/** Whether there are declarations, of whatever state of the library. */
function areThere() {
  return readIfThere(stateFile) !== undefined;
}

/** Whether they are those of the library as it is. */
function areOfToday() {
  return readIfThere(stateFile) === stateOfLibrary();
}

/** Makes the declarations of changed sources, under a lock; those of a library that is edited meanwhile stay without a state. */
function makeDeclarations() {
  fs.mkdirSync(folder, { recursive: true });
  const compiler = [process.execPath, inProject('node_modules/typescript/bin/tsc'), '-p', __dirname];
  const state = stateOfLibrary();
  const { stdout, status } = runUnderLock(path.join(folder, 'lock'), compiler);
  if (status === null || status > 2) return; // ended by a signal, or no lock
  // A module that cannot be declared is checked by its source.
  for (const [, file] of stdout.matchAll(/^(\S+)\(\d+,\d+\): error TS4\d+/gm))
    fs.rmSync(placeOf(inProject(file)), { force: true });
  if (stateOfLibrary() === state) writeAtomically(stateFile, state);
}

/** @param {string} file a module or its declaration */
function stemOf(file) {
  return file.replace(/(\.d)?\.[jt]s$/, '');
}

/** @param {string} file a module of the library */
const placeOf = (file) =>
  path.join(folder, 'declarations', `${path.relative(inProject(), stemOf(file))}.d.ts`);

/**
 * The declaration of a module of the library, whose path may end in .d.ts, .ts or .js; undefined where there is none.
 * @type {(file: string) => string | undefined}
 */
function declarationOf(file) {
  if (!file.startsWith(`${library}/`)) return undefined;
  const isModule = ['.ts', '.js'].some((ending) => fs.existsSync(`${stemOf(file)}${ending}`));
  const declaration = placeOf(file);
  return isModule && fs.existsSync(declaration) ? declaration : undefined;
}
