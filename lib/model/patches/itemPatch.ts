/** Patches of low rank for each item, on its embedding or past the trunk. Letters: B batch, P positions, k channels, r rank, n items of a user. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { pointwise } from '../../engine/ops/convolution';
import { gatherRows } from '../../engine/ops/rows';
import { normal, type Weight, zeros } from '../../engine/weights';
import { embeddingRows, realPositions, type TrunkShape } from '../trunks/trunk';

/** An item's own a [rows, r], and the basis B [r, k] of all. */
export type ItemPatch<L> = { readonly factors: L; readonly basis: L };

/** Fresh weights, which change nothing. */
export const freshItemPatch = (shape: TrunkShape, rank: number, stream: Random): ItemPatch<Weight> => ({
  factors: zeros([embeddingRows(shape), rank]),
  basis: normal([rank, shape.channels], 1 / Math.sqrt(rank), stream),
});

/** e + a B of the rows of `items` items and of padding in an embedding [rows, k]: the table that gives the same without the patch. */
export function mergedItems(
  { shape, values }: Weight,
  { factors, basis }: ItemPatch<Weight>,
  items: number,
): Weight {
  const [k, r] = [shape[1], basis.shape[0]];
  const shifted = values.map((value, at) => {
    const [row, channel] = [Math.floor(at / k), at % k];
    if (row > items) return value;
    let shift = 0;
    for (let i = 0; i < r; i++) shift += factors.values[row * r + i] * basis.values[i * k + channel];
    return value + shift;
  });
  return { shape, values: shifted };
}

/** 1 where an item or padding stands, 0 behind the items, at [TCL], a mask or a prompt: ids [B, P] -> [B, P]. */
const isInside = (ids: Tensor, items: number): Tensor => tf.cast(tf.lessEqual(ids, items), 'float32');

/** a of ids [B, P], times `factor` [B, P] -> [B, P, r]. */
const factorsOf = (factors: Tensor, ids: Tensor, items: number, factor: Tensor): Tensor =>
  tf.mul(gatherRows(factors, tf.cast(tf.minimum(ids, items), 'int32')), tf.expandDims(factor, 2));

/** a B of ids [B, P] -> [B, P, k]; 0 for ids behind the items. */
export const shiftOf = ({ factors, basis }: ItemPatch<Tensor>, ids: Tensor, items: number): Tensor =>
  pointwise(factorsOf(factors, ids, items, isInside(ids, items)), basis);

/** Σᵢ aᵢ B / √n over the items of ids [B, P] -> [B, k]: with it a bag of items is a special case of a model. */
export function bagShift({ factors, basis }: ItemPatch<Tensor>, ids: Tensor, items: number): Tensor {
  const isItem = tf.mul(realPositions(ids), isInside(ids, items)); // [B, P]
  const sum = tf.sum(factorsOf(factors, ids, items, isItem), 1); // [B, r]
  const root = tf.sqrt(tf.maximum(tf.sum(isItem, 1, true), 1)); // [B, 1]
  return tf.matMul(tf.div(sum, root) as tf.Tensor2D, basis as tf.Tensor2D);
}
