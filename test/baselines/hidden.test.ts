import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropped, hiddenLayers } from '../../lib/baselines/hidden';
import { random } from '../../lib/random';
import { tf } from '../../lib/tensorflow/native';
import { dropoutMask } from '../../lib/training/inputs';
import { assertClose } from '../tensorflow/bothWays';

const layers = [
  { kernel: tf.tensor2d([1, 0, 1, -1], [2, 2]), bias: tf.tensor1d([0.5, 0]) },
  { kernel: tf.tensor2d([2, 0, 0, 3], [2, 2]), bias: tf.tensor1d([0, 1]) },
];
const x = tf.tensor2d([1, 2], [1, 2]);

test('layers are ReLU(x W + b): (1, 2) gives (3.5, 0), then (7, 1)', () => {
  assertClose(hiddenLayers(x, layers, undefined, 0).dataSync(), [7, 1], 1e-6);
});

test('each layer has a mask of its own, from the first on', () => {
  const masks = tf.tensor2d([9, 9, 2, 1, 0, 4], [1, 6]);
  assertClose(hiddenLayers(x, layers, masks, 1).dataSync(), [0, 4], 1e-6); // (7, 0), then (14, 1) ⊙ (0, 4)
  assertClose(dropped(x, masks, 2).dataSync(), [0, 8], 0);
});

test('dropout of 0.25 takes a quarter of the values and scales the rest by 4/3; of 0 it takes none', () => {
  const mask = dropoutMask(4000, 0.25, random(1, 'mask'));
  const zeros = mask.filter((value) => value === 0).length;
  assert.ok(Math.abs(zeros - 1000) < 4 * Math.sqrt(4000 * 0.25 * 0.75), `${zeros} of 4000`);
  assert.ok(mask.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6));
  assert.deepEqual(dropoutMask(3, 0, random(1, 'mask')), Float32Array.of(1, 1, 1));
});
