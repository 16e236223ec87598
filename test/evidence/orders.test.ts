import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, uniform } from '../../lib/base/random';
import { agreement, criticalDifference, meanRanks, reliability } from '../../lib/evidence/orders';

/** Methods with these means, each with noise within so much. */
function drawnAround(means: readonly number[], width: number, seed: number) {
  const stream = random(seed, 'orders');
  return means.map((difference) => ({
    difference,
    draws: Float64Array.from({ length: 400 }, () => difference + width * (uniform(stream) - 0.5)),
  }));
}

test('τ is 1 for one order; noise lowers that of resamples as far as the same order is from itself', () => {
  const means = Array.from({ length: 12 }, (_, i) => i / 100);
  const of = (width: number, seed: number) => drawnAround(means, width, seed);
  assert.deepEqual(agreement(of(0, 1), of(0, 2)), { tau: 1, low: 1, high: 1 });
  assert.deepEqual(agreement(of(0, 1), drawnAround([...means].reverse(), 0, 2)), {
    tau: -1,
    low: -1,
    high: -1,
  });
  const [apart, alone] = [agreement(of(0.08, 1), of(0.08, 2)), reliability(of(0.08, 1))];
  assert.ok(apart.tau === 1 && apart.high < 1 && alone.tau < 0.7, `${apart.high} ${alone.tau}`);
  assert.ok(Math.abs(apart.low - alone.low) < 0.1 && Math.abs(apart.high - alone.high) < 0.1);
  const tied = drawnAround([1, 1], 0, 1);
  assert.deepEqual(reliability(tied), { tau: Number.NaN, low: Number.NaN, high: Number.NaN });
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
