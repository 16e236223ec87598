/**
 * What pre-training reads: windows of histories, each item with the one after it (Eq. 1) or with masked items (Eq. 2).
 * Letters: n items of a history, B rows of a batch, L length of a window, M masked items of a row.
 */

import { below, permutation, type Random, uniform } from '../base/random';
import { padLeft } from '../data/tasks/sequences';
import { float32, int32 } from '../engine/graph/signature';
import type { Batch } from '../engine/program/program';
import { maskId, PADDING, type TrunkShape } from '../model/trunk';
import { stacked } from '../model/userModel';
import { filledUp, type Input } from './inputs';

/** The latest L items of a history, or round(n / L) windows a pass, each at a random place: long histories are used in full. */
export type Windows = 'latest' | 'anywhere';

/** Windows of a history in a pass. */
export function windowCount(n: number, L: number, windows: Windows): number {
  return windows === 'latest' ? 1 : Math.max(1, Math.round(n / L));
}

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

/** 30 % of n positions, at least one, halves rounded up. */
const share = (n: number) => Math.max(1, Math.round(n * 0.3));

const counts: Readonly<Record<MaskingRule, (n: number) => number>> = {
  paper: share,
  authors: (n) => Math.min(30, share(n)),
};

/** M of a sequence of that length, padding included. */
export function maskedAtMost(rule: MaskingRule, length: number): number {
  return counts[rule](length);
}

function replacement(item: number, shape: TrunkShape, rule: MaskingRule, stream: Random): number {
  if (rule === 'paper' || uniform(stream) < 0.8) return maskId(shape);
  return uniform(stream) < 0.5 ? item : 1 + below(shape.items, stream);
}

/** A padded sequence after masking, and the positions to predict, ascending. */
export type Masked = { readonly ids: Int32Array; readonly positions: readonly number[] };

export function maskItems(padded: Int32Array, shape: TrunkShape, rule: MaskingRule, stream: Random): Masked {
  const all = Array.from(padded.keys());
  const eligible = rule === 'authors' ? all : all.filter((t) => padded[t] !== PADDING);
  const chosen = permutation(eligible.length, stream).slice(0, counts[rule](eligible.length));
  const positions = chosen.map((i) => eligible[i]).sort((a, b) => a - b);
  const ids = padded.slice();
  for (const t of positions) ids[t] = replacement(padded[t], shape, rule, stream);
  return { ids, positions };
}

/** A padded sequence with its last item masked: what validation predicts that item from. */
export function lastMasked(padded: Int32Array, shape: TrunkShape): Int32Array {
  return Int32Array.from([...padded.subarray(0, -1), maskId(shape)]);
}

/** Items as rows of the softmax table, which has none for padding: that weighs 0. */
const itemLabels = (items: Int32Array) => ({
  labels: items.map((item) => Math.max(0, item - 1)),
  weights: Float32Array.from(items, (item) => (item === PADDING ? 0 : 1)),
});

/**
 * Autoregressive pairs, Eq. 1: ids [U, L − 1] are all items but the last; labels [U (L − 1)] name the item after
 * each by its row of the softmax table, which has none for padding. Weights are 0 where that item is padding.
 */
export function nextItemBatch(sequences: readonly Int32Array[], length: number): Batch {
  const padded = sequences.map((sequence) => padLeft(sequence, length));
  const next = stacked(padded.map((row) => row.subarray(1)));
  return { ids: stacked(padded.map((row) => row.subarray(0, length - 1))), ...itemLabels(next) };
}

/** Which items of sequences of length L are masked. */
export type MaskedItems = {
  readonly shape: TrunkShape;
  readonly length: number;
  readonly rule: MaskingRule;
};

/**
 * Masked items, Eq. 2: ids [U, L] with [MASK] and what else the rule puts there, positions [U, M] that are predicted,
 * and labels and weights [U M] as in `nextItemBatch`. Positions that a sequence has too few items for weigh 0.
 */
export function maskedItemBatch(
  sequences: readonly Int32Array[],
  { shape, length, rule }: MaskedItems,
  stream: Random,
): Batch {
  const M = maskedAtMost(rule, length);
  const rows = sequences.map((sequence) => {
    const padded = padLeft(sequence, length);
    const { ids, positions } = maskItems(padded, shape, rule, stream);
    return {
      ids,
      positions: filledUp(positions, M),
      items: filledUp(
        positions.map((t) => padded[t]),
        M,
      ),
    };
  });
  const items = stacked(rows.map((row) => row.items));
  return {
    ids: stacked(rows.map((row) => row.ids)),
    positions: stacked(rows.map((row) => row.positions)),
    ...itemLabels(items),
  };
}

/** Each item and the one after it, Eq. 1. */
export function nextItems(B: number, L: number): Input<readonly Int32Array[]> {
  const N = B * (L - 1);
  return {
    looks: { ids: int32(B, L - 1), labels: int32(N), weights: float32(N) },
    draw: (windows) => nextItemBatch(windows, L),
  };
}

/** Rows with masked items, and these, Eq. 2. */
export function maskedItems(B: number, items: MaskedItems): Input<readonly Int32Array[]> {
  const M = maskedAtMost(items.rule, items.length);
  return {
    looks: {
      ids: int32(B, items.length),
      positions: int32(B, M),
      labels: int32(B * M),
      weights: float32(B * M),
    },
    draw: (windows, _, streams) => maskedItemBatch(windows, items, streams('masks')),
  };
}
