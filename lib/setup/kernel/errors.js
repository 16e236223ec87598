/**
 * What a cell did wrong, as who wrote it reads it: the message first, then the lines of cells and the places of the library that
 * it came through. Node's and the kernel's own frames are left out, and all but the cells' of what is the user's own mistake.
 */
const path = require('node:path');
const { format } = require('node:util');
const vm = require('node:vm');
const executor = require('tslab/dist/executor.js');
const { cells } = require('./cells');
const { withNode } = require('./converters');
const { library } = require('./declarations');
const { lineOf } = require('./lines');

module.exports = { offerErrors };

/** What the kernel calls the script of a cell. */
const scriptOf = (/** @type {number} */ cell) => `cell [${cell}]`;

/** What a cell failed of: what an error is called, what it says, and both with the frames below. */
/** @typedef {{ readonly name: string, readonly message: string, readonly text: string }} Failure */

/** Frames that an error remembers: of Node's ten none may be left for the cell, which called what called the library. */
const FRAMES = 100;

/** Before tslab is started. @param {(failure: Failure) => void} [publish] tells the front end; a failure is written to stderr if absent */
function offerErrors(publish) {
  Error.stackTraceLimit = FRAMES;
  const { createExecutor } = executor;
  executor.createExecutor = (root, converters, console) => {
    const write = (/** @type {Failure} */ { text }) => console.error(text);
    /** What the executor says of the cell that runs. @type {Failure[]} */
    let found = [];
    /** Promises that were rejected while it ran and that nobody waited for. */
    let lost = 0;
    let isRunning = false;
    const own = createExecutor(root, recording(converters), {
      ...console,
      error: (/** @type {unknown[]} */ ...what) => found.push(failureOf(...what)),
    });
    const onLost = (/** @type {unknown} */ reason) => {
      lost++;
      const { text, ...failure } = failureOf(reason);
      const tell = isRunning && publish ? publish : write;
      tell({ ...failure, text: `A promise that nobody waited for was rejected. ${text}` });
    };
    const execute = async (/** @type {string} */ source) => {
      cells.set(cells.size + 1, { source });
      process.removeAllListeners('unhandledRejection').on('unhandledRejection', onLost); // in place of tslab's
      [found, lost, isRunning] = [[], 0, true];
      try {
        const isRight = await calledByNumber(async () => own.execute(source)).catch((error) => {
          found.push(failureOf(error));
          return false;
        });
        const tell = isRight ? write : (publish ?? write);
        if (found.length > 0) tell({ ...found[0], text: found.map(({ text }) => text).join('\n') });
        await new Promise(setImmediate); // a rejection is known to be lost when all that was ready has run
        return isRight && lost === 0;
      } finally {
        isRunning = false;
      }
    };
    return { ...own, execute };
  };
}

/**
 * The converters, of which the one for Node leaves what it makes of a cell beside the cell.
 * @param {import('./converters').Converters} converters
 */
function recording(converters) {
  return withNode(converters, (own) => {
    /** @type {typeof own.convert} */
    const convert = (...args) => {
      const converted = own.convert(...args);
      const { output, diagnostics } = converted;
      if (diagnostics.length === 0) Object.assign(cells.get(cells.size) ?? {}, { output });
      return converted;
    };
    return { ...own, convert };
  });
}

/**
 * Scripts that start meanwhile are known by the number of the cell.
 * @template R
 * @param {() => R} work
 * @returns {R}
 */
function calledByNumber(work) {
  const { runInThisContext } = vm;
  const filename = scriptOf(cells.size);
  vm.runInThisContext = (code, options) =>
    runInThisContext(code, { ...(typeof options === 'object' ? options : {}), filename });
  try {
    return work();
  } finally {
    vm.runInThisContext = runInThisContext;
  }
}

/** How tslab formats what the compiler found: file, line, column, message. */
const DIAGNOSTIC = '%s%d:%d - %s';

/** What tslab and Node say of a cell that Stop has ended. */
const STOPPED = ['Interrupted asynchronously', 'Script execution was interrupted by `SIGINT`'];

/** What is left of such a cell. */
const LEFT =
  'variables that this cell had set are kept; what bench.run had finished is too, and the same cell goes on from there';

/**
 * What the executor writes, or what was thrown, as a failure.
 * @param {readonly unknown[]} what
 * @returns {Failure}
 */
function failureOf(...what) {
  const [first, file, line, column, message] = what;
  if (first instanceof Error && STOPPED.includes(first.message))
    return { name: 'Stopped', message: LEFT, text: `Stopped: ${LEFT}` };
  if (first instanceof Error)
    return { name: String(first.name), message: String(first.message), text: textOf(first) };
  const text =
    first === DIAGNOSTIC
      ? `${file ? `./${String(file).trim()}:${line}:${column}` : `Cell [${cells.size}], line ${line}, column ${column}`}: ${message}`
      : format(...what);
  return { name: 'Error', message: text, text };
}

/**
 * The message and the frames that are the user's; of an error that is his own mistake those of cells alone.
 * @param {Error} error
 * @returns {string}
 */
function textOf(error) {
  const isMistake = error.name === 'UserError';
  const frames = (error.stack ?? '').split('\n').flatMap((line) => {
    const found = /^\s+at (?:async )?(?:(?:Proxy\.)?(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(line);
    if (!found) return [];
    const [, name = '', file, row, column] = found;
    return (
      cellFrame(file, Number(row), Number(column)) ?? (isMistake ? [] : libraryFrame(file, row, column, name))
    );
  });
  const { cause } = error;
  return [
    `${error.name}: ${error.message}`,
    ...frames.filter((frame, i) => frame !== frames[i - 1]).map((frame) => `    ${frame}`),
    ...(cause instanceof Error ? [`Because of ${textOf(cause)}`] : []),
  ].join('\n');
}

/**
 * A frame in a cell: its number, and the line as it was written there.
 * @param {string} file
 * @param {number} row
 * @param {number} column
 * @returns {string[] | undefined} nothing where it is no cell
 */
function cellFrame(file, row, column) {
  const number = Number(/^cell \[(\d+)\]$/.exec(file)?.[1]);
  const cell = cells.get(number);
  if (!cell) return undefined;
  const line = cell.output === undefined ? undefined : lineOf(cell.source, cell.output, { row, column });
  if (line === undefined) return [`in cell [${number}]`];
  return [`in cell [${number}], line ${line}: ${cell.source.split('\n')[line - 1].trim()}`];
}

/**
 * @param {string} file
 * @param {string} row
 * @param {string} column
 * @param {string} name of the function, empty where it has none
 */
function libraryFrame(file, row, column, name) {
  const place = file.replace(/^file:\/\//, '');
  if (!place.startsWith(`${library}/`) || place.startsWith(`${__dirname}/`)) return [];
  const at = `./lib/${path.relative(library, place)}:${row}:${column}`; // so that JupyterLab makes it a link
  return [`in ${name === '' ? at : `${name}, ${at}`}`];
}
