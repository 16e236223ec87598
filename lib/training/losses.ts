/** Letters: B batch, T length, k channels, |X| source items, |Y| labels, N rows. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { type HeadWeights, scoreOf, scores } from '../model/heads';
import { tf } from '../tensorflow/native';
import { sparseCrossEntropy } from '../tensorflow/ops/crossEntropy';

/** Σ w l / Σ w: l [N], w [N] -> scalar. A weight of 0 leaves a row (a padded position or instance) out. */
export function weightedMean(losses: Tensor, weights: Tensor): Scalar {
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.sum(weights));
}

/** Eq. 1 and softmax cross-entropy in general: h [N, k], labels [N], weights [N] -> scalar. */
export function fullSoftmax(h: Tensor, head: HeadWeights<Tensor>, labels: Tensor, weights: Tensor): Scalar {
  return weightedMean(sparseCrossEntropy(scores(h, head), labels), weights);
}

/** Eq. 8, BPR: mean −log δ(o_y − o_y⁻) in its softplus form: h [B, k], labels and negatives [B] -> scalar. */
export function bpr(h: Tensor, head: HeadWeights<Tensor>, labels: Tensor, negatives: Tensor): Scalar {
  const margin = tf.sub(scoreOf(h, head, labels), scoreOf(h, head, negatives)); // [B]
  return tf.mean(tf.softplus(tf.neg(margin)));
}
