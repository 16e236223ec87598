/**
 * What methods that read no sequence are made of: a user's items as features without their order, pooling, and layers.
 * Letters: U users, L places for items, N distinct items of a user, k channels, |X| source items, D values that dropout may take.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { relu } from '../../engine/ops/activations';
import { gatherRows } from '../../engine/ops/rows';
import { normal, type Weight, zeros } from '../../engine/weights';

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

/** Σ x_i v_i: [U, L, k] -> [U, k]. */
export const sumPooling = (xv: Tensor): Tensor => tf.sum(xv, 1);

/**
 * Σ_{i<j} x_i v_i ⊙ x_j v_j = ½ ((Σ x_i v_i)² − Σ (x_i v_i)²): bi-interaction pooling (He & Chua 2017, Eqs. 3–4),
 * [U, L, k] -> [U, k]. The sum over its channels is the second-order term of a factorisation machine (Rendle 2010).
 */
export function biInteraction(xv: Tensor): Tensor {
  return tf.mul(tf.sub(tf.square(tf.sum(xv, 1)), tf.sum(tf.square(xv), 1)), 0.5);
}

/** A layer [k, k] with bias [k]. `L` is the leaf of a weight tree: Weight or Tensor. */
export type DenseWeights<L> = { readonly kernel: L; readonly bias: L };

/** He et al. 2015: deviation √(2/k) before a ReLU. */
export function freshLayers(count: number, k: number, stream: Random): DenseWeights<Weight>[] {
  return Array.from({ length: count }, () => ({
    kernel: normal([k, k], Math.sqrt(2 / k), stream),
    bias: zeros([k]),
  }));
}

/** Applies the nth mask of a batch to x [U, k]: masks [U, D], D a multiple of k. Without masks x stays. */
export function dropped(x: Tensor, masks: Tensor | undefined, nth: number): Tensor {
  if (!masks) return x;
  const [U, k] = x.shape as [number, number];
  return tf.mul(x, tf.slice(masks, [0, nth * k], [U, k]));
}

/** ReLU(x W + b) layer by layer, each followed by a mask of its own, from the `first` on: [U, k] -> [U, k]. */
export function hiddenLayers(
  x: Tensor,
  layers: readonly DenseWeights<Tensor>[],
  masks: Tensor | undefined,
  first: number,
): Tensor {
  return layers.reduce((z, { kernel, bias }, i) => {
    const next = relu(tf.add(tf.matMul(z as tf.Tensor2D, kernel as tf.Tensor2D), bias)); // [U, k]
    return dropped(next, masks, first + i);
  }, x);
}
