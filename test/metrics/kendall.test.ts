import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kendallTau } from '../../lib/metrics/kendall';

test('Kendall’s τ is that of SciPy', () => {
  // stats.kendalltau([1, 2, 3, 4, 5, 5], [2, 1, 4, 3, 6, 5]).statistic
  assert.ok(Math.abs(kendallTau([1, 2, 3, 4, 5, 5], [2, 1, 4, 3, 6, 5]) - 0.6900655593423541) < 1e-12);
  assert.equal(kendallTau([1, 2, 3], [3, 2, 1]), -1);
});

test('means of the same ranks tie in whatever order they were added up', () => {
  const ranks = [3, 3, 1, 5, 3, 3, 5, 3, 3, 3, 1, 2, 4, 5];
  const [one, same] = [ranks, [...ranks].reverse()].map(
    (all) => all.reduce((sum, rank) => sum + 1 / rank, 0) / all.length,
  );
  assert.notEqual(one, same); // but for the last digit
  assert.ok(Number.isNaN(kendallTau([one, same], [1, 2])));
  assert.equal(kendallTau([one, same, 1], [1, 1, 2]), 1);
});
