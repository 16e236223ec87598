/**
 * The source items of a user as features, without their order, for methods that read no sequence.
 * Letters: U users, L places for items, N distinct items of a user, k channels, |X| source items.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../tensorflow/native';
import { gatherRows } from '../tensorflow/ops/rows';

/** Rows of a table of features: padding, then the items from 1 on. */
export const featureRows = (items: number) => items + 1;

/** The distinct items of each sequence, the latest `length` of them, in front of padding: ids [U, L]. */
export function featureIds(sequences: readonly Int32Array[], length: number): Int32Array {
  const ids = new Int32Array(sequences.length * length);
  for (const [row, sequence] of sequences.entries()) {
    ids.set([...new Set(sequence)].slice(-length), row * length);
  }
  return ids;
}

/**
 * x: 1/√N for each of a user's N items and 0 for padding, so that x has length 1 whatever the length of the history
 * (Rendle 2010, section V, on SVD++ as a factorisation machine). ids [U, L] -> [U, L].
 */
function featureValues(ids: Tensor): Tensor {
  const real = tf.cast(tf.notEqual(ids, 0), 'float32'); // [U, L]
  const N = tf.maximum(tf.sum(real, 1, true), 1); // [U, 1]
  return tf.div(real, tf.sqrt(N));
}

/** x_i v_i of each item of a user: table [|X| + 1, k], ids [U, L] (int32) -> [U, L, k]. */
export function weighted(table: Tensor, ids: Tensor): Tensor {
  return tf.mul(gatherRows(table, ids), tf.expandDims(featureValues(ids), 2));
}
