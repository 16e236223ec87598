/**
 * Batches of fixed shape.
 * Letters: U users, T length with [TCL], L length of a source sequence, M masked items of a sequence.
 */
import { padLeft } from '../datasets/tasks/sequences';
import { PADDING, type TrunkShape } from '../model/trunk';
import { type Representation, tokens, withTcl } from '../model/userModel';
import { below, type Random } from '../random';
import type { Batch } from '../tensorflow/program/program';
import { type MaskingRule, masked, maskedAtMost } from './masking';

/** The indices in order; the last batch is filled up with its first index and says how many count. */
export function* orderedBatches(
  indices: readonly number[],
  size: number,
): Generator<{ indices: number[]; count: number }> {
  for (let start = 0; start < indices.length; start += size) {
    const part = indices.slice(start, start + size);
    const filler = Array.from({ length: size - part.length }, () => part[0]);
    yield { indices: [...part, ...filler], count: part.length };
  }
}

function stacked(rows: readonly Int32Array[]): Int32Array {
  const flat = new Int32Array(rows.length * rows[0].length);
  for (const [i, row] of rows.entries()) flat.set(row, i * row.length);
  return flat;
}

/** An array of `size` values that starts with the given ones; the rest is 0. */
export function filledUp(values: ArrayLike<number>, size: number): Int32Array {
  const filled = new Int32Array(size);
  filled.set(values);
  return filled;
}

/** Items as rows of the softmax table, which has none for padding: that weighs 0. */
const itemLabels = (items: Int32Array) => ({
  labels: items.map((item) => Math.max(0, item - 1)),
  weights: Float32Array.from(items, (item) => (item === PADDING ? 0 : 1)),
});

/** Towards which of the items after it an item is trained: one of the next so many, as often each. */
export type Ahead = { readonly items: number; readonly stream: Random };

/** The item after each, or one of the next few: row [L] -> [L − 1]. */
function following(row: Int32Array, ahead?: Ahead): Int32Array {
  if (!ahead || ahead.items === 1) return row.subarray(1);
  const last = row.length - 1;
  return Int32Array.from(
    { length: last },
    (_, t) => row[t + 1 + below(Math.min(ahead.items, last - t), ahead.stream)],
  );
}

/**
 * Autoregressive pairs, Eq. 1: ids [U, L − 1] are all items but the last; labels [U (L − 1)] name the item after
 * each by its row of the softmax table, which has none for padding. Weights are 0 where that item is padding.
 * With `ahead` one of the next items takes the place of the next.
 */
export function nextItemBatch(sequences: readonly Int32Array[], length: number, ahead?: Ahead): Batch {
  const padded = sequences.map((sequence) => padLeft(sequence, length));
  const next = stacked(padded.map((row) => following(row, ahead)));
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
    const { ids, positions } = masked(padded, shape, rule, stream);
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

/** Source sequences, of at most `length` items, with their [TCL] if they have one: ids [U, T]. */
export function userIds(
  sequences: readonly Int32Array[],
  shape: TrunkShape,
  length: number,
  representation: Representation = 'token',
): Int32Array {
  const padded = sequences.map((sequence) => padLeft(sequence, length));
  return stacked(tokens(shape, representation) === 0 ? padded : padded.map((row) => withTcl(row, shape)));
}
