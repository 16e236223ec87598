import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import { groupByUser, less, nestedBootstrap, type PerUser } from '../../lib/metrics/bootstrap';
import {
  type Estimate,
  equivalenceTest,
  type PairedTest,
  pairedEffect,
  relativeTest,
  resampledEstimate,
  superiorityTest,
} from '../../lib/metrics/pairedTests';
import { near, noise, paired, perUser, users, zeros } from './paired';

const compared = (a: PerUser, b: PerUser, repeats: number) => resampledEstimate(paired(a, b, 0, repeats));
/** 200 users: the first side is right where the second is not on 40 of them, the other way round on 20. */
const A = users([1, 40], [0, 160]);
const B = users([0, 40], [1, 20], [0, 140]);

// import numpy as np; from scipy import stats (1.17.1)
// d = np.array([1]*40 + [-1]*20 + [0]*140)
// draws = stats.bootstrap((d,), np.mean, n_resamples=100000, method='percentile', random_state=0).bootstrap_distribution
// m = margin
// superiority: 2 * np.mean(draws <= 0)
// within:      max(np.mean(draws <= -m), np.mean(draws >= m))
// outside:     2 * min(np.mean(draws <= m), np.mean(draws >= -m))
const scipy: readonly (readonly [string, (found: Estimate) => PairedTest, number, number, boolean])[] = [
  ['the difference is above 0', superiorityTest, 0.0097, 0.003, true],
  ['it is outside ± 0.01', equivalenceTest, 0.0207, 0.004, false],
  ['it is within ± 0.15', (found) => equivalenceTest(found, 0.15), 0.1067, 0.008, true],
  ['it is within ± 0.2', (found) => equivalenceTest(found, 0.2), 0.0054, 0.002, true],
];

for (const [behaviour, tested, expected, tolerance, inFavour] of scipy)
  test(`that ${behaviour} has the p-value of SciPy`, () => {
    const found = tested(compared(A, B, 20000));
    near(found.p, expected, tolerance);
    assert.equal(found.inFavour, inFavour);
  });

test('the other way round nothing changes but the verdict', () => {
  const [forth, back] = [compared(A, B, 2000), compared(B, A, 2000)];
  const { p } = superiorityTest(forth);
  const { needed: _, ...found } = superiorityTest(back);
  assert.deepEqual(found, { p, inFavour: false });
  const [within, same] = [forth, back].map((estimate) => equivalenceTest(estimate, 0.2));
  assert.deepEqual([same.p, same.inFavour], [within.p, within.inFavour]);
});

test('no p-value is 0, and a method is as good as itself but not better', () => {
  const same = compared(A, A, 999);
  assert.equal(superiorityTest(same).p, 1);
  // scipy.stats.binomtest(0, 200, 0.01, alternative='less').pvalue: none of 200 differs though one in a hundred does
  near(equivalenceTest(same).p, 0.13397967485796172, 1e-12);
  assert.equal(equivalenceTest(same).inFavour, true);
  assert.equal(equivalenceTest(compared(users([1, 950]), users([1, 950]), 999)).p, 1 / 1000);
  const apart = compared(users([1, 10]), users([0, 10]), 999);
  assert.deepEqual([superiorityTest(apart).p, equivalenceTest(apart).p], [2 / 1000, 2 / 1000]);
});

test('users of many who all prefer the same show no more than a test of signs, whatever the seeds', () => {
  // scipy.stats.binomtest(m, m).pvalue
  for (const [m, p] of [
    [1, 1],
    [4, 0.125],
    [5, 0.0625],
    [8, 0.0078125],
  ])
    assert.equal(superiorityTest(compared(users([1, m], [0, 500]), users([0, 500 + m]), 9999)).p, p);
  const one = less(Array(5).fill(users([1, 1])), Array(5).fill(users([0, 1])));
  const drawn = nestedBootstrap(one, { crossed: false, seed: 0 });
  assert.equal(superiorityTest(resampledEstimate(drawn)).p, 1);
  assert.equal(equivalenceTest(compared(users([1, 1]), users([1, 1]), 999)).p, 0.99);
});

/** Of so many users that signs alone could show anything. */
const many = [...users([1, 20]).keys()];
const tested = [{ users: many, sums: new Float64Array(20).fill(1), counts: new Float64Array(20).fill(1) }];

