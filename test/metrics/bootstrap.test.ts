import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupByUser, type PerUser, percentiles, ratioInterval } from '../../lib/metrics/bootstrap';
import { near, paired, users, zeros } from './paired';

/** The difference to the same users with 0 is the mean itself. */
function meanInterval(perUser: PerUser, repeats: number) {
  const { difference, draws } = paired(perUser, zeros(perUser), 0, repeats);
  return { mean: difference, ...percentiles(draws) };
}

// Expected intervals by SciPy 1.17.1, each with n_resamples=100000, method='percentile', random_state=0.
// A mean of 200 users moves in steps of 0.005: an end may be one step off.
const REPEATS = 20000;

test('two equal instances of a user are no more evidence than one', () => {
  // stats.bootstrap(([1]*30 + [0]*70,), np.mean) -> 0.21, 0.39; as 200 separate users it would be 0.24, 0.365
  const single = users([1, 30], [0, 70]);
  const twice = new Map([...single].map(([user, [value]]) => [user, [value, value]]));
  const { mean, low, high } = meanInterval(twice, REPEATS);
  assert.equal(mean, 0.3);
  near(low, 0.21, 0.0101);
  near(high, 0.39, 0.0101);
});

test('a mean is over instances, a resample over users', () => {
  const perUser = groupByUser(['a', 'b', 'a', 'a'], [1, 0, 1, 1]);
  assert.deepEqual(meanInterval(perUser, 500), { mean: 3 / 4, low: 0, high: 1 });
});

test('a paired difference and its interval are those of SciPy', () => {
  // d = [1]*40 + [-1]*20 + [0]*140; stats.bootstrap((d,), np.mean) -> 0.025, 0.175
  const a = users([1, 40], [0, 160]);
  const b = users([0, 40], [1, 20], [0, 140]);
  const { difference, draws } = paired(a, b, 0, REPEATS);
  const { low, high } = percentiles(draws);
  near(difference, 0.1, 1e-12);
  near(low, 0.025, 0.0051);
  near(high, 0.175, 0.0051);
});

test('the interval of a ratio is that of SciPy', () => {
  // a = [1]*60 + [0]*140, b = [1]*20 + [0]*150 + [1]*30,
  // stats.bootstrap((a, b), lambda a, b, axis: a.mean(axis=axis) / b.mean(axis=axis), paired=True) -> 0.891, 1.632
  const { ratio, low, high } = ratioInterval(
    [users([1, 60], [0, 140])],
    [users([1, 20], [0, 150], [1, 30])],
    { crossed: false, seed: 0 },
    REPEATS,
  );
  near(ratio, 1.2, 1e-12);
  near(low, 0.891, 0.02);
  near(high, 1.632, 0.03);
});

test('pairs are matched by user, not by position', () => {
  const a = users([1, 1], [0, 1]);
  assert.equal(paired(a, new Map([...a].reverse()), 0).difference, 0);
  assert.throws(() => paired(a, users([1, 3]), 0), /need the same users/);
});

test('resamples are those of their seed, whatever was compared before and however many users there are', () => {
  const [few, many] = [users([1, 60], [0, 140]), users([1, 3000], [0, 5000])];
  const draws = (perUser: PerUser, repeats: number, seed = 0) => [
    ...paired(perUser, zeros(perUser), seed, repeats).draws,
  ];
  const first = draws(few, 100);
  const beyondWhatIsKept = 9000; // 72 million draws
  const long = draws(many, beyondWhatIsKept);
  assert.deepEqual(draws(few, 100), first);
  assert.notDeepEqual(draws(few, 100, 1), first);
  assert.deepEqual(draws(many, 50), long.slice(0, 50));
});
