/** Declarations of the library, made once for a state of it: a cell that imports it is checked against them, and not the library anew. */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { inProject, namesBelow, readIfThere, writeAtomically } = require('../tools/project');

const library = inProject('lib');
const folder = inProject('.cache/kernel');
const stateFile = path.join(folder, 'state.json');

module.exports = { areThere, areOfToday, makeDeclarations, declarationOf, modules, library, stemOf };

/** The modules of the library, by their paths. */
function modules() {
  return namesBelow(library)
    .filter((name) => /\.[jt]s$/.test(name))
    .map((name) => path.join(library, name))
    .filter((file) => fs.existsSync(file));
}

/** Stands for the sources and the compiler that reads them. */
function stateOfLibrary() {
  const compiler = fs.readFileSync(inProject('node_modules/typescript/package.json'));
  const hash = createHash('sha256')
    .update(compiler)
    .update(fs.readFileSync(inProject('tsconfig.json')));
  for (const file of modules()) hash.update(file).update(fs.readFileSync(file));
  return hash.digest('hex');
}

/** Whether there are any, of whatever state of the library. */
function areThere() {
  return readIfThere(stateFile) !== undefined;
}

/** Whether they are those of the library as it is. */
function areOfToday() {
  return readIfThere(stateFile) === stateOfLibrary();
}

/** What flock ends with where it cannot take the lock. */
const NO_LOCK = 99;

/** Makes those of the sources that have changed, while no other kernel does; where that fails they stay those of another day. */
function makeDeclarations() {
  fs.mkdirSync(folder, { recursive: true });
  const compiler = [process.execPath, inProject('node_modules/typescript/bin/tsc'), '-p', __dirname];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const state = stateOfLibrary();
    const { stdout, status } = spawnSync(
      'flock',
      ['-E', String(NO_LOCK), path.join(folder, 'lock'), ...compiler],
      { cwd: inProject(), encoding: 'utf8' },
    );
    if (status === null || status === NO_LOCK) return;
    // What cannot be declared leaves its declaration of before: without one it is checked by its source.
    for (const [, file] of stdout.matchAll(/^(\S+)\(\d+,\d+\): error TS4\d+/gm))
      fs.rmSync(placeOf(inProject(file)), { force: true });
    if (stateOfLibrary() !== state) continue; // edited meanwhile
    writeAtomically(stateFile, state);
    return;
  }
}

/** How often they are made anew because a source was edited meanwhile. */
const ATTEMPTS = 3;

/** @param {string} file a module or its declaration */
function stemOf(file) {
  return file.replace(/(\.d)?\.[jt]s$/, '');
}

/** @param {string} file a module of the library */
const placeOf = (file) =>
  path.join(folder, 'declarations', `${path.relative(inProject(), stemOf(file))}.d.ts`);

/**
 * The declaration of a module of the library.
 * @param {string} file the module, ending in .d.ts, .ts or .js
 * @returns {string | undefined} nothing for what is no module of the library, or has none
 */
function declarationOf(file) {
  if (!file.startsWith(`${library}/`)) return undefined;
  const isModule = ['.ts', '.js'].some((ending) => fs.existsSync(`${stemOf(file)}${ending}`));
  const declaration = placeOf(file);
  return isModule && fs.existsSync(declaration) ? declaration : undefined;
}
