import { test } from 'node:test';
import { tf } from '../../lib/tensorflow/native';
import { bpr, fullSoftmax, weightedMean } from '../../lib/training/losses';
import { assertClose } from '../tensorflow/bothWays';

const LN2 = Math.log(2);
const h = tf.tensor2d([1, 0, 0, 1], [2, 2]);
/** Scores of user 0: 0, LN2, 0; of user 1: 0, 0, 0. */
const head = { table: tf.tensor2d([0, 0, LN2, 0, 0, 0], [3, 2]), bias: tf.zeros([3]) };
const ids = (...values: number[]) => tf.tensor1d(values, 'int32');

test('a row of weight 0 does not count', () => {
  assertClose(weightedMean(tf.tensor1d([1, 2, 9]), tf.tensor1d([1, 3, 0])).dataSync(), [7 / 4], 1e-7);
});

test('softmax cross-entropy: odds 1 : 2 : 1 and 1 : 1 : 1 cost ln 2 and ln 3', () => {
  assertClose(fullSoftmax(h, head, ids(1, 0), tf.ones([2])).dataSync(), [(LN2 + Math.log(3)) / 2], 1e-6);
  assertClose(fullSoftmax(h, head, ids(1, 0), tf.tensor1d([1, 0])).dataSync(), [LN2], 1e-6);
});

test('BPR: odds 2 : 1 for the right label cost −ln 2/3, equal scores ln 2', () => {
  assertClose(bpr(h, head, ids(1, 0), ids(0, 2)).dataSync(), [(Math.log(3 / 2) + LN2) / 2], 1e-6);
});

test('BPR adds the biases of the labels', () => {
  const biased = { ...head, bias: tf.tensor1d([0, LN2, 0]) };
  assertClose(
    bpr(h, biased, ids(1, 1), ids(0, 0)).dataSync(),
    [(Math.log(5 / 4) + Math.log(3 / 2)) / 2],
    1e-6,
  );
});

test('BPR of a margin of −200 is 200, where the authors’ form is infinite, and its slope is −1', () => {
  const far = { table: tf.tensor2d([-200, 0, 0, 0], [2, 2]), bias: tf.zeros([2]) };
  const user = tf.tensor2d([1, 0], [1, 2]);
  const { value, grad } = tf.valueAndGrad((x) => bpr(x as tf.Tensor2D, far, ids(0), ids(1)))(user);
  assertClose(value.dataSync(), [200], 1e-6);
  assertClose(grad.dataSync(), [200, 0], 1e-6);
});