/** Two draws whose sample standard deviation is `error`. */
const around = (difference: number, error: number): Estimate =>
  resampledEstimate({
    difference,
    draws: Float64Array.of(difference - error / Math.SQRT2, difference + error / Math.SQRT2),
    tested,
  });

// z = stats.norm.ppf; np.ceil(100 * ((z(1 - alpha) + z(1 - beta)) * error / distance) ** 2)
const samples: readonly (readonly [string, PairedTest, number, number | null])[] = [
  ['a difference of 0.1 ± 0.05', superiorityTest(around(0.1, 0.05)), 0.05, 197], // alpha 0.025, beta 0.2
  ['the same as one of twenty questions', superiorityTest(around(-0.1, 0.05)), 0.05 / 20, 374], // alpha 0.00125
  ['no difference at all', superiorityTest(around(0, 0.05)), 0.05, null],
  ['equality from 0.002 ± 0.01', equivalenceTest(around(0.002, 0.01)), 0.05, 1339], // alpha 0.05, beta 0.1, distance 0.008
  ['inequality from 0.03 ± 0.02', equivalenceTest(around(-0.03, 0.02)), 0.05, 785], // alpha 0.025, beta 0.2, distance 0.02
  ['a difference hardly off the margin', equivalenceTest(around(0.01001, 0.02)), 0.05, null], // 3e9 users
  ['a difference on the margin', equivalenceTest(around(0.01, 0.02)), 0.05, null],
];

for (const [what, { needed }, level, expected] of samples)
  test(`${what}, found with 100 users, needs ${expected ?? 'what no number gives'}`, () =>
    assert.equal(needed(100, level), expected));

/** Differences of users with standard deviation 0.1 about a true mean. */
function sampled(count: number, mean: number, seed: number): Estimate {
  const stream = random(seed, 'power');
  const drawn = perUser(Array.from({ length: count }, () => mean + noise(0.1, stream)));
  return resampledEstimate(paired(drawn, zeros(drawn), seed, 400));
}

const shareDecided = (tested: (found: Estimate) => PairedTest, count: number, mean: number) =>
  Array.from({ length: 200 }, (_, seed) => tested(sampled(count, mean, seed))).filter(({ p }) => p < 0.05)
    .length / 200;

test('the users that are needed decide four times in five, equivalence where the difference is 0', () => {
  // 100 · ((1.960 + 0.842) · 0.01 / 0.02)² = 197; three standard errors of a share of 200 are 0.085
  for (const [tested, mean] of [
    [superiorityTest, 0.02],
    [equivalenceTest, 0],
  ] as const)
    near(shareDecided(tested, tested(around(mean, 0.01)).needed(100, 0.05) ?? 0, mean), 0.8, 0.085);
});

test('the effect is the mean of the users’ differences over their standard deviation', () => {
  // d.mean() / d.std(ddof=1), which is stats.ttest_1samp(d, 0).statistic / np.sqrt(200)
  near(pairedEffect(A, B), 0.18523051807838312, 1e-12);
});

test('a user of two instances has one difference, that of the two means', () => {
  const a = groupByUser(['u', 'u', 'v', 'w'], [1, 0, 1, 0]);
  const b = groupByUser(['w', 'u', 'u', 'v'], [0, 0, 0, 0]);
  // differences 0.5, 1, 0: mean 0.5, standard deviation 0.5
  assert.equal(pairedEffect(a, b), 1);
  assert.equal(pairedEffect(users([1, 1]), users([0, 1])), Number.NaN);
});

test('a margin that is measured is that of its bounds where it has no spread', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `u${i}`);
  const ones = new Float64Array(1000).fill(1);
  const tested = [{ users: names, sums: ones, counts: ones }];
  const draws = (difference: number, spread: number): Estimate =>
    resampledEstimate({
      difference,
      draws: Float64Array.from({ length: 99 }, (_, i) => difference + spread * (i - 49)),
      tested,
    });
  for (const [difference, margin] of [
    [0.01, 0.05],
    [0.03, 0.02],
    [0.02, 0.02],
  ]) {
    const { p, inFavour } = equivalenceTest(draws(difference, 0.001), margin);
    const relative = relativeTest(draws(difference - margin, 0.001), draws(difference + margin, 0.001));
    assert.deepEqual(relative, { p, inFavour });
  }
});
