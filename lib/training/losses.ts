/** Letters: B batch, T length, M masked positions, k channels, |X| source items, |Y| labels, N rows, S candidates. */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../engine/native';
import { gatherRows } from '../engine/ops/rows';
import { softmaxSum } from '../engine/ops/softmaxSum';
import { type HeadWeights, scoreOf } from '../model/heads';

/** Σ w of weights that are 0 or at least 1, w [N] -> scalar; 1 where all are 0, so that a mean over no row is 0. */
const countOf = (weights: Tensor): Scalar => tf.maximum(tf.sum(weights), 1);

/** Σ w l / Σ w: l [N], w [N] -> scalar. A weight of 0 leaves a row (a padded position or instance) out; of no row the mean is 0. */
export function weightedMean(losses: Tensor, weights: Tensor): Scalar {
  return tf.div(tf.sum(tf.mul(losses, weights)), countOf(weights));
}

/** Labels [N] (int32), and what each counts, [N]. */
type Labelled = { readonly labels: Tensor; readonly weights: Tensor };

/** Eq. 1 and softmax cross-entropy in general: h [N, k] -> scalar. */
export function fullSoftmax(h: Tensor, { table, bias }: HeadWeights<Tensor>, labelled: Labelled): Scalar {
  return tf.div(softmaxSum({ h, table, offset: bias, ...labelled }), countOf(labelled.weights));
}

/** Candidates [S] (int32) and the log expected counts of candidates [S] and labels [N], from `candidateBatch`. */
type Sample = {
  readonly candidates: Tensor;
  readonly candidateLogCounts: Tensor;
  readonly labelLogCounts: Tensor;
};

/**
 * Softmax cross-entropy of the label against sampled candidates (Jean et al. 2015), as TensorFlow's
 * sampled_softmax_loss: each logit less its log expected count, candidates that are the row's label left out.
 * h [N, k] -> scalar.
 */
export function sampledSoftmax(
  h: Tensor,
  head: HeadWeights<Tensor>,
  labelled: Labelled,
  { candidates, candidateLogCounts, labelLogCounts }: Sample,
): Scalar {
  const table = gatherRows(head.table, candidates); // [S, k]
  const offset = tf.sub(gatherRows(head.bias, candidates), candidateLogCounts); // [S]
  const own = tf.sub(scoreOf(h, head, labelled.labels), labelLogCounts); // [N]
  return tf.div(
    softmaxSum({ h, table, offset, ...labelled }, { own, candidates }),
    countOf(labelled.weights),
  );
}

/** Softmax cross-entropy against the candidates of a batch if it has any, else against all: h [N, k] -> scalar. */
export function softmaxLoss(h: Tensor, head: HeadWeights<Tensor>, batch: NamedTensorMap): Scalar {
  const { labels, weights, candidates, candidateLogCounts, labelLogCounts } = batch;
  const sample = { candidates, candidateLogCounts, labelLogCounts };
  const labelled = { labels, weights };
  return candidates ? sampledSoftmax(h, head, labelled, sample) : fullSoftmax(h, head, labelled);
}

/**
 * Hidden states of masked positions, for `softmaxLoss` over the masked items:
 * h [B, T, k], positions [B, M] (int32) -> [B M, k]. A padded position may name any place and has the weight 0.
 */
export function maskedStates(h: Tensor, positions: Tensor): Tensor {
  const [B, T, k] = h.shape as [number, number, number];
  const starts = tf.tensor2d(
    Int32Array.from({ length: B }, (_, b) => b * T),
    [B, 1],
    'int32',
  );
  const rows = tf.reshape(tf.add(positions, starts), [positions.size]); // [B M]
  return gatherRows(tf.reshape(h, [B * T, k]), rows); // [B M, k]
}

/** Labels [B] (int32), a sampled negative of each, and what each counts, [B]. Without weights all count the same. */
type Paired = Pick<Labelled, 'labels'> & Partial<Labelled> & { readonly negatives: Tensor };

/** Eq. 8, BPR: weighted mean of −log δ(o_y − o_y⁻) in its softplus form: h [B, k] -> scalar. */
export function bpr(
  h: Tensor,
  head: HeadWeights<Tensor>,
  { labels, negatives, weights = tf.ones(labels.shape) }: Paired,
): Scalar {
  const margin = tf.sub(scoreOf(h, head, labels), scoreOf(h, head, negatives)); // [B]
  return weightedMean(tf.softplus(tf.neg(margin)), weights);
}

/** The authors' pointwise form: weighted mean of −log δ(o_y) − log(1 − δ(o_y⁻)) in its softplus form: h [B, k] -> scalar. */
export function authorsLoss(
  h: Tensor,
  head: HeadWeights<Tensor>,
  { labels, negatives, weights = tf.ones(labels.shape) }: Paired,
): Scalar {
  const right = tf.softplus(tf.neg(scoreOf(h, head, labels))); // [B]
  const wrong = tf.softplus(scoreOf(h, head, negatives)); // [B]
  return weightedMean(tf.add(right, wrong), weights);
}

/** The paper's loss of a task: BPR where the batch holds negatives, else cross-entropy: h [B, k] -> scalar. */
export function targetLoss(
  h: Tensor,
  head: HeadWeights<Tensor>,
  { labels, negatives, weights }: NamedTensorMap,
): Scalar {
  return negatives ? bpr(h, head, { labels, negatives, weights }) : fullSoftmax(h, head, { labels, weights });
}
