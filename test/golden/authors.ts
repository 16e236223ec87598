/** What the authors' code adds to the paper, and what only parity needs. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../lib/engine/native';

/** The authors' classifiers have no bias. */
export const unbiased = (table: Tensor) => ({ table, bias: tf.zeros([table.shape[0]]) });

/** A loss with their L2 term, 0.02 · Σ w² / 2 over the whole target table. */
export function withL2(loss: Scalar, table: Tensor): Scalar {
  return tf.add(loss, tf.mul(0.02 / 2, tf.sum(tf.square(table))));
}
