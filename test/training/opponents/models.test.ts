/** Models over features, against numbers worked out by hand and against finite differences. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../../lib/base/random';
import { tf } from '../../../lib/engine/native';
import { leaves, type Tensors, type Tree, upload, type Weight } from '../../../lib/engine/weights';
import { bagOfItems, bagOfItemsScores, itemsInBag } from '../../../lib/training/opponents/bagOfItems';
import { deepFM, deepFMVector } from '../../../lib/training/opponents/deepfm';
import type { FeatureModel } from '../../../lib/training/opponents/featureModel';
import { neuFM, neuFMVector } from '../../../lib/training/opponents/neufm';
import { assertClose, bothWays, lossAndGradients } from '../../engine/bothWays';

const ints = (...values: number[]) => tf.tensor1d(values, 'int32');
const identity = () => ({ kernel: tf.tensor2d([1, 0, 0, 1], [2, 2]), bias: tf.zeros([2]) });
/** Items 1 to 4 with vectors (1, 0), (1, 2), (3, 2) and (−1, 4); padding has a row that must not count. */
const embedding = tf.tensor2d([9, 9, 1, 0, 1, 2, 3, 2, -1, 4], [5, 2]);
const four = tf.tensor2d([1, 2, 3, 4], [1, 4], 'int32');
/** Halves of the vectors, by pairs: channel 0 is ¼(1 + 3 − 1 + 3 − 1 − 3), channel 1 ¼(0 + 0 + 0 + 4 + 8 + 8). */
const SUM = [2, 4];
const PAIRS = [0.5, 5];

test('NeuFM joins the first order with a ReLU layer above the normed bi-interaction', () => {
  const norm = { gain: tf.ones([2]), shift: tf.tensor1d([3, 3]) };
  const head = { table: tf.zeros([1, 4]), bias: tf.zeros([1]) };
  const vector = neuFMVector({ embedding, norm, layers: [identity()], head }, four);
  // 0.5 and 5 have mean 2.75 and deviation 2.25, so they are normed to −1 and 1.
  assertClose(vector.dataSync(), [...SUM, 2, 4], 1e-5);
});

test('DeepFM joins first order, second order and three ReLU layers on the same embedding', () => {
  const doubling = { kernel: tf.tensor2d([2, 0, 0, -1], [2, 2]), bias: tf.zeros([2]) };
  const head = { table: tf.zeros([1, 6]), bias: tf.zeros([1]) };
  const layers = [identity(), identity(), doubling];
  assertClose(deepFMVector({ embedding, layers, head }, four).dataSync(), [...SUM, ...PAIRS, 4, 0], 1e-5);
});

test('a row of DeepFM’s softmax layer with ones for the pairs is a factorisation machine’s second order', () => {
  const head = { table: tf.tensor2d([0, 0, 1, 1, 0, 0], [1, 6]), bias: tf.tensor1d([0.25]) };
  const layers = [identity(), identity(), identity()];
  assertClose(deepFM.scores({ embedding, layers, head }, four).dataSync(), [5.5 + 0.25], 1e-5);
});

const bag = { table: tf.tensor2d([9, 9, 1, 0, 0, 2, 0, 0, 0, 0], [5, 2]), bias: tf.tensor1d([0, 1]) };

test('the bag of items is x W + b: two items count 1/√2 each', () => {
  const ids = tf.tensor2d([1, 2, 3, 0], [2, 2], 'int32');
  assertClose(bagOfItemsScores(bag, ids).dataSync(), [Math.SQRT1_2, 1 + Math.SQRT2, 0, 1], 1e-6);
});

test('an item beyond the table is as padding, and of 50,000 items and 10,000 labels the first 2,000 have weights', () => {
  const [with9, without] = [
    [1, 9],
    [1, 0],
  ].map((row) => tf.tensor2d([row], [1, 2], 'int32'));
  assert.deepEqual(bagOfItemsScores(bag, with9).dataSync(), bagOfItemsScores(bag, without).dataSync());
  assert.deepEqual([itemsInBag(50_000, 10_000), itemsInBag(1447, 197)], [2000, 1447]);
});

test('its loss is the mean cross-entropy and half the decay times the squares of W, not of b', () => {
  const table = tf.tensor2d([0, 0, 0, 0, 0, 2, 0, 0, 1, 0], [5, 2]);
  const batch = {
    ids: tf.tensor2d([3], [1, 1], 'int32'),
    owner: ints(0, 0),
    labels: ints(0, 1),
    weights: tf.tensor1d([1, 0]),
  };
  const loss = bagOfItems(0.1).loss({ table, bias: tf.tensor1d([0, Math.log(3)]) }, batch);
  assertClose(loss.dataSync(), [Math.log(4) + (0.1 / 2) * (4 + 1)], 1e-6); // odds 1 : 3
});

const sizes = { items: 4, labels: 3, channels: 2 };
const batch = {
  ids: Int32Array.of(1, 2, 3, 4, 2, 0),
  owner: Int32Array.of(0, 0, 1),
  labels: Int32Array.of(0, 2, 1),
  weights: Float32Array.of(1, 1, 1),
};

/** The gradient of every weight by central differences of the eager loss. */
function slopes<W>(weights: W, loss: (tensors: Tensors<W>) => Scalar): number[] {
  const STEP = 1e-2;
  const at = () =>
    tf.tidy(() => {
      const tensors = upload(weights);
      return loss(tensors).dataSync()[0];
    });
  return leaves<Weight>(weights as Tree<Weight>).flatMap(([, { values }]) =>
    [...values.keys()].map((i) => {
      const before = values[i];
      values[i] = before + STEP;
      const above = at();
      values[i] = before - STEP;
      const below = at();
      values[i] = before;
      return (above - below) / (2 * STEP);
    }),
  );
}

/** Weights large enough that no norm of a pooled vector is close to its epsilon. */
function spread<W>(weights: W): W {
  const stream = random(3, 'spread');
  for (const [, { values }] of leaves<Weight>(weights as Tree<Weight>)) {
    for (const i of values.keys()) values[i] += ((stream.unsafeNext() >>> 0) / 2 ** 32 - 0.3) * 2;
  }
  return weights;
}

function checkGradient<W>(name: string, model: FeatureModel<W>): void {
  for (const [way, run] of bothWays) {
    test(`the gradient of ${name} is its slope (${way})`, () => {
      const weights = spread(model.fresh(sizes, random(1, name)));
      const row = { dtype: 'int32', shape: [3] } as const;
      const inputs = {
        ids: { dtype: 'int32', shape: [2, 3] },
        owner: row,
        labels: row,
        weights: { dtype: 'float32', shape: [3] },
      } as const;
      const { loss: _, ...gradients } = run(weights, lossAndGradients(model.loss, inputs), batch);
      const fed: Record<string, Tensor> = {
        ids: tf.tensor2d(batch.ids, [2, 3], 'int32'),
        owner: ints(...batch.owner),
        labels: ints(...batch.labels),
        weights: tf.tensor1d(batch.weights),
      };
      const expected = slopes(weights, (tensors) => model.loss(tensors, fed));
      assertClose(
        Object.values(gradients).flatMap((gradient) => [...gradient]),
        expected,
        2e-3,
      );
      assert.ok(expected.some((slope) => Math.abs(slope) > 0.05));
    });
  }
}
checkGradient('the bag of items', bagOfItems(0.1));
checkGradient('NeuFM', neuFM);
checkGradient('DeepFM', deepFM);
