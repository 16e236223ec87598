/** Models on files of sequences of different lengths. Letters: B rows of a batch, T length, P positions, k numbers of each. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { leaves, type Tensors, type Tree, upload } from '../../engine/weights';

/** Rows that are put in order at once: the results of so many are held in memory. */
const WINDOW = 1024;
/** Ids that are encoded at once, of so many rows at most. */
const BATCH_IDS = 1 << 13;
const BATCH_ROWS = 256;

/** Indices of the rows from `start` on, grouped so that each batch has one length. */
function batchesOf(rows: readonly Int32Array[], start: number, end: number): number[][] {
  const byLength = new Map<number, number[]>();
  for (let i = start; i < end; i++) {
    const { length } = rows[i];
    byLength.set(length, [...(byLength.get(length) ?? []), i]);
  }
  return [...byLength].flatMap(([length, indices]) => {
    const size = Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_IDS / length)));
    return Array.from({ length: Math.ceil(indices.length / size) }, (_, i) =>
      indices.slice(i * size, (i + 1) * size),
    );
  });
}

/**
 * What a function of weights and ids [B, T] (int32) -> [B, P, k] gives for each row, in order, as P rows of k numbers.
 * Only rows of one length share a batch and none is padded, so what stands around a row changes nothing in its numbers.
 */
export function* perRow<W>(
  weights: W,
  rows: readonly Int32Array[],
  apply: (weights: Tensors<W>, ids: Tensor) => Tensor,
): Generator<Float32Array[]> {
  const uploaded = upload(weights);
  try {
    for (let start = 0; start < rows.length; start += WINDOW) {
      const end = Math.min(rows.length, start + WINDOW);
      const results = new Map<number, Float32Array[]>();
      for (const batch of batchesOf(rows, start, end)) {
        const found = run(
          batch.map((i) => rows[i]),
          (ids) => apply(uploaded, ids),
        );
        for (const [at, row] of batch.entries()) results.set(row, found[at]);
      }
      for (let row = start; row < end; row++) yield results.get(row) as Float32Array[];
    }
  } finally {
    tf.dispose(leaves<Tensor>(uploaded as Tree<Tensor>).map(([, tensor]) => tensor));
  }
}

function run(rows: readonly Int32Array[], apply: (ids: Tensor) => Tensor): Float32Array[][] {
  return tf.tidy(() => {
    const flat = Int32Array.from(rows.flatMap((row) => [...row]));
    const output = apply(tf.tensor2d(flat, [rows.length, rows[0].length], 'int32')); // [B, P, k]
    const [B, P, k] = output.shape as [number, number, number];
    const values = output.dataSync() as Float32Array;
    const at = (row: number, position: number) => (row * P + position) * k;
    return Array.from({ length: B }, (_, row) =>
      Array.from({ length: P }, (_, p) => values.slice(at(row, p), at(row, p) + k)),
    );
  });
}
