import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Estimate,
  equivalenceTest,
  type PairedTest,
  superiorityTest,
} from '../../lib/metrics/pairedTests';
import type { PerUser } from '../../lib/metrics/perUser';
import { estimateOf, variationOf } from '../../lib/metrics/significance';
import { near, users } from './paired';

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
  assert.deepEqual(superiorityTest(back), { p, inFavour: false });
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
