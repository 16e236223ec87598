/**
 * Multinomial logistic regression on a bag of source items, with L2. On our own engine: of the libraries on npm,
 * ml-logistic-regression is one-against-rest, dense and without L2, and was last published in 2021.
 * Letters: U users, L places for items, |X| source items, F of them with weights, |Y| labels. `T` is the leaf of a tree.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { gatherRows } from '../../engine/ops/rows';
import { sparseCrossEntropy } from '../../engine/ops/softmaxSum';
import { type Weight, zeros } from '../../engine/weights';
import { weightedMean } from '../losses';
import type { FeatureModel } from './featureModel';
import { featureRows, sumPooling, weighted } from './features';

/** W holds at most so many: of a large catalogue the most frequent items, whose ids are the smallest, are features. */
const MOST_WEIGHTS = 20_000_000;

/** F */
export const itemsInBag = (items: number, labels: number) =>
  Math.min(items, Math.floor(MOST_WEIGHTS / labels));

/** W [F + 1, |Y|] and b [|Y|]. */
export type BagOfItemsWeights<T> = { readonly table: T; readonly bias: T };

/** x W + b: ids [U, L] -> [U, |Y|]; an item without weights is as padding. */
export function bagOfItemsScores({ table, bias }: BagOfItemsWeights<Tensor>, ids: Tensor): Tensor {
  const known = tf.mul(ids, tf.cast(tf.less(ids, table.shape[0]), 'int32'));
  return tf.add(sumPooling(weighted(table, known)), bias);
}

/** Mean cross-entropy + decay · Σ W² / 2; b is free. scikit-learn's C is 1 / (decay · training instances). */
export const bagOfItems = (decay: number): FeatureModel<BagOfItemsWeights<Weight>> => ({
  fresh: ({ items, labels }) => ({
    table: zeros([featureRows(itemsInBag(items, labels)), labels]),
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
