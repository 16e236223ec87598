/** Random numbers that no seed gives again, as those of `Math.random` and of TensorFlow. */
import { backend } from '../native';
import { isRandom, randomFunction } from './refusal';

const drawn = (by: string) =>
  new Error(`it draws random numbers by ${by}; expected them from the stream that it is given`);

type Hooks = Pick<typeof backend, 'executeSingleOutput' | 'executeMultipleOutputs' | 'write'>;

/** What the backend does meanwhile, in place of its own methods. */
function refusing({ executeSingleOutput, executeMultipleOutputs, write }: Hooks): Hooks {
  const requireNone = (op: string) => {
    if (isRandom(op)) throw drawn(randomFunction() ?? op);
  };
  return {
    executeSingleOutput: (op, ...call) => {
      requireNone(op);
      return executeSingleOutput.call(backend, op, ...call);
    },
    executeMultipleOutputs: (op, ...call) => {
      requireNone(op);
      return executeMultipleOutputs.call(backend, op, ...call);
    },
    write: (...values) => {
      const by = randomFunction();
      if (by) throw drawn(by);
      return write.apply(backend, values);
    },
  };
}

/** Calls `body`. Throws an Error that names what in it draws random numbers other than from a stream. */
export function withoutDice<R>(body: () => R): R {
  const { executeSingleOutput, executeMultipleOutputs, write } = backend;
  const own: Hooks = { executeSingleOutput, executeMultipleOutputs, write };
  const { random } = Math;
  Object.assign(backend, refusing(own));
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
