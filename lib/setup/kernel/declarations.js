/** Declarations of the library, made once for a state of it: a cell that imports it is checked against them, and not the library anew. */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { inProject, readIfThere, writeAtomically } = require('../tools/project');

const library = inProject('lib');
const folder = inProject('.cache/kernel');
const stateFile = path.join(folder, 'state.json');

module.exports = { areThere, areOfToday, makeDeclarations, declarationOf, modules, library };

/** The modules of the library, by their paths. */
function modules() {
  return fs
    .readdirSync(library, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name))
    .map((name) => path.join(library, name))
    .sort();
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

/** Makes those of the sources that have changed, while no other kernel does. */
function makeDeclarations() {
  fs.mkdirSync(folder, { recursive: true });
  const state = stateOfLibrary();
  const compiler = [process.execPath, inProject('node_modules/typescript/bin/tsc'), '-p', __dirname];
  spawnSync('flock', [path.join(folder, 'lock'), ...compiler], { stdio: 'ignore' });
  writeAtomically(stateFile, state);
}

/**
 * The declaration of a module of the library.
 * @param {string} file the module, ending in .d.ts, .ts or .js
 * @returns {string | undefined} nothing for what is no module of the library, or has none
 */
function declarationOf(file) {
  if (!file.startsWith(`${library}/`)) return undefined;
  const stem = path.relative(inProject(), file).replace(/(\.d)?\.[jt]s$/, '');
  const declaration = path.join(folder, 'declarations', `${stem}.d.ts`);
  return fs.existsSync(declaration) ? declaration : undefined;
}
