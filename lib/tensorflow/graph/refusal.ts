/** Refusals of what a program cannot record: they name the op and the line of the user's code. */
import path from 'node:path';

/** Ops of TensorFlow that draw random numbers. */
const RANDOM = /Random|Multinomial|TruncatedNormal|CandidateSampler/;
/** Functions of tfjs that draw them in JavaScript. */
const RANDOM_FUNCTION = /^(rand\w*|truncatedNormal|multinomial|dropout)_$/;
/** Ops whose output's shape depends on values. */
const SHAPE_FROM_VALUES = /^(Where|Unique|ListDiff|SetDiff|NonMaxSuppression)/;

const ownFolder = `${path.dirname(__dirname)}${path.sep}`;
/** Packages; the source maps of tfjs name files that were never installed. */
const PACKAGE = /^node:|[\\/]node_modules[\\/]|[\\/]tfjs(-\w+)*[\\/]src[\\/]/;
const frame = /\(([^()]+):(\d+):\d+\)$|at (?:async )?([^()]+):(\d+):\d+$/;

/** Reads the stack without a limit on its depth. */
function stackOf<T>(read: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  try {
    return read();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The innermost line outside this folder, Node and packages, as `file:line`. */
function place(lines: readonly string[]): string {
  for (const line of lines) {
    const [, inside, insideLine, bare, bareLine] = frame.exec(line) ?? [];
    const file = (inside ?? bare)?.replace(/^file:\/\//, '');
    if (file && !PACKAGE.test(file) && !file.startsWith(ownFolder)) {
      return `${path.relative(process.cwd(), file)}:${insideLine ?? bareLine}`;
    }
  }
  return 'an unknown line';
}

/** Names of the functions that are running, innermost first; far cheaper than a printed stack. */
function running(): string[] {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFunctionName() ?? '');
    return stackOf(() => new Error().stack as unknown as string[]);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** The outermost running function whose name fits, as the user calls it: tfjs names them `gather_`, `dropout_`. */
function calledFunction(pattern: RegExp): string | undefined {
  const found = running().filter((name) => pattern.test(name));
  return found[found.length - 1]?.slice(0, -1);
}

export const isRandom = (op: string): boolean => RANDOM.test(op);

/** The running function of tfjs that draws random numbers, if there is one. */
export const randomFunction = () => calledFunction(RANDOM_FUNCTION);

function refusal(what: string, op: string, instead: string): Error {
  const [, ...lines] = stackOf(() => String(new Error().stack)).split('\n');
  return new Error(`a program cannot ${what}, as ${op} does at ${place(lines)}; ${instead}`);
}

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
