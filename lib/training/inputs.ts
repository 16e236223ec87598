/**
 * Inputs of a training step: each has its shapes and how it is drawn; the candidates of a sampled softmax too.
 * Letters: V items, S candidates, N labels.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import {
  below,
  type Random,
  type RandomState,
  random,
  resumed,
  sometimesZero,
  stateOf,
  uniform,
} from '../base/random';
import { UserError } from '../base/userError';
import { float32, type InputSpec, int32 } from '../engine/graph/signature';
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
  readonly specs: Readonly<Record<string, InputSpec>>;
  /** `batch` holds what earlier inputs have drawn. */
  readonly draw: (from: From, batch: Batch, streams: Streams) => Batch;
};

/** Shapes and types of all inputs of a signature. */
export function specsOf(inputs: readonly Input<never>[]): Readonly<Record<string, InputSpec>> {
  return Object.assign({}, ...inputs.map(({ specs }) => specs));
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

/** Inputs whose arrays have names with a prefix, drawn as one. */
export const inputUnder = <From>(prefix: string, inputs: readonly Input<From>[]): Input<From> => ({
  specs: under(prefix, specsOf(inputs)),
  draw: (from, _, streams) => under(prefix, drawn(inputs, from, streams)),
});

/** A mask for hidden values of that shape: 0 with probability `rate`, else 1 / (1 − rate). No input at rate 0. */
export function dropout(name: string, shape: readonly number[], rate: number): Input<unknown>[] {
  const count = shape.reduce((product, size) => product * size, 1);
  if (rate === 0 || count === 0) return [];
  return [
    {
      specs: { [name]: float32(...shape) },
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

// Candidates of sampled softmax, shared by all rows of a batch (Jean et al. 2015, section 3); no draw grows with V.

/** How likely each item is to be drawn, and a draw. */
export type Sampler = {
  /** V; items are 0 … V − 1. */
  readonly items: number;
  readonly probability: (item: number) => number;
  readonly draw: (stream: Random) => number;
};

export function uniformSampler(items: number): Sampler {
  return { items, probability: () => 1 / items, draw: (stream) => below(items, stream) };
}

/** P(i) = log((i + 2) / (i + 1)) / log(V + 1), as TensorFlow's: for items in descending order of frequency. */
export function logUniformSampler(items: number): Sampler {
  const range = Math.log(items + 1);
  return {
    items,
    probability: (item) => Math.log((item + 2) / (item + 1)) / range,
    draw: (stream) => Math.min(items - 1, Math.floor(Math.exp(uniform(stream) * range)) - 1),
  };
}

/** Draws until there are S distinct items, each in the place of its first draw, and counts the draws. */
export function drawCandidates({ items, draw }: Sampler, S: number, stream: Random) {
  if (!(S >= 1 && S <= items)) {
    throw new UserError(`sampled softmax takes 1 to ${items} candidates out of ${items} items, not ${S}`);
  }
  const found = new Set<number>();
  let tries = 0;
  for (; found.size < S; tries++) found.add(draw(stream));
  return { ids: Int32Array.from(found), tries };
}

/**
 * Log expected count of each item among S candidates found in `tries` draws: S · P(i) if all were distinct,
 * else 1 − (1 − P(i))^tries. ids [N] -> [N].
 */
export function logExpectedCounts(
  ids: Int32Array,
  { ids: { length: S }, tries }: ReturnType<typeof drawCandidates>,
  { probability }: Sampler,
): Float32Array {
  const count = (P: number) => (tries === S ? S * P : -Math.expm1(tries * Math.log1p(-P)));
  const logs = new Float32Array(ids.length); // in a loop: `Float32Array.from` takes twice as long
  for (let i = 0; i < ids.length; i++) logs[i] = Math.log(count(probability(ids[i])));
  return logs;
}

/** Sample of `sampledSoftmax` for labels [N]: candidates [S], and the log expected counts of both. */
export function candidateBatch(sampler: Sampler, S: number, labels: Int32Array, stream: Random) {
  const drawn = drawCandidates(sampler, S, stream);
  return {
    candidates: drawn.ids,
    candidateLogCounts: logExpectedCounts(drawn.ids, drawn, sampler),
    labelLogCounts: logExpectedCounts(labels, drawn, sampler),
  };
}

/** S candidates for the N labels of a batch, as `sampledSoftmax` takes them; none where the softmax is over all. */
export function candidates(sampler: Sampler, S: number | undefined, N: number): Input<unknown>[] {
  if (S === undefined) return [];
  return [
    {
      specs: { candidates: int32(S), candidateLogCounts: float32(S), labelLogCounts: float32(N) },
      draw: (_, { labels }, streams) =>
        candidateBatch(sampler, S, labels as Int32Array, streams('candidates')),
    },
  ];
}
