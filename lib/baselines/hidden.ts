/** Fully connected layers with dropout. Letters: U users, k channels, D values that dropout may take. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../random';
import { tf } from '../tensorflow/native';
import { relu } from '../tensorflow/ops/activations';
import { normal, type Weight, zeros } from '../tensorflow/weights';

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
