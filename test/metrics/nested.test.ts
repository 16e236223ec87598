import { test } from 'node:test';
import { sampleStandardDeviation } from 'simple-statistics';
import { less, nestedBootstrap, type PerUser } from '../../lib/metrics/bootstrap';
import { near as close, perUser, zeros } from './paired';

/** Of one side against 0 everywhere. */
const nested = (seeds: readonly PerUser[], crossed = false, repeats?: number) =>
  nestedBootstrap(less(seeds, seeds.map(zeros)), { crossed, seed: 0 }, repeats);
const errorOf = (...of: Parameters<typeof nested>) => sampleStandardDeviation([...nested(...of).draws]);

/** Values of so many users about a mean, with that standard deviation exactly. */
const spread = (users: number, mean: number, deviation: number) =>
  perUser(Array.from({ length: users }, (_, u) => mean + (u % 2 ? deviation : -deviation)));

const MEANS = [0.02, 0.05, 0.11, 0.03, 0.09];
const seedsOfMeans = MEANS.map((mean) => spread(100, mean, 0.2));
const between = sampleStandardDeviation(MEANS) ** 2;

test('the variance is that between seeds, and S / (S − 1) of that of users within, each over S', () => {
  close(nested(seedsOfMeans).difference, 0.06, 1e-12);
  close(errorOf(seedsOfMeans) / Math.sqrt((between + ((5 / 4) * 0.2 ** 2) / 100) / 5), 1, 0.03);
});

test('users whom all seeds test are drawn once for all of them', () => {
  const alike = Array.from({ length: 5 }, () => spread(100, 0.05, 0.2));
  close(errorOf(alike, true) / (0.2 / Math.sqrt(100)), 1, 0.03);
  close(errorOf(alike, false) / (Math.sqrt(5 / 4) * (0.2 / Math.sqrt(500))), 1, 0.03);
  close(errorOf(seedsOfMeans, true) / Math.sqrt(between / 5 + 0.2 ** 2 / 100), 1, 0.03);
});

test('a sum of differences is resampled as one', () => {
  const [a, b] = [0.3, 0.1].map((mean) => [0, 1, 2].map((seed) => spread(30, mean + seed / 100, 0.2)));
  const sides = [a, b].map((seeds, i) => ({ weight: [1, -0.5][i], seeds }));
  const { difference, draws } = nestedBootstrap(sides, { crossed: false, seed: 0 }, 200);
  const half = a.map((seed, i) =>
    perUser([...seed.values()].map(([value], u) => value - 0.5 * ([...b[i].values()][u][0] as number))),
  );
  const expected = nested(half, false, 200);
  close(difference, expected.difference, 1e-12);
  for (const [i, draw] of draws.entries()) close(draw, expected.draws[i], 1e-12);
});
