/** From the weighted features x_i v_i of a user to one vector. Letters: U users, L places for items, k channels. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../tensorflow/native';

/** Σ x_i v_i: [U, L, k] -> [U, k]. */
export const sumPooling = (xv: Tensor): Tensor => tf.sum(xv, 1);

/**
 * Σ_{i<j} x_i v_i ⊙ x_j v_j = ½ ((Σ x_i v_i)² − Σ (x_i v_i)²): bi-interaction pooling (He & Chua 2017, Eqs. 3–4),
 * [U, L, k] -> [U, k]. The sum over its channels is the second-order term of a factorisation machine (Rendle 2010).
 */
export function biInteraction(xv: Tensor): Tensor {
  return tf.mul(tf.sub(tf.square(tf.sum(xv, 1)), tf.sum(tf.square(xv), 1)), 0.5);
}
