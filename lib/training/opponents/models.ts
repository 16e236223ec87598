/**
 * The bag of items, NeuFM and DeepFM, with source items as features and labels as softmax.
 *
 * The PeterRec paper gives NeuFM and DeepFM k and "target items as softmax labels" and leaves the rest open. Ours:
 * - Each scalar that their papers put out is one number for each label, so its weights are a row of the softmax layer.
 *   The linear part Σ w_i x_i would be an |X| × |Y| matrix; it is factorised by the same embedding, w_iy = v_i · w_y,
 *   as in a factorisation machine with the target item for a feature.
 * - x_i is 1/√N, repeated items count once.
 * - The softmax is over all labels; of NeuFM and DeepFM over a uniform sample of them above the preset's
 *   catalogue limit.
 * Letters: U users, L places for items, |X| source items, F of them with weights, |Y| labels, k channels.
 * `T` is the leaf of a weight tree: Weight or Tensor.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { layerNorm } from '../../engine/ops/normalisation';
import { gatherRows } from '../../engine/ops/rows';
import { sparseCrossEntropy } from '../../engine/ops/softmaxSum';
import { normal, ones, type Weight, zeros } from '../../engine/weights';
import { freshHead, type HeadWeights } from '../../model/heads';
import { weightedMean } from '../losses';
import {
  biInteraction,
  type DenseWeights,
  dropped,
  type FeatureModel,
  freshLayers,
  headedModel,
  hiddenLayers,
  weighted,
} from './features';

/** W holds at most so many: of a large catalogue the most frequent items, whose ids are the smallest, are features. */
const MOST_WEIGHTS = 20_000_000;

/** F */
export const itemsInBag = (items: number, labels: number) =>
  Math.min(items, Math.floor(MOST_WEIGHTS / labels));

/** W [F + 1, |Y|], of padding first, and b [|Y|]. */
type BagOfItemsWeights<T> = { readonly table: T; readonly bias: T };

/** x W + b: ids [U, L] -> [U, |Y|]; an item without weights is as padding. */
export function bagOfItemsScores({ table, bias }: BagOfItemsWeights<Tensor>, ids: Tensor): Tensor {
  const known = tf.mul(ids, tf.cast(tf.less(ids, table.shape[0]), 'int32'));
  return tf.add(tf.sum(weighted(table, known), 1), bias);
}

/**
 * Multinomial logistic regression: mean cross-entropy + decay · Σ W² / 2; b is free. scikit-learn's C is
 * 1 / (decay · training instances). ml-logistic-regression on npm is one-against-rest, dense and without L2.
 */
export const bagOfItems = (decay: number): FeatureModel<BagOfItemsWeights<Weight>> => ({
  fresh: ({ items, labels }) => ({
    table: zeros([itemsInBag(items, labels) + 1, labels]),
    bias: zeros([labels]),
  }),
  droppable: () => 0,
  loss: (model, { ids, owner, labels, weights }) => {
    const o = gatherRows(bagOfItemsScores(model, ids), owner); // [B, |Y|]
    const penalty = tf.mul(tf.sum(tf.square(model.table)), decay / 2);
    return tf.add(weightedMean(sparseCrossEntropy(o, labels), weights), penalty) as Scalar;
  },
  scores: bagOfItemsScores,
  tables: () => [],
});

/** Embedding [|X| + 1, k], of padding first. */
type DeepFMWeights<T> = {
  readonly embedding: T;
  readonly layers: readonly DenseWeights<T>[];
  readonly head: HeadWeights<T>;
};
type NeuFMWeights<T> = DeepFMWeights<T> & { readonly norm: { readonly gain: T; readonly shift: T } };

/** Their best depth. */
const NEUFM_LAYERS = 1;

/**
 * The neural factorisation machine (He & Chua 2017): first order, and bi-interaction pooling below one ReLU layer as wide as the
 * embedding, with dropout after both, [U, L] -> [U, 2k]. Layer normalisation stands where they have batch normalisation, whose
 * running averages depend on the order of the batches.
 */
export function neuFMVector(
  { embedding, norm, layers }: NeuFMWeights<Tensor>,
  ids: Tensor,
  masks?: Tensor,
): Tensor {
  const xv = weighted(embedding, ids); // [U, L, k]
  const pooled = tf.expandDims(biInteraction(xv), 1); // [U, 1, k]
  const normed = tf.squeeze(layerNorm(pooled, norm), [1]); // [U, k]
  return tf.concat([tf.sum(xv, 1), hiddenLayers(dropped(normed, masks, 0), layers, masks, 1)], 1);
}

export const neuFM: FeatureModel<NeuFMWeights<Weight>> = {
  ...headedModel(neuFMVector),
  fresh: ({ items, labels, channels: k }, stream) => ({
    embedding: normal([items + 1, k], 0.02, stream),
    norm: { gain: ones([k]), shift: zeros([k]) },
    layers: freshLayers(NEUFM_LAYERS, k, stream),
    head: freshHead(labels, 2 * k, stream),
  }),
  droppable: (k) => (1 + NEUFM_LAYERS) * k,
};

const DEEPFM_LAYERS = 3;

/**
 * DeepFM (Guo et al. 2017): first order, second order, and three ReLU layers of the same width with dropout, side by side on one
 * embedding, [U, L] -> [U, 3k]. The layers are k wide (their 400 are for millions of clicks). A user is one field of many values,
 * so the deep part reads Σ x_i v_i where their paper joins one vector a field.
 */
export function deepFMVector(
  { embedding, layers }: DeepFMWeights<Tensor>,
  ids: Tensor,
  masks?: Tensor,
): Tensor {
  const xv = weighted(embedding, ids); // [U, L, k]
  const sum = tf.sum(xv, 1); // [U, k]
  return tf.concat([sum, biInteraction(xv), hiddenLayers(sum, layers, masks, 0)], 1);
}

export const deepFM: FeatureModel<DeepFMWeights<Weight>> = {
  ...headedModel(deepFMVector),
  fresh: ({ items, labels, channels: k }, stream) => ({
    embedding: normal([items + 1, k], 0.02, stream),
    layers: freshLayers(DEEPFM_LAYERS, k, stream),
    head: freshHead(labels, 3 * k, stream),
  }),
  droppable: (k) => DEEPFM_LAYERS * k,
};
