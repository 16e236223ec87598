import { test } from 'node:test';
import { biInteraction, sumPooling } from '../../lib/baselines/pooling';
import { tf } from '../../lib/tensorflow/native';
import { assertClose } from '../tensorflow/bothWays';

/** Three features (1, 2), (3, 4) and (5, −1) of one user; one feature (7, 7) of another, the rest padding. */
const xv = tf.tensor3d(
  [
    [
      [1, 2],
      [3, 4],
      [5, -1],
    ],
    [
      [7, 7],
      [0, 0],
      [0, 0],
    ],
  ],
  [2, 3, 2],
);

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
