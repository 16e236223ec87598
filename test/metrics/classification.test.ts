import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accuracy, confusion, macroF1 } from '../../lib/metrics/classification';

const ACTUAL = [0, 0, 0, 1, 1, 2];
const PREDICTED = [0, 0, 1, 1, 0, 0];

test('accuracy is the share of right predictions', () => {
  assert.equal(accuracy(PREDICTED, ACTUAL), 3 / 6);
});

test('confusion counts predictions by actual class', () => {
  assert.deepEqual(confusion(PREDICTED, ACTUAL, 3), [
    [2, 1, 0],
    [1, 1, 0],
    [1, 0, 0],
  ]);
});

test('macro F1 is the mean over the classes that occur', () => {
  // F1 = 2 right / (actual + predicted): class 0 4/7, class 1 2/4, class 2 0/1; class 3 never occurs
  assert.ok(Math.abs(macroF1(PREDICTED, ACTUAL, 4) - (4 / 7 + 1 / 2 + 0) / 3) < 1e-12);
});
