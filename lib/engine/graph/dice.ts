/** Random numbers without a seed, as those of `Math.random` and of TensorFlow. */
import { backend } from '../native';
import { isRandom, randomFunction } from './refusal';

export type Hooks = Pick<
  typeof backend,
  'executeSingleOutput' | 'executeMultipleOutputs' | 'readSync' | 'read' | 'write'
>;

/**
 * Calls `body` with methods of the backend replaced. A random number that JavaScript draws meanwhile without a stream throws
 * what `drawn` makes of the function's name.
 */
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

const drawn = (by: string) =>
  new Error(`it draws random numbers by ${by}; expected them from the stream that it is given`);

/** Calls `body`. Throws an Error that names the function which draws random numbers without a stream. */
export function withoutDice<R>(body: () => R): R {
  const requireNone = (op: string) => {
    if (isRandom(op)) throw drawn(randomFunction() ?? op);
  };
  const replaced = ({ executeSingleOutput, executeMultipleOutputs }: Hooks): Partial<Hooks> => ({
    executeSingleOutput: (op, ...call) => {
      requireNone(op);
      return executeSingleOutput.call(backend, op, ...call);
    },
    executeMultipleOutputs: (op, ...call) => {
      requireNone(op);
      return executeMultipleOutputs.call(backend, op, ...call);
    },
  });
  return hooked(replaced, drawn, body);
}
