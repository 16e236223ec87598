/** N rows, V scores of a row. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { one } from './define';
import { useKernels } from './kernels';
import { gatherRows } from './rows';

/**
 * Rank of one score of each row among all of the row, 1 is the best; equal scores count against it.
 * scores [N, V], labels [N] (int32, columns of the scores) -> [N] (int32).
 */
export function rankOfLabel(scores: Tensor, labels: Tensor): Tensor {
  if (useKernels()) return one('RankOfLabel', [], [scores, labels]);
  const [N, V] = scores.shape;
  const places = tf.add(tf.mul(tf.range(0, N, 1, 'int32'), tf.scalar(V, 'int32')), labels);
  const own = gatherRows(tf.reshape(scores, [N * V]), places); // [N]
  return tf.sum(tf.cast(tf.greaterEqual(scores, tf.expandDims(own, 1)), 'int32'), 1);
}
