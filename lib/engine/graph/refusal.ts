/** Refusals of what a program cannot record, with the op and the line of the user's code, and of random numbers without a seed. */
import path from 'node:path';
import { backend } from '../native';

/** Ops of TensorFlow that draw random numbers. */
const RANDOM = /Random|Multinomial|TruncatedNormal|CandidateSampler/;
/** Functions of tfjs that draw them in JavaScript. */
const RANDOM_FUNCTION = /^(rand\w*|truncatedNormal|multinomial|dropout)_$/;
/** Ops whose output's shape depends on values. */
const SHAPE_FROM_VALUES = /^(Where|Unique|ListDiff|SetDiff|NonMaxSuppression)/;

const ownFolder = `${path.dirname(__dirname)}${path.sep}`;
/** Packages; the source maps of tfjs name files that were never installed. */
const PACKAGE = /^node:|[\\/]node_modules[\\/]|[\\/]tfjs(-\w+)*[\\/]src[\\/]/;
/** `at f (file:1:2)`, `at file:1:2` */
const FRAME = /(?:\(|at (?:async )?)([^()]+):(\d+):\d+\)?$/;

/** The whole stack, innermost first: printed lines, or names of functions, which are far cheaper. */
function wholeStack(as: 'lines' | 'names'): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  if (as === 'names')
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFunctionName() ?? '');
  try {
    const { stack } = new Error();
    return as === 'names' ? (stack as unknown as string[]) : String(stack).split('\n').slice(1);
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/** The innermost line outside this folder, Node and packages, as `file:line`. */
function userLine(): string {
  for (const line of wholeStack('lines')) {
    const [, url = '', number] = FRAME.exec(line) ?? [];
    const file = url.replace(/^file:\/\//, '');
    if (file && !PACKAGE.test(file) && !file.startsWith(ownFolder))
      return `${path.relative(process.cwd(), file)}:${number}`;
  }
  return 'an unknown line';
}

/** The outermost running function whose name fits, as the user calls it: tfjs names them `gather_`, `dropout_`. */
function calledFunction(pattern: RegExp): string | undefined {
  const found = wholeStack('names').filter((name) => pattern.test(name));
  return found[found.length - 1]?.slice(0, -1);
}

const isRandom = (op: string): boolean => RANDOM.test(op);

/** The running function of tfjs that draws random numbers, if there is one. */
const randomFunction = () => calledFunction(RANDOM_FUNCTION);

const refusal = (what: string, op: string, instead: string) =>
  new Error(`a program cannot ${what}, as ${op} does at ${userLine()}; ${instead}`);

/** Names the function of tfjs that reads the value, or else the method. */
export const readsValue = (method: string) =>
  refusal('read the value of a tensor', calledFunction(/^[a-z]\w*_$/) ?? method, 'compute it outside');

export const drawsRandom = (op: string) => refusal('draw random numbers', op, 'pass them in as an input');

/** Throws where an op of TensorFlow cannot be recorded. */
export function requireRecordable(op: string): void {
  if (isRandom(op)) throw drawsRandom(op);
  if (SHAPE_FROM_VALUES.test(op))
    throw refusal('hold a shape that depends on values', op, 'compute it outside');
}

export type Hooks = Pick<
  typeof backend,
  'executeSingleOutput' | 'executeMultipleOutputs' | 'readSync' | 'read' | 'write'
>;

/** Calls `body` with methods of the backend replaced. A draw without a stream throws what `drawn` makes of the function's name. */
export function hooked<R>(
  replaced: (own: Hooks) => Partial<Hooks>,
  drawn: (by: string) => Error,
  body: () => R,
): R {
  const { executeSingleOutput, executeMultipleOutputs, readSync, read, write } = backend;
  const own: Hooks = { executeSingleOutput, executeMultipleOutputs, readSync, read, write };
  const { random } = Math;
  const checkedWrite: Hooks['write'] = (...values) => {
    const by = randomFunction();
    if (by) throw drawn(by);
    return write.apply(backend, values);
  };
  Object.assign(backend, { write: checkedWrite, ...replaced(own) });
  Math.random = () => {
    throw drawn(randomFunction() ?? 'Math.random');
  };
  try {
    return body();
  } finally {
    Object.assign(backend, own);
    Math.random = random;
  }
}

/** Calls `body`. Throws an Error that names the function which draws random numbers without a stream. */
export function withoutDice<R>(body: () => R): R {
  const drawn = (by: string) =>
    new Error(`it draws random numbers by ${by}; expected them from the stream that it is given`);
  const allowed = (op: string) => {
    if (isRandom(op)) throw drawn(randomFunction() ?? op);
    return op;
  };
  const replaced = (own: Hooks): Partial<Hooks> => ({
    executeSingleOutput: (op, ...call) => own.executeSingleOutput.call(backend, allowed(op), ...call),
    executeMultipleOutputs: (op, ...call) => own.executeMultipleOutputs.call(backend, allowed(op), ...call),
  });
  return hooked(replaced, drawn, body);
}
