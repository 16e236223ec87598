import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holm } from '../../lib/metrics/significance';
import { near } from './paired';

// statsmodels.stats.multitest.multipletests(p, method='holm')[1]
const families: readonly (readonly [string, number[], number[]])[] = [
  [
    'the smallest p-value counts for all tests, the next for one fewer',
    [0.01, 0.04, 0.03],
    [0.03, 0.06, 0.06],
  ],
  ['an adjusted p-value is never below that of a smaller one', [0.02, 0.021], [0.04, 0.04]],
  ['an adjusted p-value is at most 1', [0.9, 0.8], [1, 1]],
  [
    'six tests in no order are those of statsmodels',
    [0.0002, 0.3, 0.011, 0.04, 0.0125, 0.9],
    [0.0012, 0.6, 0.055, 0.12, 0.055, 0.9],
  ],
  ['one test stays as it is', [0.2], [0.2]],
  ['no test stays none', [], []],
];

for (const [behaviour, pValues, adjusted] of families)
  test(`Holm: ${behaviour}`, () => {
    assert.equal(holm(pValues).length, adjusted.length);
    for (const [i, p] of holm(pValues).entries()) near(p, adjusted[i], 1e-12);
  });
