/** Letters: B batch, T length, k channels, d bottleneck. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { byChoice } from '../../base/choice';
import type { Random } from '../../base/random';
import { gelu, relu } from '../../engine/ops/activations';
import { pointwise } from '../../engine/ops/convolution';
import { normal, type Weight, zeros } from '../../engine/weights';

/** A model patch, part of ϑ: φ_down [k, d] and φ_up [d, k], both with biases. */
export type Eq9<L> = { readonly down: Projection<L>; readonly up: Projection<L> };
type Projection<L> = { readonly weight: L; readonly bias: L };

export type Activation = 'relu' | 'gelu';
export const activations = byChoice({ relu, gelu });

/** Whether a patch has its own shortcut, the E of Eq. 9; without it a parallel patch adds only what it has learnt. */
export type Shortcut = 'with' | 'without';

/** Eq. 9: P(E) = E + φ_up(σ(φ_down(E))), [B, T, k] -> [B, T, k]. */
export function patch(
  E: Tensor,
  { down, up }: Eq9<Tensor>,
  activation: Activation,
  shortcut: Shortcut = 'with',
): Tensor {
  const narrow = activations[activation](pointwise(E, down.weight, down.bias)); // [B, T, d]
  return pointwise(narrow, up.weight, up.bias, shortcut === 'with' ? E : undefined); // [B, T, k]
}

/** Start of φ_up: truncated normal as in the authors' code, or at zero: a fresh serial patch then changes nothing. */
export type PatchStart = 'normal' | 'zero';

/** Fresh weights: truncated normal of deviation 0.02, zero biases. */
export function freshPatch(k: number, d: number, start: PatchStart, stream: Random): Eq9<Weight> {
  return {
    down: { weight: normal([k, d], 0.02, stream), bias: zeros([d]) },
    up: { weight: start === 'zero' ? zeros([d, k]) : normal([d, k], 0.02, stream), bias: zeros([k]) },
  };
}
