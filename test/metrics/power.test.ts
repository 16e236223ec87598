import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleStandardDeviation } from 'simple-statistics';
import { type Random, random, uniform } from '../../lib/base/random';
import { nestedBootstrap, type PerUser } from '../../lib/metrics/bootstrap';
import { errorOf, leastDecided, SPREADS, usersForLikeness } from '../../lib/metrics/power';
import { near as close } from './paired';

test('one seed errs by its users alone, several by both', () => {
  const spread = { users: 0.4, seeds: 0.02 };
  close(errorOf(spread, { users: 100, seeds: 1 }), 0.4 / 10, 1e-12);
  // (0.02 ** 2 + 0.4 ** 2 / 100 + (5 / 4) * 0.4 ** 2 / 100) / 5 = 0.0008
  close(errorOf(spread, { users: 100, seeds: 5 }) ** 2, 0.0008, 1e-12);
  // 0.02 ** 2 / 5 + 0.4 ** 2 / 100 = 0.00168
  close(errorOf(spread, { users: 100, seeds: 5, crossed: true }) ** 2, 0.00168, 1e-12);
});

/** A value with mean 0 and that standard deviation. */
const noise = (deviation: number, stream: Random) => deviation * Math.sqrt(12) * (uniform(stream) - 0.5);

test('it is the error that the bootstrap finds', () => {
  const stream = random(1, 'power');
  const spread = { users: 0.4, seeds: 0.05 };
  const values = (own: number): PerUser =>
    new Map(Array.from({ length: 100 }, (_, u) => [`u${u}`, [own + noise(spread.users, stream)]]));
  const error = () => {
    const seeds = Array.from({ length: 5 }, () => values(noise(spread.seeds, stream)));
    const sides = [{ weight: 1, seeds }];
    return sampleStandardDeviation([...nestedBootstrap(sides, { crossed: false, seed: 0 }, 300).draws]) ** 2;
  };
  const mean = Array.from({ length: 60 }, error).reduce((sum, variance) => sum + variance / 60, 0);
  close(Math.sqrt(mean) / errorOf(spread, { users: 100, seeds: 5 }), 1, 0.06);
});

test('the least difference is 2.80 errors for one claim, 3.93 for 25 together', () => {
  const design = { metric: 'Acc', users: 100, seeds: 5 };
  const error = errorOf(SPREADS.Acc, design);
  // scipy.stats.norm.ppf: ppf(0.975) + ppf(0.8) = 1.959964 + 0.841621; ppf(0.999) + ppf(0.8) = 3.090232 + 0.841621
  close(leastDecided({ ...design, claims: 1 }), 2.801585 * error, 1e-7);
  close(leastDecided({ ...design, claims: 25 }), 3.931853 * error, 1e-7);
});

test('with the users for likeness the margin is 2.93 errors', () => {
  const users = usersForLikeness({ metric: 'HR@5', seeds: 5, claims: 1 }) ?? Number.NaN;
  // (ppf(0.95) + ppf(0.9)) = 1.644854 + 1.281552
  close(2.926405 * errorOf(SPREADS['HR@5'], { users, seeds: 5 }), 0.01, 1e-5);
});

test('no number of users outweighs seeds that differ, and nothing is said of a metric of unknown spread', () => {
  assert.equal(usersForLikeness({ metric: 'Acc', seeds: 2, claims: 1000 }), Number.POSITIVE_INFINITY);
  assert.equal(leastDecided({ metric: 'NDCG@5', users: 10, seeds: 5, claims: 1 }), undefined);
  assert.equal(usersForLikeness({ metric: 'NDCG@5', seeds: 5, claims: 1 }), undefined);
});
