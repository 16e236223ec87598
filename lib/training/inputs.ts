/** Inputs of a training step: each has its shapes and how it is drawn. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { type Random, type RandomState, random, resumed, sometimesZero, stateOf } from '../base/random';
import { float32, type InputSpec } from '../engine/graph/signature';
import { tf } from '../engine/native';
import type { Batch } from '../engine/program/program';

/** The random stream of each purpose in a seeded run, shared by batches of all lengths. */
export type Streams = (purpose: string) => Random;

export type StreamStates = Readonly<Record<string, RandomState>>;

/** Streams of a seed, resumed where `from` has a state; `states` gives those of the streams used. */
export function streamsOf(
  seed: number,
  name: string,
  from: StreamStates = {},
): Streams & { readonly states: () => StreamStates } {
  const made = new Map(Object.entries(from).map(([purpose, state]) => [purpose, resumed(state)]));
  const of = (purpose: string) => {
    const stream = made.get(purpose) ?? random(seed, purpose, name);
    made.set(purpose, stream);
    return stream;
  };
  const states = () => Object.fromEntries([...made].map(([purpose, stream]) => [purpose, stateOf(stream)]));
  return Object.assign(of, { states });
}

/** Arrays of a batch that are drawn together. */
export type Input<From> = {
  readonly looks: Readonly<Record<string, InputSpec>>;
  /** `batch` holds what earlier inputs have drawn. */
  readonly draw: (from: From, batch: Batch, streams: Streams) => Batch;
};

/** What a signature takes. */
export function looksOf(inputs: readonly Input<never>[]): Readonly<Record<string, InputSpec>> {
  return Object.assign({}, ...inputs.map(({ looks }) => looks));
}

/** The batch that these inputs make, drawn in their order. */
export function drawn<From>(inputs: readonly Input<From>[], from: From, streams: Streams): Batch {
  const batch: Record<string, Batch[string]> = {};
  for (const { draw } of inputs) Object.assign(batch, draw(from, batch, streams));
  return batch;
}

/** Values under names with a prefix … */
export const under = <V>(prefix: string, values: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

/** … and back. */
export const within = <V>(prefix: string, values: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );

/** A mask for hidden values of that shape: 0 with probability `rate`, else 1 / (1 − rate). No input at rate 0. */
export function dropout(name: string, shape: readonly number[], rate: number): Input<unknown>[] {
  const count = shape.reduce((product, size) => product * size, 1);
  if (rate === 0 || count === 0) return [];
  return [
    {
      looks: { [name]: float32(...shape) },
      draw: (_from, _batch, streams) => ({
        [name]: sometimesZero(count, 1 / (1 - rate), rate, streams('dropout')),
      }),
    },
  ];
}

/** Values times their mask, if there is one. */
export const masked = (values: Tensor, mask: Tensor | undefined): Tensor =>
  mask ? tf.mul(values, mask) : values;

/** An array of `size` values that starts with the given ones; the rest is 0. */
export function filledUp(values: ArrayLike<number>, size: number): Int32Array {
  const filled = new Int32Array(size);
  filled.set(values);
  return filled;
}
