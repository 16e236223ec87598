/** Letters: B batch, n source items of a user, k channels. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { BlockPatches, Insertion } from '../patches/insertion';
import { tf } from '../tensorflow/native';
import type { HeadWeights } from './heads';
import { encode, type TrunkShape, type TrunkWeights, tclId } from './trunk';

/** Θ̃, ϑ and ν of one task; a model without patches has an empty list. */
export type UserModelWeights<L> = {
  readonly trunk: TrunkWeights<L>;
  readonly patches: readonly BlockPatches<L>[];
  readonly head: HeadWeights<L>;
};

/** Positions that [TCL] adds to a user's sequence (Fig. 2a: at the end; 2c: at both ends). */
export const tokens = ({ direction }: TrunkShape) => (direction === 'causal' ? 1 : 2);

/** A padded source sequence with its [TCL], Fig. 2a (causal) or 2c (non-causal). */
export function withTcl(padded: Int32Array, shape: TrunkShape): Int32Array {
  const tcl = tclId(shape);
  return Int32Array.from(shape.direction === 'causal' ? [...padded, tcl] : [tcl, ...padded, tcl]);
}

/**
 * The user representation of Fig. 2: ids [B, n + tokens] -> [B, k].
 * Causal: h at the last position. Non-causal: h_first + h_last, Eq. 6.
 */
export function userVector(
  { trunk, patches }: UserModelWeights<Tensor>,
  shape: TrunkShape,
  ids: Tensor,
  insertion?: Insertion,
): Tensor {
  const h = encode(trunk, shape, ids, insertion && { patches, insertion }); // [B, T, k]
  const [B, T, k] = h.shape as [number, number, number];
  const at = (position: number) => tf.reshape(tf.slice(h, [0, position, 0], [B, 1, k]), [B, k]);
  return shape.direction === 'causal' ? at(T - 1) : tf.add(at(0), at(T - 1));
}
