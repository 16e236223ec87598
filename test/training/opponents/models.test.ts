/** Models over features, against numbers worked out by hand and against finite differences. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, uniform } from '../../../lib/base/random';
import { float32, int32 } from '../../../lib/engine/graph/signature';
import { tf } from '../../../lib/engine/native';
import { leaves, type Tree, type Weight } from '../../../lib/engine/weights';
import {
  biInteraction,
  dropped,
  type FeatureModel,
  featureIds,
  hiddenLayers,
  weighted,
} from '../../../lib/training/opponents/features';
import {
  bagOfItems,
  bagOfItemsScores,
  deepFM,
  deepFMVector,
  itemsInBag,
  neuFM,
  neuFMVector,
} from '../../../lib/training/opponents/models';
import { assertClose, gradientsAgree } from '../../engine/bothWays';

const ids = (...rows: number[][]) => tf.tensor2d(rows, undefined, 'int32');

test('a repeated item is one feature, and padding stands at the end', () => {
  const found = featureIds([Int32Array.of(2, 5, 2), Int32Array.of(), Int32Array.of(1, 2, 3, 4, 6)], 4);
  assert.deepEqual([...found], [2, 5, 0, 0, 0, 0, 0, 0, 2, 3, 4, 6]);
});

test('the features of a user have length 1: four items count ½ each, one counts 1, none give 0', () => {
  const table = tf.tensor2d([9, 1, 2, 3, 4], [5, 1]);
  const found = weighted(table, ids([1, 2, 3, 4], [3, 0, 0, 0], [0, 0, 0, 0]));
  assertClose(found.dataSync(), [0.5, 1, 1.5, 2, 3, 0, 0, 0, 0, 0, 0, 0], 1e-6);
});

test('bi-interaction adds the products of all pairs: 1·3 + 1·5 + 3·5 and 2·4 − 2·1 − 4·1; one feature has none', () => {
  const xv = tf.tensor3d([1, 2, 3, 4, 5, -1, 7, 7, 0, 0, 0, 0], [2, 3, 2]);
  assertClose(biInteraction(xv).dataSync(), [3 + 5 + 15, 8 - 2 - 4, 0, 0], 1e-6);
});

test('layers are ReLU(x W + b), each with its mask: (1, 2) gives (3.5, 0), then (7, 1); masked (7, 0), then (0, 4)', () => {
  const layers = [
    { kernel: tf.tensor2d([1, 0, 1, -1], [2, 2]), bias: tf.tensor1d([0.5, 0]) },
    { kernel: tf.tensor2d([2, 0, 0, 3], [2, 2]), bias: tf.tensor1d([0, 1]) },
  ];
  const x = tf.tensor2d([[1, 2]]);
  const masks = tf.tensor2d([[9, 9, 2, 1, 0, 4]]);
  assertClose(hiddenLayers(x, layers, undefined, 0).dataSync(), [7, 1], 1e-6);
  assertClose(hiddenLayers(x, layers, masks, 1).dataSync(), [0, 4], 1e-6);
  assertClose(dropped(x, masks, 2).dataSync(), [0, 8], 0);
});

const identity = { kernel: tf.tensor2d([1, 0, 0, 1], [2, 2]), bias: tf.zeros([2]) };
const doubling = { kernel: tf.tensor2d([2, 0, 0, -1], [2, 2]), bias: tf.zeros([2]) };
/** Items 1 to 4 with vectors (1, 0), (1, 2), (3, 2) and (−1, 4); padding has a row that must not count. */
const embedding = tf.tensor2d([9, 9, 1, 0, 1, 2, 3, 2, -1, 4], [5, 2]);
const four = ids([1, 2, 3, 4]);
/** Halves of the vectors, by pairs: channel 0 is ¼(1 + 3 − 1 + 3 − 1 − 3), channel 1 ¼(0 + 0 + 0 + 4 + 8 + 8). */
const SUM = [2, 4];
const PAIRS = [0.5, 5];

test('NeuFM joins the first order with a ReLU layer above the normed bi-interaction', () => {
  const norm = { gain: tf.ones([2]), shift: tf.tensor1d([3, 3]) };
  const head = { table: tf.zeros([1, 4]), bias: tf.zeros([1]) };
  const vector = neuFMVector({ embedding, norm, layers: [identity], head }, four);
  // 0.5 and 5 have mean 2.75 and deviation 2.25, so they are normed to −1 and 1.
  assertClose(vector.dataSync(), [...SUM, 2, 4], 1e-5);
});

test('DeepFM joins first order, second order as in a factorisation machine, and three ReLU layers on one embedding', () => {
  const head = { table: tf.tensor2d([0, 0, 1, 1, 0, 0], [1, 6]), bias: tf.tensor1d([0.25]) };
  const weights = { embedding, layers: [identity, identity, doubling], head };
  assertClose(deepFMVector(weights, four).dataSync(), [...SUM, ...PAIRS, 4, 0], 1e-5);
  assertClose(deepFM.scores(weights, four).dataSync(), [5.5 + 0.25], 1e-5);
});

test('the bag of items is x W + b: two items count 1/√2 each, one beyond the table none; a large table is cut', () => {
  const bag = { table: tf.tensor2d([9, 9, 1, 0, 0, 2, 0, 0, 0, 0], [5, 2]), bias: tf.tensor1d([0, 1]) };
  const scores = bagOfItemsScores(bag, ids([1, 2], [3, 0], [3, 9])).dataSync();
  assertClose(scores, [Math.SQRT1_2, 1 + Math.SQRT2, 0, 1, 0, 1], 1e-6);
  assert.deepEqual([itemsInBag(50_000, 10_000), itemsInBag(1447, 197)], [2000, 1447]);
});

test('its loss is the mean cross-entropy and half the decay times the squares of W, not of b', () => {
  const table = tf.tensor2d([0, 0, 0, 0, 0, 2, 0, 0, 1, 0], [5, 2]);
  const [owner, labels] = [ids([0, 0]), ids([0, 1])].map((row) => tf.reshape(row, [2]));
  const batch = { ids: ids([3]), owner, labels, weights: tf.tensor1d([1, 0]) };
  const loss = bagOfItems(0.1).loss({ table, bias: tf.tensor1d([0, Math.log(3)]) }, batch);
  assertClose(loss.dataSync(), [Math.log(4) + (0.1 / 2) * (4 + 1)], 1e-6); // odds 1 : 3
});

const inputs = { ids: int32(2, 3), owner: int32(3), labels: int32(3), weights: float32(3) };
const batch = {
  ids: Int32Array.of(1, 2, 3, 4, 2, 0),
  owner: Int32Array.of(0, 0, 1),
  labels: Int32Array.of(0, 2, 1),
  weights: Float32Array.of(1, 1, 1),
};

function checkGradient<W>(name: string, model: FeatureModel<W>): void {
  const weights = model.fresh({ items: 4, labels: 3, channels: 2 }, random(1, name));
  const stream = random(3, 'spread');
  // Large enough that no norm of a pooled vector is close to its epsilon.
  for (const [, { values }] of leaves<Weight>(weights as Tree<Weight>))
    for (const i of values.keys()) values[i] += 2 * (uniform(stream) - 0.3);
  gradientsAgree(name, weights, model.loss, { inputs, batch });
}
checkGradient('the bag of items', bagOfItems(0.1));
checkGradient('NeuFM', neuFM);
checkGradient('DeepFM', deepFM);
