/** The inputs of a training step: what each looks like and how it is drawn are one value. */
import { type Random, type RandomState, random, resumed, stateOf } from '../random';
import type { InputSpec } from '../tensorflow/graph/signature';
import type { Batch } from '../tensorflow/program/program';

/** The random stream of each purpose within a seeded run, made at its first use and shared by all lengths of batches. */
export type Streams = (purpose: string) => Random;

export type StreamStates = Readonly<Record<string, RandomState>>;

/** Streams of a seed; those that stood somewhere go on from there. `states` tells where each stands that was used. */
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

/** Arrays of a batch that are drawn together; what a batch has none of is no input of it. */
export type Input<From> = {
  readonly looks: Readonly<Record<string, InputSpec>>;
  /** `batch` holds what the inputs before this one have drawn. */
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

/** The same values under names that begin with `prefix`, beside others of their own names … */
export const under = <V>(prefix: string, values: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

/** … and those under such names, by what they were called. */
export const within = <V>(prefix: string, values: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
