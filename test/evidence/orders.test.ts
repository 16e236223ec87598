import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalDifference, kendall, meanRanks } from '../../lib/evidence/orders';

test('Kendall’s τ_b is that of scipy, with ties and without', () => {
  const close = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-9, `${found}`);
  close(kendall([1, 2, 3, 4], [1, 2, 3, 4]), 1);
  close(kendall([1, 2, 3, 4], [4, 3, 2, 1]), -1);
  // scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) and ([.3, .1, .5, .4, .2], [.2, .1, .3, .5, .4])
  close(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), -0.4714045207910316);
  close(kendall([0.3, 0.1, 0.5, 0.4, 0.2], [0.2, 0.1, 0.3, 0.5, 0.4]), 0.4);
  assert.ok(Number.isNaN(kendall([1, 1], [1, 2])));
});

test('ranks are means over blocks, and equal scores share theirs', () => {
  assert.deepEqual(
    meanRanks([
      [0.9, 0.5, 0.7],
      [0.2, 0.2, 0.1],
    ]),
    [1.25, 2.25, 2.5],
  );
});

test('critical differences are those of Nemenyi’s test', () => {
  // q of Demšar (2006), table 5a
  const q = { 2: 1.96, 3: 2.343, 5: 2.728, 10: 3.164 };
  for (const [k, expected] of Object.entries(q)) {
    const found = criticalDifference(Number(k), (Number(k) * (Number(k) + 1)) / 6);
    assert.ok(Math.abs(found - expected) < 1e-3, `${k}: ${found}`);
  }
});
