/**
 * DeepFM (Guo et al. 2017) with source items as features and labels as softmax.
 *
 * As in its paper: a factorisation machine and a deep part side by side on one embedding, their outputs added; three
 * ReLU layers of the same width with dropout. The PeterRec paper gives k and "target items as softmax labels" and
 * leaves the rest open. Ours:
 * - The layers are k wide (their 400 are for millions of clicks).
 * - A user is one field of many values, so the deep part reads Σ x_i v_i where their paper joins one vector a field.
 * - Each scalar that their paper puts out is one number for each label: a row of the softmax layer weighs the k parts
 *   whose sum is their second-order term, and the first order is factorised as in NeuFM.
 * - x_i is 1/√N, repeated items count once.
 * - The softmax is over all labels, or over a uniform sample of them above the catalogue limit of pre-training.
 * Letters: U users, L places for items, k channels. `T` is the leaf of a weight tree: Weight or Tensor.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { normal, type Weight } from '../../engine/weights';
import { freshHead, type HeadWeights } from '../../model/heads';
import { type FeatureModel, headedModel } from './featureModel';
import {
  biInteraction,
  type DenseWeights,
  featureRows,
  freshLayers,
  hiddenLayers,
  sumPooling,
  weighted,
} from './features';

const LAYERS = 3;

export type DeepFMWeights<T> = {
  readonly embedding: T;
  readonly layers: readonly DenseWeights<T>[];
  readonly head: HeadWeights<T>;
};

/** What a row of the softmax layer weighs: first order, second order and the deep part, [U, L] -> [U, 3k]. */
export function deepFMVector(
  { embedding, layers }: DeepFMWeights<Tensor>,
  ids: Tensor,
  masks?: Tensor,
): Tensor {
  const xv = weighted(embedding, ids); // [U, L, k]
  const sum = sumPooling(xv); // [U, k]
  return tf.concat([sum, biInteraction(xv), hiddenLayers(sum, layers, masks, 0)], 1);
}

export const deepFM: FeatureModel<DeepFMWeights<Weight>> = {
  ...headedModel(deepFMVector),
  fresh: ({ items, labels, channels: k }, stream) => ({
    embedding: normal([featureRows(items), k], 0.02, stream),
    layers: freshLayers(LAYERS, k, stream),
    head: freshHead(labels, 3 * k, stream),
  }),
  droppable: (k) => LAYERS * k,
};
