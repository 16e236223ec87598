import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import {
  type Estimate,
  equivalenceTest,
  type PairedTest,
  pairedEffect,
  superiorityTest,
} from '../../lib/metrics/pairedTests';
import { groupByUser, type PerUser } from '../../lib/metrics/perUser';
import { estimateOf, variationOf } from '../../lib/metrics/significance';
import { near, noise, perUser, users, zeros } from './paired';

const compared = (a: PerUser, b: PerUser) => estimateOf(variationOf([a], [b]));
/** 200 users: the first side is right where the second is not on 40 of them, the other way round on 20. */
const A = users([1, 40], [0, 160]);
const B = users([0, 40], [1, 20], [0, 140]);

// import numpy as np; from scipy import stats (1.17.1)
// d = np.array([1]*40 + [-1]*20 + [0]*140); m = margin
// t = lambda bound: stats.ttest_1samp(d, bound, alternative='greater').pvalue
// superiority: 2 * t(0); within: max(t(-m), 1 - t(m)); outside: 2 * min(t(m), 1 - t(-m))
const scipy: readonly (readonly [string, (found: Estimate) => PairedTest, number, number, boolean])[] = [
  ['the difference is above 0', superiorityTest, 0.0094829730243352, 1e-12, true],
  ['it is outside ± 0.01', equivalenceTest, 0.01936398315860709, 1e-12, false],
  ['it is within ± 0.15', (found) => equivalenceTest(found, 0.15), 0.0958905650618932, 1e-12, true],
  ['it is within ± 0.2', (found) => equivalenceTest(found, 0.2), 0.004741486512167548, 1e-12, true],
];

for (const [behaviour, tested, expected, tolerance, inFavour] of scipy)
  test(`that ${behaviour} has the p-value of SciPy`, () => {
    const found = tested(compared(A, B));
    near(found.p, expected, tolerance);
    assert.equal(found.inFavour, inFavour);
  });

test('the other way round nothing changes but the verdict', () => {
  const [forth, back] = [compared(A, B), compared(B, A)];
  const { p } = superiorityTest(forth);
  const { needed: _, ...found } = superiorityTest(back);
  assert.deepEqual(found, { p, inFavour: false });
  const [within, same] = [forth, back].map((estimate) => equivalenceTest(estimate, 0.2));
  assert.deepEqual([same.p, same.inFavour], [within.p, within.inFavour]);
});

test('no p-value is 0, and a method is as good as itself but not better', () => {
  const same = compared(A, A);
  assert.equal(superiorityTest(same).p, 1);
  // scipy.stats.binomtest(0, 200, 0.01, alternative='less').pvalue: none of 200 differs though one in a hundred does
  near(equivalenceTest(same).p, 0.13397967485796172, 1e-12);
  assert.equal(equivalenceTest(same).inFavour, true);
  const apart = compared(users([1, 10]), users([0, 10]));
  assert.deepEqual([superiorityTest(apart).p, equivalenceTest(apart).p], [2 ** -9, 2 ** -9]);
});

test('users of many who all prefer the same show no more than a test of signs, whatever the seeds', () => {
  // scipy.stats.binomtest(m, m).pvalue
  const found = [1, 4, 5, 8].map((m) => compared(users([1, m], [0, 500]), users([0, 500 + m])));
  assert.deepEqual(
    found.map(superiorityTest).map(({ p }) => p),
    [1, 0.125, 0.0625, 0.0078125],
  );
  const [one, other] = [1, 0].map((value) => Array(5).fill(users([value, 1])));
  assert.equal(superiorityTest(estimateOf(variationOf(one, other))).p, 1);
  assert.equal(equivalenceTest(compared(users([1, 1]), users([1, 1]))).p, 0.99);
});

/** Users who differ by `difference` on average, with that standard error. */
const around = (difference: number, error: number): Estimate => ({
  ...{ difference, error },
  pAbove: (bound) => (difference > bound ? 0 : 1),
  pBelow: (bound) => (difference < bound ? 0 : 1),
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
  return compared(drawn, zeros(drawn));
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
