/** TypeScript as the kernel's tslab sees it: after a cell it looks again at what the cell uses, and not at all that was ever read. */
const ts = require('@tslab/typescript-for-tslab');

module.exports = { offerCompiler };

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
    },
  );
}

/** @type {(...args: Parameters<typeof ts.createWatchCompilerHost>) => unknown} */
function createWatchCompilerHost(roots, options, system, _createProgram, ...reporters) {
  return ts.createWatchCompilerHost(roots, options, system, createProgram, ...reporters);
}

/**
 * A program that does not note for each of its 1,500 files which others it needs, which takes longer than all else that is done for
 * a short cell. tslab asks it for one thing alone: the sources that a cell needs, which it compiles.
 * @type {import('@tslab/typescript-for-tslab').CreateProgram<import('@tslab/typescript-for-tslab').BuilderProgram>}
 */
function createProgram(roots, options, host, before, ...rest) {
  const builder = ts.createAbstractBuilder(roots, options, host, before, ...rest);
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
