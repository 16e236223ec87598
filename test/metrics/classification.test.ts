import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accuracy, macroAuc, macroF1 } from '../../lib/metrics/classification';

const ACTUAL = [0, 0, 0, 1, 1, 2];
const PREDICTED = [0, 0, 1, 1, 0, 0];

test('accuracy is the share of right predictions', () => {
  assert.equal(accuracy(PREDICTED, ACTUAL), 3 / 6);
});

test('macro F1 is the mean over the classes that occur', () => {
  // F1 = 2 right / (actual + predicted): class 0 4/7, class 1 2/4, class 2 0/1; class 3 never occurs
  assert.ok(Math.abs(macroF1(PREDICTED, ACTUAL, 4) - (4 / 7 + 1 / 2 + 0) / 3) < 1e-12);
  assert.equal(macroF1([1, 1], [0, 1], 2), (0 + 2 / 3) / 2); // class 0 is never predicted
  assert.equal(macroF1([0, 2], [0, 0], 3), (2 / 3 + 0) / 2); // class 2 is predicted alone, class 1 never occurs
});

test('the area under the ROC curve is the share of pairs in the right order', () => {
  // The example of scikit-learn's roc_auc_score: 0.1 0.4 0.35 0.8 for 0 0 1 1 -> 0.75
  const binary = [0.1, 0.4, 0.35, 0.8].map((p) => [1 - p, p]);
  assert.equal(macroAuc(binary, [0, 0, 1, 1], 2), 0.75);
  assert.equal(macroAuc(binary, [1, 1, 1, 1], 2), undefined);
});

test('equal probabilities are half in order, and classes that none or all have do not count', () => {
  // Class 0: 0.5 against 0.5 and 0.2 -> (1/2 + 1) / 2; class 1: {0.3, 0.4} against 0.3 -> (1/2 + 1) / 2; class 2 never occurs
  const rows = [
    [0.5, 0.3, 0.2],
    [0.5, 0.3, 0.2],
    [0.2, 0.4, 0.4],
  ];
  assert.equal(macroAuc(rows, [0, 1, 1], 3), 0.75);
});

test('probabilities that are no numbers end, too', () => {
  const rows = [
    [Number.NaN, 0.1],
    [Number.NaN, 0.9],
  ];
  assert.ok((macroAuc(rows, [0, 1], 2) ?? 1) <= 1);
});
