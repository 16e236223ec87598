/** Batches of fixed shape. Letters: U users, B labels, T length with [TCL], L length of a source sequence. */
import { trainingNegative } from '../datasets/negatives';
import { padLeft } from '../datasets/sequences';
import type { Task } from '../datasets/tasks';
import { PADDING, type TrunkShape } from '../model/trunk';
import { withTcl } from '../model/userModel';
import type { Random } from '../random';
import type { Batch } from '../tensorflow/program';
import type { Group, Room } from './packing';

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

/**
 * Autoregressive pairs, Eq. 1: ids [U, L − 1] are all items but the last; labels [U (L − 1)] name the item after
 * each by its row of the softmax table, which has none for padding. Weights are 0 where that item is padding.
 */
export function nextItemBatch(sequences: readonly Int32Array[], length: number): Batch {
  const padded = sequences.map((sequence) => padLeft(sequence, length));
  const next = stacked(padded.map((row) => row.subarray(1)));
  return {
    ids: stacked(padded.map((row) => row.subarray(0, length - 1))),
    labels: next.map((item) => Math.max(0, item - 1)),
    weights: Float32Array.from(next, (item) => (item === PADDING ? 0 : 1)),
  };
}

/** Source sequences, of at most `length` items, with their [TCL]: ids [U, T]. */
export function userIds(sequences: readonly Int32Array[], shape: TrunkShape, length: number): Int32Array {
  return stacked(sequences.map((sequence) => withTcl(padLeft(sequence, length), shape)));
}

/** Who fills up the users of a batch. */
const NOBODY = new Int32Array(0);

/** An array of `size` values that starts with the given ones; the rest is 0. */
function filledUp(values: ArrayLike<number>, size: number): Int32Array {
  const filled = new Int32Array(size);
  filled.set(values);
  return filled;
}

/**
 * Training instances of a task by user: ids [U, T], for each label the row of its user in `owner` [B], labels [B],
 * weights [B], and for recommendation one sampled negative each, [B].
 * Unused labels have weight 0, unused users no items.
 */
export function instanceBatch(
  task: Task,
  groups: readonly Group[],
  { users, labels: B }: Room,
  shape: TrunkShape,
  length: number,
  stream: Random,
): Batch {
  const { sequences } = task.source;
  const encoded = Array.from({ length: users }, (_, row) =>
    row < groups.length ? sequences[groups[row].user] : NOBODY,
  );
  const instances = groups.flatMap((group) => group.instances);
  const labels = instances.map((i) => task.instances[i].label);
  const batch = {
    ids: userIds(encoded, shape, length),
    owner: filledUp(
      groups.flatMap((group, row) => group.instances.map(() => row)),
      B,
    ),
    labels: filledUp(labels, B),
    weights: Float32Array.from({ length: B }, (_, i) => (i < instances.length ? 1 : 0)),
  };
  if (task.kind === 'classify') return batch;
  const negatives = labels.map((label) => trainingNegative(task.labels.length, label, stream));
  return { ...batch, negatives: filledUp(negatives, B) };
}
