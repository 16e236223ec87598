/**
 * NeuFM, the neural factorisation machine (He & Chua 2017), with source items as features and labels as softmax.
 *
 * As in its paper: embeddings, bi-interaction pooling, one ReLU layer as wide as the embedding (their best depth),
 * dropout after the pooling and after the layer, and a linear part beside them.
 * The PeterRec paper gives k and "target items as softmax labels" and leaves the rest open. Ours:
 * - Each scalar that their paper puts out is one number for each label, so its weights are a row of the softmax layer.
 *   The linear part Σ w_i x_i would be an |X| × |Y| matrix; it is factorised by the same embedding, w_iy = v_i · w_y,
 *   as in a factorisation machine with the target item for a feature.
 * - x_i is 1/√N, repeated items count once. Layer normalisation stands where they have batch normalisation, whose
 *   running averages depend on the order of the batches.
 * - The softmax is over all labels, or over a uniform sample of them above the catalogue limit of pre-training.
 * Letters: U users, L places for items, k channels. `T` is the leaf of a weight tree: Weight or Tensor.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { layerNorm } from '../../engine/ops/normalisation';
import { normal, ones, type Weight, zeros } from '../../engine/weights';
import { freshHead, type HeadWeights } from '../../model/heads';
import { type FeatureModel, headedModel } from './featureModel';
import {
  biInteraction,
  type DenseWeights,
  dropped,
  featureRows,
  freshLayers,
  hiddenLayers,
  sumPooling,
  weighted,
} from './features';

const LAYERS = 1;

export type NeuFMWeights<T> = {
  readonly embedding: T;
  readonly norm: { readonly gain: T; readonly shift: T };
  readonly layers: readonly DenseWeights<T>[];
  readonly head: HeadWeights<T>;
};

/** What a row of the softmax layer weighs: the first order and the layers above the pooling, [U, L] -> [U, 2k]. */
export function neuFMVector(
  { embedding, norm, layers }: NeuFMWeights<Tensor>,
  ids: Tensor,
  masks?: Tensor,
): Tensor {
  const xv = weighted(embedding, ids); // [U, L, k]
  const pooled = tf.expandDims(biInteraction(xv), 1); // [U, 1, k]
  const normed = tf.squeeze(layerNorm(pooled, norm), [1]); // [U, k]
  return tf.concat([sumPooling(xv), hiddenLayers(dropped(normed, masks, 0), layers, masks, 1)], 1);
}

export const neuFM: FeatureModel<NeuFMWeights<Weight>> = {
  ...headedModel(neuFMVector),
  fresh: ({ items, labels, channels: k }, stream) => ({
    embedding: normal([featureRows(items), k], 0.02, stream),
    norm: { gain: ones([k]), shift: zeros([k]) },
    layers: freshLayers(LAYERS, k, stream),
    head: freshHead(labels, 2 * k, stream),
  }),
  droppable: (k) => (1 + LAYERS) * k,
};
