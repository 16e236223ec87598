import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tf } from '../../lib/engine/native';
import { scoreOf, scores } from '../../lib/model/heads';

const h = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const head = { table: tf.tensor2d([1, 0, 0, 10, 100, 100], [3, 2]), bias: tf.tensor1d([0.5, 0, -1]) };

test('a score is the product of the user and the row of a label, plus its bias; that of one label is its entry', () => {
  assert.deepEqual([...scores(h, head).dataSync()], [1.5, 20, 299, 3.5, 40, 699]);
  assert.deepEqual([...scoreOf(h, head, tf.tensor1d([2, 0], 'int32')).dataSync()], [299, 3.5]);
});
