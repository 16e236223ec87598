/** Letters: B batch, T length (positions given), k channels, w kernel width. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../base/random';
import { tf } from '../engine/native';
import { type Direction, dilatedConv } from '../engine/ops/convolution';
import { layerNorm, normRelu } from '../engine/ops/normalisation';
import { allPositions, atOutputs, type Positions, type Reach } from '../engine/ops/positions';
import { normal, ones, type Weight, zeros } from '../engine/weights';
import {
  type AnyInsertion,
  type AnyPatch,
  type BlockPatches,
  patched,
  patchOf,
  type Site,
} from './patches/insertion';

/** A dilated convolution [w, k, k] with bias [k], and the gain [k] and shift [k] of the layer norm after it. */
export type LayerWeights<L> = { readonly kernel: L; readonly bias: L; readonly gain: L; readonly shift: L };
export type BlockWeights<L> = { readonly first: LayerWeights<L>; readonly second: LayerWeights<L> };

/** The patches of a block and where they go. */
export type Grafted = { readonly patches: BlockPatches<Tensor>; readonly insertion: AnyInsertion };

/** What each layer of a block reads and writes. */
export type BlockReach = { readonly first: Reach; readonly second: Reach };

function wholeSequence(E: Tensor): BlockReach {
  const all = allPositions(E.shape[1] as number);
  return { first: { inputs: all, outputs: all }, second: { inputs: all, outputs: all } };
}

/** Zeroes what a layer gives at padded positions: x [B, positions, k] -> the same shape. */
export type ZeroPadding = (x: Tensor, at: Positions) => Tensor;

type LayerOptions = {
  readonly dilation: number;
  readonly direction: Direction;
  readonly reach: Reach;
  readonly zeroPadding: ZeroPadding;
  readonly insertion: AnyInsertion | undefined;
  readonly patch: AnyPatch<Tensor> | undefined;
};

/** A layer, added to the residual if there is one: z [B, inputs, k] -> [B, outputs, k]. */
function layer(z: Tensor, weights: LayerWeights<Tensor>, options: LayerOptions, residual?: Tensor): Tensor {
  const { dilation, direction, reach, zeroPadding, insertion, patch } = options;
  const psi = dilatedConv(z, weights, dilation, direction, reach); // [B, outputs, k]
  const activated = (x: Tensor) => normRelu(x, weights, residual);
  if (!insertion || !patch) return zeroPadding(activated(psi), reach.outputs);
  const site: Site = {
    z: atOutputs(z, reach),
    psi,
    norm: (x) => layerNorm(x, weights),
    normRelu: activated,
    P: patchOf(patch, insertion),
    plus: (x) => (residual ? tf.add(x, residual) : x),
  };
  return zeroPadding(patched(site, insertion), reach.outputs);
}

/** What a block is besides its weights. */
export type BlockOptions = {
  /** Of the first convolution. */
  readonly dilation: number;
  readonly direction: Direction;
  /** Absent: the plain block. */
  readonly grafted?: Grafted | undefined;
  /** Absent: the block reads and writes all positions. */
  readonly reach?: BlockReach | undefined;
  /** Absent: padding is as any position. */
  readonly zeroPadding?: ZeroPadding;
};

/**
 * The residual block, plain (Eqs. 3–4) or with patches (Eqs. 10–11): H(E) = E + F(E), [B, T, k] -> [B, T, k], or
 * fewer positions where its reach says so.
 * The second convolution has twice the dilation of the first, as in the authors' code.
 */
export function block(E: Tensor, weights: BlockWeights<Tensor>, options: BlockOptions): Tensor {
  const { dilation, direction, grafted, reach = wholeSequence(E), zeroPadding = (x) => x } = options;
  const { insertion, patches } = grafted ?? {};
  const common = { direction, zeroPadding, insertion };
  const first = { ...common, dilation, reach: reach.first, patch: patches?.first };
  const second = { ...common, dilation: 2 * dilation, reach: reach.second, patch: patches?.second };
  const residual = atOutputs(atOutputs(E, reach.first), reach.second); // [B, outputs, k]
  return layer(layer(E, weights.first, first), weights.second, second, residual);
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
