/** Letters: B batch, T length, k channels, w kernel width. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { type BlockPatches, type Insertion, patched } from '../patches/insertion';
import { type PatchWeights, patch } from '../patches/patch';
import type { Random } from '../random';
import { tf } from '../tensorflow/native';
import { relu } from '../tensorflow/ops/activations';
import { type Direction, dilatedConv } from '../tensorflow/ops/convolution';
import { layerNorm } from '../tensorflow/ops/normalisation';
import { normal, ones, type Weight, zeros } from '../tensorflow/weights';

/** A dilated convolution [w, k, k] with bias [k], and the gain [k] and shift [k] of the layer norm after it. */
export type LayerWeights<L> = { readonly kernel: L; readonly bias: L; readonly gain: L; readonly shift: L };
export type BlockWeights<L> = { readonly first: LayerWeights<L>; readonly second: LayerWeights<L> };

/** The patches of a block and where they go. */
export type Grafted = { readonly patches: BlockPatches<Tensor>; readonly insertion: Insertion };

function layer(
  z: Tensor,
  { kernel, bias, gain, shift }: LayerWeights<Tensor>,
  dilation: number,
  direction: Direction,
  insertion: Insertion | undefined,
  weights: PatchWeights<Tensor> | undefined,
): Tensor {
  const psi = tf.add(dilatedConv(z, kernel, dilation, direction), bias); // [B, T, k]
  const norm = (x: Tensor) => layerNorm(x, gain, shift);
  if (!insertion || !weights) return relu(norm(psi));
  return patched({ z, psi, norm, P: (x) => patch(x, weights, insertion.activation) }, insertion);
}

/**
 * The residual block, plain (Eqs. 3–4) or with patches (Eqs. 10–11): H(E) = E + F(E), [B, T, k] -> [B, T, k].
 * The second convolution has twice the dilation of the first, as in the authors' code.
 */
export function block(
  E: Tensor,
  weights: BlockWeights<Tensor>,
  dilation: number,
  direction: Direction,
  grafted?: Grafted,
): Tensor {
  const { insertion, patches } = grafted ?? {};
  const h = layer(E, weights.first, dilation, direction, insertion, patches?.first);
  return tf.add(E, layer(h, weights.second, 2 * dilation, direction, insertion, patches?.second));
}

/** Fresh weights: truncated normal of deviation 0.02, biases 0, gain 1. */
export function freshBlock(k: number, kernel: number, stream: Random): BlockWeights<Weight> {
  const fresh = () => ({
    kernel: normal([kernel, k, k], 0.02, stream),
    bias: zeros([k]),
    gain: ones([k]),
    shift: zeros([k]),
  });
  return { first: fresh(), second: fresh() };
}
