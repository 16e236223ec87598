/**
 * Negative items of sampled softmax, shared by all rows of a batch (Jean et al. 2015, section 3).
 * Letters: V items, S candidates, N labels. Pure JavaScript; no draw takes time or memory that grows with V.
 */
import { below, type Random, uniform } from '../base/random';
import { UserError } from '../base/userError';
import { float32, int32 } from '../engine/graph/signature';
import type { Input } from './inputs';

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
 * log E(i) of how often an item is among candidates that took so many tries to find: S · P(i) where all draws were distinct,
 * else 1 − (1 − P(i))^tries. ids [N] -> [N].
 */
export function logExpectedCounts(
  ids: Int32Array,
  { ids: { length: S }, tries }: ReturnType<typeof drawCandidates>,
  { probability }: Sampler,
): Float32Array {
  const count = (P: number) => (tries === S ? S * P : -Math.expm1(tries * Math.log1p(-P)));
  return Float32Array.from(ids, (id) => Math.log(count(probability(id))));
}

/** What `sampledSoftmax` takes for labels [N]: candidates [S], and the log expected counts of both. */
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
      looks: { candidates: int32(S), candidateLogCounts: float32(S), labelLogCounts: float32(N) },
      draw: (_, { labels }, streams) =>
        candidateBatch(sampler, S, labels as Int32Array, streams('candidates')),
    },
  ];
}
