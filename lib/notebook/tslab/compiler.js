/** TypeScript as tslab gets it: fast after each cell, and with source maps of what it makes of one. */
const ts = require('@tslab/typescript-for-tslab');

module.exports = { offerCompiler, lookAgain, latestMaps };

/** @typedef {import('@tslab/typescript-for-tslab').Diagnostic} Diagnostic */

/** Before tslab is loaded. */
function offerCompiler() {
  // A watcher of folders ends every later cell in an error as soon as a file appears beside the modules.
  ts.sys.watchDirectory = () => ({ close: () => {} });
  const own = /** @type {NodeJS.Module} */ (require.cache[require.resolve('@tslab/typescript-for-tslab')]);
  const replaced = { createWatchCompilerHost, getPreEmitDiagnosticsOfFiles: diagnosticsOf, transpileModule };
  const entries = Object.entries(replaced).map(([name, value]) => [name, { value, enumerable: true }]);
  own.exports = Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(ts), ...Object.fromEntries(entries) },
  );
}

/** Source maps of the last script, from TypeScript to modules and from these to CommonJS. @type {readonly string[]} */
let maps = [];

function latestMaps() {
  return maps;
}

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,(.*)\s*$/;

/** @type {typeof ts.transpileModule} */
function transpileModule(input, { compilerOptions, ...options }) {
  const source = input.replace(INLINE_MAP, '');
  const made = ts.transpileModule(source, {
    ...options,
    compilerOptions: { ...compilerOptions, sourceMap: true },
  });
  const [, first = ''] = INLINE_MAP.exec(input) ?? [];
  maps = [Buffer.from(first, 'base64').toString(), made.sourceMapText ?? ''];
  return { ...made, outputText: made.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n') };
}

/** Whether modules are looked for again before the next cell. */
let mayBeElsewhere = false;

/** Where modules were found. @type {import('@tslab/typescript-for-tslab').ModuleResolutionCache | undefined} */
let known;

/** Looks for modules again before the next cell: nobody watches for new files. */
function lookAgain() {
  mayBeElsewhere = true;
  known?.clear();
}

/** Code of the compiler's diagnostic of a missing module. */
const CANNOT_FIND_MODULE = 2307;

/**
 * Diagnostics with one text each: tslab loses the file of those with several.
 * @type {(program: unknown, files: unknown) => Diagnostic[]}
 */
function diagnosticsOf(program, files) {
  /** @type {readonly Diagnostic[]} */
  const found = /** @type {any} */ (ts).getPreEmitDiagnosticsOfFiles(program, files);
  if (found.some(({ code }) => code === CANNOT_FIND_MODULE)) lookAgain();
  return found.map((one) => ({
    ...one,
    messageText: ts.flattenDiagnosticMessageText(one.messageText, '\n'),
  }));
}

/** @type {(...args: Parameters<typeof ts.createWatchCompilerHost>) => unknown} */
function createWatchCompilerHost(roots, given, system, _createProgram, ...reporters) {
  const options = { .../** @type {object} */ (given), inlineSourceMap: true };
  const host = ts.createWatchCompilerHost(roots, options, system, createProgram, ...reporters);
  known = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, options);
  host.hasInvalidatedResolutions = () => mayBeElsewhere;
  host.resolveModuleNameLiterals = (literals, file, _redirected, options) =>
    literals.map(({ text }) => ts.resolveModuleName(text, file, options, host, known));
  return host;
}

/**
 * A program that does not note which files each of its 1,500 needs: that takes longer than all else for a short cell. tslab asks
 * for one thing alone, the sources that a cell needs.
 * @type {import('@tslab/typescript-for-tslab').CreateProgram<import('@tslab/typescript-for-tslab').BuilderProgram>}
 */
function createProgram(roots, options, host, before, ...rest) {
  const builder = ts.createAbstractBuilder(roots, options, host, before, ...rest);
  mayBeElsewhere = false;
  const program = builder.getProgram();
  program.getTypeChecker(); // finds out what each file declares, as tslab expects
  builder.getAllDependencies = (cell) => {
    const isAlone = program.getSourceFiles().every((file) => file === cell || file.isDeclarationFile);
    if (isAlone) return [cell.fileName];
    return ts.createEmitAndSemanticDiagnosticsBuilderProgram(program, host ?? {}).getAllDependencies(cell);
  };
  return builder;
}
