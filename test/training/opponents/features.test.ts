import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../../lib/base/random';
import { tf } from '../../../lib/engine/native';
import { dropoutMask } from '../../../lib/training/inputs';
import {
  biInteraction,
  dropped,
  featureIds,
  hiddenLayers,
  sumPooling,
  weighted,
} from '../../../lib/training/opponents/features';
import { assertClose } from '../../engine/bothWays';

test('a repeated item is one feature, and padding stands at the end', () => {
  const ids = featureIds([Int32Array.of(2, 5, 2), Int32Array.of(), Int32Array.of(1, 2, 3, 4, 6)], 4);
  assert.deepEqual([...ids], [2, 5, 0, 0, 0, 0, 0, 0, 2, 3, 4, 6]);
});

test('the features of a user have length 1: four items count ½ each, one counts 1, none give 0', () => {
  const table = tf.tensor2d([9, 1, 2, 3, 4], [5, 1]);
  const ids = tf.tensor2d([1, 2, 3, 4, 3, 0, 0, 0, 0, 0, 0, 0], [3, 4], 'int32');
  assertClose(weighted(table, ids).dataSync(), [0.5, 1, 1.5, 2, 3, 0, 0, 0, 0, 0, 0, 0], 1e-6);
});

/** Three features (1, 2), (3, 4) and (5, −1) of one user; one feature (7, 7) of another, the rest padding. */
const xv = tf.tensor3d([1, 2, 3, 4, 5, -1, 7, 7, 0, 0, 0, 0], [2, 3, 2]);

test('bi-interaction adds the products of all pairs: 1·3 + 1·5 + 3·5 and 2·4 − 2·1 − 4·1', () => {
  assertClose(biInteraction(xv).dataSync(), [3 + 5 + 15, 8 - 2 - 4, 0, 0], 1e-6);
});

test('its channels add up to the second-order term of a factorisation machine, Σ_{i<j} v_i · v_j', () => {
  const dot = (a: number[], b: number[]) => a[0] * b[0] + a[1] * b[1];
  const pairs = dot([1, 2], [3, 4]) + dot([1, 2], [5, -1]) + dot([3, 4], [5, -1]);
  assertClose(tf.sum(biInteraction(xv), 1).dataSync(), [pairs, 0], 1e-6);
});

test('sum pooling adds the features', () => {
  assertClose(sumPooling(xv).dataSync(), [9, 5, 7, 7], 1e-6);
});

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
