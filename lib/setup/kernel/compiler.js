/** TypeScript as the kernel's tslab sees it: after a cell it looks again at what the cell uses, and not at all that was ever read. */
const ts = require('@tslab/typescript-for-tslab');

module.exports = { offerCompiler, lookAgain };

/** Before tslab is loaded. */
function offerCompiler() {
  // A watcher of folders ends every later cell in an error as soon as a file appears beside the modules.
  ts.sys.watchDirectory = () => ({ close: () => {} });
  const own = /** @type {NodeJS.Module} */ (require.cache[require.resolve('@tslab/typescript-for-tslab')]);
  own.exports = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(ts),
      createWatchCompilerHost: { value: createWatchCompilerHost, enumerable: true },
      getPreEmitDiagnosticsOfFiles: { value: diagnosticsOf, enumerable: true },
    },
  );
}

/** What the compiler calls a module that is not there. */
const CANNOT_FIND_MODULE = 2307;

/** Whether modules may lie elsewhere than where they were found, or be there that were not. */
let mayBeElsewhere = false;

/** Before the next cell, modules are looked for again: nobody watches for files that are made. */
function lookAgain() {
  mayBeElsewhere = true;
  known?.clear();
}

/** Where modules were found. @type {import('@tslab/typescript-for-tslab').ModuleResolutionCache | undefined} */
let known;

/**
 * What is wrong, each with one text: tslab forgets the file of what is said in several.
 * @param {unknown} program
 * @param {unknown} files
 * @returns {import('@tslab/typescript-for-tslab').Diagnostic[]}
 */
function diagnosticsOf(program, files) {
  /** @type {readonly import('@tslab/typescript-for-tslab').Diagnostic[]} */
  const found = /** @type {any} */ (ts).getPreEmitDiagnosticsOfFiles(program, files);
  if (found.some(({ code }) => code === CANNOT_FIND_MODULE)) lookAgain();
  return found.map((one) => ({
    ...one,
    messageText: ts.flattenDiagnosticMessageText(one.messageText, '\n'),
  }));
}

/** @type {(...args: Parameters<typeof ts.createWatchCompilerHost>) => unknown} */
function createWatchCompilerHost(roots, options, system, _createProgram, ...reporters) {
  const host = ts.createWatchCompilerHost(roots, options, system, createProgram, ...reporters);
  known = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, options);
  host.hasInvalidatedResolutions = () => mayBeElsewhere;
  host.resolveModuleNameLiterals = (literals, file, _redirected, options) =>
    literals.map(({ text }) => ts.resolveModuleName(text, file, options, host, known));
  return host;
}

/**
 * A program that does not note for each of its 1,500 files which others it needs, which takes longer than all else that is done for
 * a short cell. tslab asks it for one thing alone: the sources that a cell needs, which it compiles.
 * @type {import('@tslab/typescript-for-tslab').CreateProgram<import('@tslab/typescript-for-tslab').BuilderProgram>}
 */
function createProgram(roots, options, host, before, ...rest) {
  const builder = ts.createAbstractBuilder(roots, options, host, before, ...rest);
  mayBeElsewhere = false;
  const program = builder.getProgram();
  program.getTypeChecker(); // which finds out what each file declares, as tslab expects
  /** @type {import('@tslab/typescript-for-tslab').BuilderProgram | undefined} */
  let whole;
  builder.getAllDependencies = (cell) => {
    const isAlone = program.getSourceFiles().every((file) => file === cell || file.isDeclarationFile);
    if (isAlone) return [cell.fileName];
    whole ??= ts.createEmitAndSemanticDiagnosticsBuilderProgram(program, host ?? {});
    return whole.getAllDependencies(cell);
  };
  return builder;
}
