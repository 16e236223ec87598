/** Letters: B batch, k channels, |Y| labels. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../base/random';
import { tf } from '../engine/native';
import { rankInPool } from '../engine/ops/rank';
import { gatherRows } from '../engine/ops/rows';
import { normal, type Weight, zeros } from '../engine/weights';

/** A classification layer: ŵ of pre-training or ν of a task. Row y of the table [|Y|, k] is column y of the paper's W. */
export type HeadWeights<L> = { readonly table: L; readonly bias: L };

/** Eq. 5: o = h W + b, [B, k] -> [B, |Y|]. */
export function scores(h: Tensor, { table, bias }: HeadWeights<Tensor>): Tensor {
  return tf.add(tf.matMul(h as tf.Tensor2D, table as tf.Tensor2D, false, true), bias);
}

/** o_y of one label for each row: h [B, k], labels [B] (int32) -> [B]. */
export function scoreOf(h: Tensor, { table, bias }: HeadWeights<Tensor>, labels: Tensor): Tensor {
  return tf.add(tf.sum(tf.mul(h, gatherRows(table, labels)), 1), gatherRows(bias, labels));
}

/** Rank of one label of each row among all by o, equal scores against it: h [B, k], labels [B] (int32) -> [B] (int32). */
export const rankOf = (h: Tensor, { table, bias }: HeadWeights<Tensor>, labels: Tensor): Tensor =>
  rankInPool({ h, table, offset: bias }, labels);

export function freshHead(labels: number, channels: number, stream: Random): HeadWeights<Weight> {
  return { table: normal([labels, channels], 0.02, stream), bias: zeros([labels]) };
}
