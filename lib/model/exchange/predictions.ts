/** Letters: B rows of a batch, k channels, |Y| labels, N of a top-N list. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { topK } from '../../engine/ops/rank';
import type { Tensors } from '../../engine/weights';
import { type LoadedUserModel, shapeOf } from '../files/patchFile';
import { scores } from '../heads';
import { userVector } from '../userModel';
import { perRow } from './rows';

/** Target items with their scores o_y, best first. */
export type TopList = readonly { readonly item: string; readonly score: number }[];
/** Class names with their probabilities, which sum to 1. */
export type Probabilities = Readonly<Record<string, number>>;

function logits(model: LoadedUserModel, weights: Tensors<LoadedUserModel['weights']>, ids: Tensor): Tensor {
  return scores(userVector(weights, shapeOf(model), ids), weights.head); // [B, |Y|]
}

/** The N best target items of each row of ids as the model reads them; all where there are fewer. */
export function* topLists(
  model: LoadedUserModel,
  rows: readonly Int32Array[],
  N: number,
): Generator<TopList> {
  const { labels } = model.card;
  const best = perRow(model.weights, rows, (weights, ids) => {
    const { values, indices } = topK(logits(model, weights, ids), Math.min(N, labels.length)); // [B, N]
    return tf.stack([values, tf.cast(indices, 'float32')], 1); // [B, 2, N]
  });
  for (const [values, indices] of best)
    yield [...indices].map((label, i) => ({ item: labels[label], score: values[i] }));
}

/** The probabilities of the classes for each row of ids as the model reads them. */
export function* classProbabilities(
  model: LoadedUserModel,
  rows: readonly Int32Array[],
): Generator<Probabilities> {
  const { labels } = model.card;
  const all = perRow(model.weights, rows, (weights, ids) =>
    tf.expandDims(tf.softmax(logits(model, weights, ids)), 1),
  );
  for (const [probabilities] of all)
    yield Object.fromEntries(labels.map((label, y) => [label, probabilities[y]]));
}
