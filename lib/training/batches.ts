/** Batches of fixed shape. Letters: B batch, T length with [TCL], L length of a source sequence. */
import { trainingNegative } from '../datasets/negatives';
import { padLeft } from '../datasets/sequences';
import type { Task } from '../datasets/tasks';
import { PADDING, type TrunkShape } from '../model/trunk';
import { withTcl } from '../model/userModel';
import { permutation, type Random } from '../random';
import type { Batch } from '../tensorflow/program';

/** Endless passes over the indices, each in a new random order; a batch may straddle two passes. */
export function* shuffledBatches(
  indices: readonly number[],
  size: number,
  stream: Random,
): Generator<number[], never> {
  if (indices.length === 0) throw new Error('no instance to train on');
  let order = permutation(indices.length, stream);
  let next = 0;
  const draw = () => {
    if (next === order.length) {
      order = permutation(indices.length, stream);
      next = 0;
    }
    return indices[order[next++]];
  };
  for (;;) yield Array.from({ length: size }, draw);
}

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
 * Autoregressive pairs, Eq. 1: ids [B, L − 1] are all items but the last; labels [B (L − 1)] name the item after
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

/** Source sequences of users with their [TCL]: ids [B, T]. */
export function userIds(task: Task, users: readonly number[], shape: TrunkShape): Int32Array {
  const { sequences, length } = task.source;
  return stacked(users.map((user) => withTcl(padLeft(sequences[user], length), shape)));
}

/** Instances of a task: ids [B, T] and labels [B]; for recommendation also one sampled negative each, [B]. */
export function instanceBatch(
  task: Task,
  instances: readonly number[],
  shape: TrunkShape,
  stream: Random,
): Batch {
  const chosen = instances.map((i) => task.instances[i]);
  const ids = userIds(
    task,
    chosen.map(({ user }) => user),
    shape,
  );
  const labels = Int32Array.from(chosen, ({ label }) => label);
  if (task.kind === 'classify') return { ids, labels };
  return {
    ids,
    labels,
    negatives: labels.map((label) => trainingNegative(task.labels.length, label, stream)),
  };
}
