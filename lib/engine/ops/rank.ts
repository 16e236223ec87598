/** N rows, k channels, V labels of a pool or columns. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { one } from './define';
import { useKernels } from './kernels';
import { gatherRows } from './rows';

/** Scores are h tableᵀ + offset: [N, k], [V, k] and [V]. */
export type Pool = { readonly h: Tensor; readonly table: Tensor; readonly offset: Tensor };

/**
 * Rank of one label of each row in the pool by its score, 1 is the best. Ties and scores that are NaN count against it.
 * labels [N] (int32, rows of the table) -> [N] (int32).
 */
export function rankInPool({ h, table, offset }: Pool, labels: Tensor): Tensor {
  if (useKernels()) return one('RankInPool', [], [h, table, offset, labels]);
  const scores = tf.add(tf.matMul(h as tf.Tensor2D, table as tf.Tensor2D, false, true), offset); // [N, V]
  const [N, V] = scores.shape;
  const places = tf.add(tf.mul(tf.range(0, N, 1, 'int32'), tf.scalar(V, 'int32')), labels);
  const own = gatherRows(tf.reshape(scores, [N * V]), places); // [N]
  const less = tf.sum(tf.cast(tf.less(scores, tf.expandDims(own, 1)), 'int32'), 1);
  return tf.sub(tf.scalar(V, 'int32'), less);
}
