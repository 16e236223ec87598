import assert from 'node:assert/strict';
import { test } from 'node:test';
import { featureIds, weighted } from '../../lib/baselines/features';
import { tf } from '../../lib/tensorflow/native';
import { assertClose } from '../tensorflow/bothWays';

test('a repeated item is one feature, and padding stands at the end', () => {
  const ids = featureIds([Int32Array.of(2, 5, 2), Int32Array.of(), Int32Array.of(1, 2, 3, 4, 6)], 4);
  assert.deepEqual([...ids], [2, 5, 0, 0, 0, 0, 0, 0, 2, 3, 4, 6]);
});

test('the features of a user have length 1: four items count ½ each, one counts 1, none give 0', () => {
  const table = tf.tensor2d([9, 1, 2, 3, 4], [5, 1]);
  const ids = tf.tensor2d([1, 2, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0], [3, 4], 'int32');
  assertClose(weighted(table, ids).dataSync(), [0.5, 1, 1.5, 2, 3, 0, 0, 0, 0, 0, 0, 0], 1e-6);
});
