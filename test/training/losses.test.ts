/** What the golden losses of the authors leave open: weights, samples, BPR over all labels, and the extremes. */
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../lib/engine/native';
import { authorsLoss, bpr, fullSoftmax, sampledSoftmax, weightedMean } from '../../lib/training/losses';
import { assertClose } from '../engine/bothWays';

const LN2 = Math.log(2);
const h = tf.tensor2d([1, 0, 0, 1], [2, 2]);
/** Scores of user 0: 0, LN2, 0; of user 1: 0, 0, 0. */
const head = { table: tf.tensor2d([0, 0, LN2, 0, 0, 0], [3, 2]), bias: tf.zeros([3]) };
const ids = (...values: number[]) => tf.tensor1d(values, 'int32');
const weighing = (...weights: number[]) => ({ labels: ids(1, 0), weights: tf.tensor1d(weights) });
const [both, first, none] = [weighing(1, 1), weighing(1, 0), weighing(0, 0)];

/** As if each had an expected count of 1, unless told otherwise. */
const sample = (candidates: number[], counts = candidates.map(() => 1), labelCounts = [1, 1]) => ({
  candidates: ids(...candidates),
  candidateLogCounts: tf.log(tf.tensor1d(counts)),
  labelLogCounts: tf.log(tf.tensor1d(labelCounts)),
});

/** Softmax sets the label against the candidates; a count divides its item's odds; the row's label is no candidate. */
const cases: readonly (readonly [odds: string, loss: Tensor, expected: number])[] = [
  ['a row of weight 0', weightedMean(tf.tensor1d([1, 2, 9]), tf.tensor1d([1, 3, 0])), 7 / 4],
  ['softmax of 1 : 2 : 1 and 1 : 1 : 1', fullSoftmax(h, head, both), (LN2 + Math.log(3)) / 2],
  ['softmax of 1 : 2 : 1 alone', fullSoftmax(h, head, first), LN2],
  ['sampled 2 : 1 and 1 : 1', sampledSoftmax(h, head, both, sample([2])), (Math.log(3 / 2) + LN2) / 2],
  [
    'sampled 2 / 4 : 1 / 0.5, and 1 / 2 : 1 / 0.5',
    sampledSoftmax(h, head, both, sample([2], [0.5], [4, 2])),
    Math.log(5),
  ],
  [
    'sampled 2 : 1 and 1 : 1 : 1, its own label left out',
    sampledSoftmax(h, head, both, sample([1, 2])),
    (Math.log(3 / 2) + Math.log(3)) / 2,
  ],
  ['no candidate but its own label', sampledSoftmax(h, head, first, sample([1])), 0],
  ['BPR 2 : 1 and 1 : 1', bpr(h, head, { ...both, negatives: ids(0, 2) }), (Math.log(3 / 2) + LN2) / 2],
  ['pointwise 2 : 1 alone', authorsLoss(h, head, { ...first, negatives: ids(0, 2) }), Math.log(3 / 2) + LN2],
];
for (const [odds, loss, expected] of cases)
  test(`loss by hand: ${odds}`, () => assertClose(loss.dataSync(), [expected], 1e-6));

test('where no row counts, the loss is 0 and moves nothing', () => {
  const lossesOf = (states: Tensor) => [
    fullSoftmax(states, head, none),
    sampledSoftmax(states, head, none, sample([1, 2])),
    bpr(states, head, { ...none, negatives: ids(0, 2) }),
    authorsLoss(states, head, { ...none, negatives: ids(0, 2) }),
  ];
  for (const i of lossesOf(h).keys()) {
    const { value, grad } = tf.valueAndGrad((states: Tensor) => lossesOf(states)[i])(h);
    assertClose([...value.dataSync(), ...grad.dataSync()], [0, 0, 0, 0, 0], 0);
  }
});

test('BPR of a margin of −200 is 200, where the authors’ form is infinite, and its slope is −1; pointwise too', () => {
  const far = { table: tf.tensor2d([-200, 0, 0, 0], [2, 2]), bias: tf.zeros([2]) };
  const user = tf.tensor2d([1, 0], [1, 2]);
  const pair = { labels: ids(0), negatives: ids(1) };
  const { value, grad } = tf.valueAndGrad((x) => bpr(x as tf.Tensor2D, far, pair))(user);
  assertClose([...value.dataSync(), ...grad.dataSync()], [200, 200, 0], 1e-6);
  assertClose(authorsLoss(user, far, pair).dataSync(), [200 + LN2], 1e-6);
});
