/**
 * Says what a cell did wrong: the message, then the lines of cells and the places of the library that it came through. Frames of
 * Node and of the kernel are left out; of a UserError only those of cells stay.
 */
const { SourceMap } = require('node:module');
const path = require('node:path');
const { format } = require('node:util');
const vm = require('node:vm');
const executor = require('tslab/dist/executor.js');
const { latestMaps } = require('./compiler');
const { library } = require('./declarations');

/** @typedef {{ readonly source: string, output?: string, maps?: readonly string[] }} Cell */

/** Cells that ran, by their numbers; with their script and its source maps once they are compiled. @type {Map<number, Cell>} */
const cells = new Map();

module.exports = { offerErrors, cells };

/** @typedef {{ readonly name: string, readonly message: string, readonly text: string }} Failure text: with the frames */

/** Frames that an error remembers: Node's ten may all be the library's. */
const FRAMES = 100;

/** Before tslab is started. @param {(failure: Failure) => void} [publish] tells the front end; stderr if absent */
function offerErrors(publish) {
  Error.stackTraceLimit = FRAMES;
  const { createExecutor } = executor;
  executor.createExecutor = (root, converters, console) => {
    const write = (/** @type {Failure} */ { text }) => console.error(text);
    /** Failures of the running cell, as the executor reports them. @type {Failure[]} */
    let found = [];
    /** Rejections of the running cell that nobody handled. */
    let unhandled = 0;
    let isRunning = false;
    const own = createExecutor(root, recording(converters), {
      ...console,
      error: (/** @type {unknown[]} */ ...what) => found.push(failureOf(...what)),
    });
    const onRejection = (/** @type {unknown} */ reason) => {
      unhandled++;
      const { text, ...failure } = failureOf(reason);
      const tell = isRunning && publish ? publish : write;
      tell({ ...failure, text: `A promise without await was rejected. ${text}` });
    };
    const execute = async (/** @type {string} */ source) => {
      cells.set(cells.size + 1, { source });
      process.removeAllListeners('unhandledRejection').on('unhandledRejection', onRejection); // in place of tslab's
      [found, unhandled, isRunning] = [[], 0, true];
      const before = { ...own.locals };
      try {
        const isRight = await namedByNumber(async () => own.execute(source)).catch((error) => {
          found.push(failureOf(error));
          return false;
        });
        if (!isRight) Object.assign(own.locals, before); // a script empties its variables before it sets them
        const tell = isRight ? write : (publish ?? write);
        if (found.length > 0) tell({ ...found[0], text: found.map(({ text }) => text).join('\n') });
        await new Promise(setImmediate); // rejections are reported once all that was ready has run
        return isRight && unhandled === 0;
      } finally {
        isRunning = false;
      }
    };
    return { ...own, execute };
  };
}

/** @typedef {Parameters<typeof executor.createExecutor>[1]} Converters */

/**
 * Converters that leave the script of a cell beside it; tslab makes that for Node when it is first asked for.
 * @type {(converters: Converters) => Converters}
 */
function recording(converters) {
  const convert = (/** @type {[string, string]} */ ...args) => {
    const converted = converters.node.convert(...args);
    const { output, diagnostics } = converted;
    if (diagnostics.length === 0) Object.assign(cells.get(cells.size) ?? {}, { output, maps: latestMaps() });
    return converted;
  };
  return Object.create(converters, { node: { get: () => ({ ...converters.node, convert }) } });
}

/** Names scripts that start meanwhile by the number of the cell. @type {<R>(work: () => R) => R} */
function namedByNumber(work) {
  const { runInThisContext } = vm;
  const filename = `cell [${cells.size}]`;
  vm.runInThisContext = (code, options) =>
    runInThisContext(code, { ...(typeof options === 'object' ? options : {}), filename });
  try {
    return work();
  } finally {
    vm.runInThisContext = runInThisContext;
  }
}

/** How tslab formats a diagnostic: file, line, column, message. */
const DIAGNOSTIC = '%s%d:%d - %s';

/** Messages of tslab and Node for a cell that Stop has ended. */
const STOPPED = ['Interrupted asynchronously', 'Script execution was interrupted by `SIGINT`'];

const AFTER_STOP =
  'what bench.run had finished is kept, and it goes on from there when the cell is run again';

/** What the executor writes, or what was thrown, as a failure. @type {(...what: readonly unknown[]) => Failure} */
function failureOf(...what) {
  const [first, file, line, column, message] = what;
  if (first instanceof Error && STOPPED.includes(first.message))
    return { name: 'Stopped', message: AFTER_STOP, text: `Stopped: ${AFTER_STOP}` };
  if (first instanceof Error)
    return { name: String(first.name), message: String(first.message), text: textOf(first) };
  const text =
    first === DIAGNOSTIC
      ? `${file ? `./${String(file).trim()}:${line}:${column}` : `Cell [${cells.size}], line ${line}, column ${column}`}: ${message}`
      : format(...what);
  return { name: 'Error', message: text, text };
}

/** The message, the frames of cells, and those of the library unless it is a UserError. @type {(error: Error) => string} */
function textOf(error) {
  const frames = (error.stack ?? '').split('\n').flatMap((line) => {
    const found = /^\s+at (?:async )?(?:(?:Proxy\.)?(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(line);
    if (!found) return [];
    const [, name, file, row, column] = found;
    const number = Number(/^cell \[(\d+)\]$/.exec(file)?.[1]);
    const cell = cells.get(number);
    if (cell) return [`in cell [${number}]${lineIn(cell, Number(row), Number(column))}`];
    const place = file.replace(/^file:\/\//, '');
    const isKernel = place.startsWith(`${__dirname}/`);
    if (error.name === 'UserError' || isKernel || !place.startsWith(`${library}/`)) return [];
    const at = `./lib/${path.relative(library, place)}:${row}:${column}`; // JupyterLab makes it a link
    return [`in ${name ? `${name}, ${at}` : at}`];
  });
  const { cause } = error;
  return [
    `${error.name}: ${error.message}`,
    ...frames.filter((frame, i) => frame !== frames[i - 1]).map((frame) => `    ${frame}`),
    ...(cause instanceof Error ? [`Because of ${textOf(cause)}`] : []),
  ].join('\n');
}

/** Length of the executor's prefix of a script, on its first line. */
const PREFIX = '(function(exports, require) { '.length;

/**
 * `, line 2: const half = sizes[0] / 2;`: the line of a cell behind a place of its script, from 1.
 * @type {(cell: Cell, row: number, column: number) => string}
 */
function lineIn({ source, maps = [] }, row, column) {
  let place = [row - 1, column - 1 - (row === 1 ? PREFIX : 0)];
  for (const map of [...maps].reverse()) {
    const found = new SourceMap(JSON.parse(map)).findEntry(place[0], place[1]);
    if (!('originalLine' in found)) return '';
    place = [found.originalLine, found.originalColumn];
  }
  const text = source.split('\n')[place[0] - 1]; // tslab puts a line of its own before the cell
  return maps.length === 0 || text === undefined ? '' : `, line ${place[0]}: ${text.trim()}`;
}
