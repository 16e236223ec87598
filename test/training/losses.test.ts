import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../lib/engine/native';
import {
  bpr,
  bprOverAll,
  fullSoftmax,
  maskedStates,
  pointwise,
  sampledSoftmax,
  weightedMean,
} from '../../lib/training/losses';
import { assertClose } from '../engine/bothWays';

const LN2 = Math.log(2);
const h = tf.tensor2d([1, 0, 0, 1], [2, 2]);
/** Scores of user 0: 0, LN2, 0; of user 1: 0, 0, 0. */
const head = { table: tf.tensor2d([0, 0, LN2, 0, 0, 0], [3, 2]), bias: tf.zeros([3]) };
const ids = (...values: number[]) => tf.tensor1d(values, 'int32');

test('a row of weight 0 does not count', () => {
  assertClose(weightedMean(tf.tensor1d([1, 2, 9]), tf.tensor1d([1, 3, 0])).dataSync(), [7 / 4], 1e-7);
});

const both = { labels: ids(1, 0), weights: tf.ones([2]) };
const first = { labels: ids(1, 0), weights: tf.tensor1d([1, 0]) };

test('softmax cross-entropy: odds 1 : 2 : 1 and 1 : 1 : 1 cost ln 2 and ln 3', () => {
  assertClose(fullSoftmax(h, head, both).dataSync(), [(LN2 + Math.log(3)) / 2], 1e-6);
  assertClose(fullSoftmax(h, head, first).dataSync(), [LN2], 1e-6);
});

test('BPR over all labels is the mean of BPR against each other one', () => {
  const biased = { table: head.table, bias: tf.tensor1d([0.3, -0.2, 1]) };
  const against = (label: number, negative: number) =>
    bpr(tf.slice(h, [0, 0], [1, 2]), biased, { labels: ids(label), negatives: ids(negative) }).dataSync()[0];
  const found = bprOverAll(h, biased, first);
  assertClose(found.dataSync(), [(against(1, 0) + against(1, 2)) / 2], 1e-6);
});

/** As if each had an expected count of 1, unless told otherwise. */
const sample = (candidates: number[], counts = candidates.map(() => 1), labelCounts = [1, 1]) => ({
  candidates: ids(...candidates),
  candidateLogCounts: tf.log(tf.tensor1d(counts)),
  labelLogCounts: tf.log(tf.tensor1d(labelCounts)),
});

test('where no row counts, the loss is 0 and moves nothing', () => {
  const none = { labels: ids(1, 0), weights: tf.zeros([2]) };
  const lossesOf = (states: Tensor) => [
    fullSoftmax(states, head, none),
    sampledSoftmax(states, head, none, sample([1, 2])),
    bpr(states, head, { ...none, negatives: ids(0, 2) }),
  ];
  for (const i of [0, 1, 2]) {
    assertClose(lossesOf(h)[i].dataSync(), [0], 0);
    const slope = tf.grad((states: Tensor) => lossesOf(states)[i]);
    assertClose(slope(h).dataSync(), [0, 0, 0, 0], 0);
  }
});

/** The label against the candidates alone; an expected count divides the odds of its item; the row's label is no candidate. */
const sampled = [
  ['2 : 1 and 1 : 1', both, sample([2]), Math.log(3 / 2) + LN2],
  ['2 / 4 : 1 / 0.5, and 1 / 2 : 1 / 0.5', both, sample([2], [0.5], [4, 2]), Math.log(5) + Math.log(5)],
  ['2 : 1 and 1 : 1 : 1, its own label left out', both, sample([1, 2]), Math.log(3 / 2) + Math.log(3)],
  ['no candidate but its own label', first, sample([1]), 0],
] as const;
for (const [odds, labelled, drawn, sum] of sampled)
  test(`sampled softmax: ${odds}`, () =>
    assertClose(sampledSoftmax(h, head, labelled, drawn).dataSync(), [sum / 2], 1e-6));

test('states of masked positions come row by row, each from its own sequence', () => {
  const states = tf.reshape(tf.range(0, 12), [2, 3, 2]);
  const positions = tf.tensor2d([0, 2, 1, 1], [2, 2], 'int32');
  assertClose(maskedStates(states, positions).dataSync(), [0, 1, 4, 5, 8, 9, 8, 9], 0);
});

test('BPR: odds 2 : 1 for the right label cost −ln 2/3, equal scores ln 2; biases are added', () => {
  const negatives = { labels: ids(1, 0), negatives: ids(0, 2) };
  assertClose(bpr(h, head, negatives).dataSync(), [(Math.log(3 / 2) + LN2) / 2], 1e-6);
  const biased = { ...head, bias: tf.tensor1d([0, LN2, 0]) };
  const sum = Math.log(5 / 4) + Math.log(3 / 2);
  assertClose(bpr(h, biased, { labels: ids(1, 1), negatives: ids(0, 0) }).dataSync(), [sum / 2], 1e-6);
});

test('BPR of a margin of −200 is 200, where the authors’ form is infinite, and its slope is −1', () => {
  const far = { table: tf.tensor2d([-200, 0, 0, 0], [2, 2]), bias: tf.zeros([2]) };
  const user = tf.tensor2d([1, 0], [1, 2]);
  const { value, grad } = tf.valueAndGrad((x) =>
    bpr(x as tf.Tensor2D, far, { labels: ids(0), negatives: ids(1) }),
  )(user);
  assertClose(value.dataSync(), [200], 1e-6);
  assertClose(grad.dataSync(), [200, 0], 1e-6);
});

test('pointwise: odds 2 : 1 for the right label and 1 : 1 against the wrong one cost ln 3/2 + ln 2', () => {
  const negatives = ids(0, 2);
  assertClose(pointwise(h, head, { ...first, negatives }).dataSync(), [Math.log(3 / 2) + LN2], 1e-6);
  assertClose(pointwise(h, head, { ...both, negatives }).dataSync(), [(Math.log(3 / 2) + 3 * LN2) / 2], 1e-6);
});

test('pointwise: a wrong label of score 100 costs 100, where the authors’ form stops at 55', () => {
  const far = { table: tf.tensor2d([0, 0, 100, 0], [2, 2]), bias: tf.zeros([2]) };
  const loss = pointwise(tf.tensor2d([1, 0], [1, 2]), far, { labels: ids(0), negatives: ids(1) });
  assertClose(loss.dataSync(), [100 + LN2], 1e-6);
});
