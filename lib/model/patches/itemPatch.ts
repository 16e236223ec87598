/** A patch on the item embedding. Letters: B batch, P positions, k channels, r rank. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { pointwise } from '../../engine/ops/convolution';
import { gatherRows } from '../../engine/ops/rows';
import { normal, type Weight, zeros } from '../../engine/weights';
import { embeddingRows, type TrunkShape } from '../trunks/trunk';

/** An item's own a [rows, r], and the basis B [r, k] of all: e + a B. */
export type ItemPatch<L> = { readonly factors: L; readonly basis: L };

/** Fresh weights, with which no embedding changes. */
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

/** a B of ids [B, P] -> [B, P, k]; 0 for ids behind the items: of [TCL], of a mask and of a prompt. */
export function shiftOf({ factors, basis }: ItemPatch<Tensor>, ids: Tensor, items: number): Tensor {
  const own = gatherRows(factors, tf.cast(tf.minimum(ids, items), 'int32')); // [B, P, r]
  const isInside = tf.expandDims(tf.cast(tf.lessEqual(ids, items), 'float32'), 2); // [B, P, 1]
  return pointwise(tf.mul(own, isInside), basis);
}
