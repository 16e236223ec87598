import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bootstrapInterval,
  groupByUser,
  type PerUser,
  pairedBootstrap,
  ratioInterval,
} from '../../lib/metrics/bootstrap';

/** Users with one value each: `blocks` are [value, how many users]. */
function users(...blocks: (readonly [number, number])[]): PerUser {
  const values = blocks.flatMap(([value, count]) => new Array<number>(count).fill(value));
  return new Map(values.map((value, user) => [String(user), [value]]));
}

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

// Expected intervals by SciPy 1.17.1, each with n_resamples=100000, method='percentile', random_state=0.
// A mean of 200 users moves in steps of 0.005: an end may be one step off.
const REPEATS = 20000;

test('the interval of a mean is that of SciPy', () => {
  // stats.bootstrap(([1]*60 + [0]*140,), np.mean) -> 0.24, 0.365
  const { mean, low, high } = bootstrapInterval(users([1, 60], [0, 140]), 0, REPEATS);
  assert.equal(mean, 0.3);
  near(low, 0.24, 0.0051);
  near(high, 0.365, 0.0051);
});

test('two equal instances of a user are no more evidence than one', () => {
  // stats.bootstrap(([1]*30 + [0]*70,), np.mean) -> 0.21, 0.39; as 200 separate users it would be 0.24, 0.365
  const single = users([1, 30], [0, 70]);
  const twice = new Map([...single].map(([user, [value]]) => [user, [value, value]]));
  const { low, high } = bootstrapInterval(twice, 0, REPEATS);
  near(low, 0.21, 0.0101);
  near(high, 0.39, 0.0101);
});

test('a mean is over instances, a resample over users', () => {
  const perUser = groupByUser(['a', 'b', 'a', 'a'], [1, 0, 1, 1]);
  const { mean, low, high } = bootstrapInterval(perUser, 0, 500);
  assert.deepEqual({ mean, low, high }, { mean: 3 / 4, low: 0, high: 1 });
});

test('a paired difference, its interval and p-value are those of SciPy', () => {
  // d = [1]*40 + [-1]*20 + [0]*140; stats.bootstrap((d,), np.mean) -> 0.025, 0.175; 2 * mean(draws <= 0) -> 0.0097
  const a = users([1, 40], [0, 160]);
  const b = users([0, 40], [1, 20], [0, 140]);
  const { difference, low, high, p } = pairedBootstrap(a, b, 0, REPEATS);
  near(difference, 0.1, 1e-12);
  near(low, 0.025, 0.0051);
  near(high, 0.175, 0.0051);
  near(p, 0.0097, 0.003);
});

test('a method does not differ from itself', () => {
  const a = users([1, 40], [0, 160]);
  assert.deepEqual(pairedBootstrap(a, a, 0), { difference: 0, low: 0, high: 0, p: 1 });
});

test('a difference that every resample shows has the smallest p-value, not 0', () => {
  const { p } = pairedBootstrap(users([1, 10]), users([0, 10]), 0, 999);
  assert.equal(p, 2 / 1000);
});

test('the interval of a ratio is that of SciPy', () => {
  // a = [1]*60 + [0]*140, b = [1]*20 + [0]*150 + [1]*30,
  // stats.bootstrap((a, b), lambda a, b, axis: a.mean(axis=axis) / b.mean(axis=axis), paired=True) -> 0.891, 1.632
  const { ratio, low, high } = ratioInterval(
    users([1, 60], [0, 140]),
    users([1, 20], [0, 150], [1, 30]),
    0,
    REPEATS,
  );
  near(ratio, 1.2, 1e-12);
  near(low, 0.891, 0.02);
  near(high, 1.632, 0.03);
});

test('pairs are matched by user, not by position', () => {
  const a = new Map([
    ['u', [1]],
    ['v', [0]],
  ]);
  const b = new Map([
    ['v', [0]],
    ['u', [1]],
  ]);
  assert.equal(pairedBootstrap(a, b, 0).p, 1);
  assert.throws(() => pairedBootstrap(a, users([1, 2]), 0), /need the same users/);
});

test('the same seed gives the same interval, another seed another one', () => {
  const perUser = groupByUser(
    Array.from({ length: 50 }, (_, u) => String(u)),
    Array.from({ length: 50 }, (_, u) => Math.sqrt(u)),
  );
  assert.deepEqual(bootstrapInterval(perUser, 1), bootstrapInterval(perUser, 1));
  assert.notDeepEqual(bootstrapInterval(perUser, 1), bootstrapInterval(perUser, 2));
});
