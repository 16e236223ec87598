import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, permutation, random } from '../../lib/base/random';
import { correctedBy, correctedGains, kendallTau } from '../../lib/metrics/sampled';
import { near } from './paired';

const hit = (rank: number) => (rank <= 5 ? 1 : 0);
const reciprocal = (rank: number) => (rank <= 5 ? 1 / rank : 0);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

// import numpy as np; from scipy import stats (1.17.1)
// A = np.array([stats.hypergeom.pmf(np.arange(m + 1), n - 1, R - 1, m) for R in range(1, n + 1)]); w = np.full(n, 1 / n)
// np.linalg.solve(.9 * (A.T * w) @ A + .1 * np.diag(A.T @ w), (A.T * w) @ np.array([f(R) for R in range(1, n + 1)]))[:4]
const numpy = [
  [{ pool: 200, sample: 20 }, hit, [0.85467405, -0.24803141, -0.15317065, 0.01739811]],
  [{ pool: 200, sample: 20 }, reciprocal, [0.4551816, -0.21945758, -0.04344685]],
  [{ pool: 700, sample: 99 }, hit, [0.99272369, -0.08811196, -0.22816835, -0.04110501]],
] as const;

for (const [sampling, gain, expected] of numpy) {
  test(`gains of ${sampling.sample} of ${sampling.pool} are those that NumPy solves for`, () => {
    const found = correctedGains(sampling, gain);
    assert.equal(found.length, sampling.sample + 1);
    for (const [i, value] of expected.entries()) near(found[i], value, 1e-7);
    assert.equal(correctedBy(gain)(2, sampling), found[1]);
  });
}

test('large pools are worked out once for all whose first three digits are alike', () => {
  const pools: number[] = [];
  const worth = correctedBy((rank) => {
    if (rank === 1) pools.push(pools.length);
    return hit(rank);
  });
  const at = (pool: number) => worth(1, { pool, sample: 20 });
  assert.deepEqual([at(12_345) === at(12_302), pools.length], [true, 1]);
  assert.deepEqual([at(12_345) === at(12_400), pools.length], [false, 2]);
  assert.deepEqual([at(8765) === at(8773), pools.length], [true, 3]);
});

test('the estimate is nearer to the metric in the pool than the metric of the sample is', () => {
  const [pool, sample] = [400, 99];
  const stream = random(1, 'sampled ranks');
  const ranks = Array.from({ length: 3000 }, () => 1 + Math.min(below(pool, stream), below(pool, stream)));
  const sampled = ranks.map((rank) => {
    const drawn = permutation(pool - 1, stream).slice(0, sample);
    return 1 + drawn.filter((place) => place < rank - 1).length;
  });
  const truth = mean(ranks.map(hit));
  const worth = correctedBy(hit);
  const corrected = mean(sampled.map((rank) => worth(rank, { pool, sample })));
  near(corrected, truth, 0.015);
  assert.ok(Math.abs(mean(sampled.map(hit)) - truth) > 0.05);
});

test('where the sample is the pool, of which three digits count if it is large, nothing is corrected', () => {
  assert.deepEqual(correctedGains({ pool: 7, sample: 6 }, hit), [1, 1, 1, 1, 1, 0, 0]);
  assert.deepEqual(correctedGains({ pool: 3, sample: 99 }, hit), [1, 1, 1]);
  const worth = correctedBy(reciprocal);
  for (const rank of [1, 4, 1001, 1004])
    assert.equal(worth(rank, { pool: 1004, sample: 1003 }), reciprocal(rank));
  assert.equal(worth(6, { pool: 1006, sample: 1005 }), reciprocal(6)); // 1006 is rounded to 1010
  const less = { pool: 1004, sample: 1002 };
  assert.equal(worth(1003, less), correctedGains(less, reciprocal)[1002]);
});

test('Kendall’s τ is that of SciPy', () => {
  // stats.kendalltau([1, 2, 3, 4, 5, 5], [2, 1, 4, 3, 6, 5]).statistic
  near(kendallTau([1, 2, 3, 4, 5, 5], [2, 1, 4, 3, 6, 5]), 0.6900655593423541, 1e-12);
  assert.equal(kendallTau([1, 2, 3], [3, 2, 1]), -1);
});

test('means of the same ranks tie in whatever order they were added up', () => {
  const ranks = [3, 3, 1, 5, 3, 3, 5, 3, 3, 3, 1, 2, 4, 5];
  const [one, same] = [ranks, [...ranks].reverse()].map((all) => mean(all.map(reciprocal)));
  assert.notEqual(one, same); // but for the last digit
  assert.ok(Number.isNaN(kendallTau([one, same], [1, 2])));
  assert.equal(kendallTau([one, same, 1], [1, 1, 2]), 1);
});
