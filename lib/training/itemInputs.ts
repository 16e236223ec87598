/**
 * Inputs of pre-training: windows of histories, each item with the one after it (Eq. 1) or with masked items (Eq. 2).
 * Letters: n items of a history, B rows of a batch, L length of a window, M masked items of a row.
 */

import { below, permutation, type Random, uniform } from '../base/random';
import { padLeft } from '../data/tasks/sequences';
import { float32, int32 } from '../engine/graph/signature';
import type { Batch } from '../engine/program/program';
import { maskId, PADDING, type TrunkShape } from '../model/trunks/trunk';
import { stacked } from '../model/userModel';
import { filledUp, type Input } from './inputs';

/** The latest L items of a history, or round(n / L) windows a pass, each at a random place: long histories are used in full. */
export type Windows = 'latest' | 'anywhere';

/** Windows of a history in a pass. */
export const windowCount = (n: number, L: number, windows: Windows): number =>
  windows === 'latest' ? 1 : Math.max(1, Math.round(n / L));

/** A window of at most L items. */
export function drawWindow(history: Int32Array, L: number, windows: Windows, stream: Random): Int32Array {
  const latest = Math.max(0, history.length - L);
  const start = windows === 'latest' ? latest : below(latest + 1, stream);
  return history.subarray(start, start + L);
}

/** Shuffles the items with the given probability: order says little where ratings come in bursts (half of MovieLens-100K ties). */
export function shuffled(items: Int32Array, probability: number, stream: Random): Int32Array {
  if (probability === 0 || uniform(stream) >= probability) return items;
  return Int32Array.from(permutation(items.length, stream), (i) => items[i]);
}

/**
 * Paper: about 30 % of the items become [MASK]. Authors: their code, where padding may be masked too and at most 30
 * positions are, of which 80 % become [MASK], 10 % keep their item and 10 % become any item.
 */
export type MaskingRule = 'paper' | 'authors';

/** 30 % of n positions, at least one, halves rounded up; M where n is the length of a sequence with its padding. */
export const maskedAtMost = (rule: MaskingRule, n: number): number =>
  Math.min(rule === 'authors' ? 30 : n, Math.max(1, Math.round(n * 0.3)));

function replacement(item: number, shape: TrunkShape, rule: MaskingRule, stream: Random): number {
  if (rule === 'paper' || uniform(stream) < 0.8) return maskId(shape);
  return uniform(stream) < 0.5 ? item : 1 + below(shape.items, stream);
}

/** A padded sequence after masking, and the positions to predict, ascending. */
export function maskItems(padded: Int32Array, shape: TrunkShape, rule: MaskingRule, stream: Random) {
  const all = Array.from(padded.keys());
  const eligible = rule === 'authors' ? all : all.filter((t) => padded[t] !== PADDING);
  const chosen = permutation(eligible.length, stream).slice(0, maskedAtMost(rule, eligible.length));
  const positions = chosen.map((i) => eligible[i]).sort((a, b) => a - b);
  const ids = padded.slice();
  for (const t of positions) ids[t] = replacement(padded[t], shape, rule, stream);
  return { ids, positions };
}

/** Items as rows of the softmax table, which has none for padding: that weighs 0. */
const itemLabels = (items: Int32Array) => ({
  labels: items.map((item) => Math.max(0, item - 1)),
  weights: Float32Array.from(items, (item) => (item === PADDING ? 0 : 1)),
});

/**
 * Autoregressive pairs, Eq. 1: ids [B, L − 1] are all items but the last; labels [B (L − 1)] are the rows of
 * the next items in the softmax table. Weights are 0 where the next item is padding, which has no row.
 */
export function nextItemBatch(sequences: readonly Int32Array[], length: number): Batch {
  const padded = sequences.map((sequence) => padLeft(sequence, length));
  const next = stacked(padded.map((row) => row.subarray(1)));
  return { ids: stacked(padded.map((row) => row.subarray(0, length - 1))), ...itemLabels(next) };
}

/** Each item and the one after it, Eq. 1. */
export function nextItems(B: number, L: number): Input<readonly Int32Array[]> {
  const N = B * (L - 1);
  return {
    specs: { ids: int32(B, L - 1), labels: int32(N), weights: float32(N) },
    draw: (windows) => nextItemBatch(windows, L),
  };
}

/**
 * Masked items of windows of length L, Eq. 2: ids [B, L] with [MASK] and what else the rule puts there, positions [B, M] that are
 * predicted, and labels and weights [B M] as in `nextItemBatch`. Positions that a window has too few items for weigh 0.
 */
export function maskedItems(
  B: number,
  L: number,
  shape: TrunkShape,
  rule: MaskingRule,
): Input<readonly Int32Array[]> {
  const M = maskedAtMost(rule, L);
  return {
    specs: { ids: int32(B, L), positions: int32(B, M), labels: int32(B * M), weights: float32(B * M) },
    draw: (windows, _, streams) => {
      const padded = windows.map((window) => padLeft(window, L));
      const rows = padded.map((row) => maskItems(row, shape, rule, streams('masks')));
      const items = rows.map(({ positions }, i) => positions.map((t) => padded[i][t]));
      return {
        ids: stacked(rows.map(({ ids }) => ids)),
        positions: stacked(rows.map(({ positions }) => filledUp(positions, M))),
        ...itemLabels(stacked(items.map((own) => filledUp(own, M)))),
      };
    },
  };
}

/** A random half of a sequence, rounded up, and the other one, both in their order. */
export function halved(items: Int32Array, stream: Random): readonly [Int32Array, Int32Array] {
  const chosen = new Set(permutation(items.length, stream).slice(0, Math.ceil(items.length / 2)));
  return [items.filter((_, t) => chosen.has(t)), items.filter((_, t) => !chosen.has(t))];
}

/** Ids [B, ⌈L / 2⌉] of a random half of each window of length L, and labels and weights [B ⌊L / 2⌋] of the other. */
export function halves(B: number, L: number): Input<readonly Int32Array[]> {
  const [H, M] = [Math.ceil(L / 2), Math.floor(L / 2)];
  return {
    specs: { ids: int32(B, H), labels: int32(B * M), weights: float32(B * M) },
    draw: (windows, _, streams) => {
      const rows = windows.map((window) => halved(window, streams('halves')));
      const ids = stacked(rows.map(([read]) => padLeft(read, H)));
      return { ids, ...itemLabels(stacked(rows.map(([, rest]) => padLeft(rest, M)))) };
    },
  };
}
