import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleStandardDeviation } from 'simple-statistics';
import { permutation, type Random, random } from '../../lib/base/random';
import { less, nestedBootstrap, type PerUser } from '../../lib/metrics/bootstrap';
import { resampledEstimate, superiorityTest } from '../../lib/metrics/pairedTests';
import { correctedT } from '../../lib/metrics/significance';
import { near as close, noise, perUser, zeros } from './paired';

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

test('the t-test over seeds with overlapping splits is that of SciPy', () => {
  // import numpy as np; from scipy import stats (1.17.1)
  // x = np.array([.01, .03, .02, -.005, .015]); s = np.sqrt(1/5 + .27/.7) * x.std(ddof=1)
  // stats.t.interval(.95, 4, loc=x.mean(), scale=s); stats.t.sf(x.mean() / s, 4); stats.t.sf((x.mean() - .01) / s, 4);
  // stats.t.cdf((x.mean() - .03) / s, 4)
  const found = correctedT([0.01, 0.03, 0.02, -0.005, 0.015], 0.27 / 0.7);
  close(found.difference, 0.014, 1e-12);
  close(found.error, 0.009904904989808982, 1e-12);
  close(found.low, -0.013500424976404347, 1e-9);
  close(found.high, 0.041500424976404354, 1e-9);
  close(found.pAbove(0), 0.11520498452138479, 1e-9);
  close(found.pAbove(0.01), 0.35349422322461993, 1e-9);
  close(found.pBelow(0.03), 0.09076771684545046, 1e-9);
});

test('one seed shows no spread, nor do seeds that say the same but for rounding', () => {
  for (const differences of [[0.02], [0.02, 0.02, 0.02], [0.35 - 0.3, 0.4 - 0.35]]) {
    const { difference, ...nothing } = correctedT(differences, 0.4);
    close(difference, differences[0], 1e-12);
    assert.ok([nothing.error, nothing.low, nothing.high, nothing.pAbove(0)].every(Number.isNaN));
  }
});

/**
 * A difference of `effect` between methods: each of 300 users has a preference of his own for one of them, each seed tests 27 % of them,
 * adds noise and has a preference too, which is `seeds` times what its users leave open.
 */
function worldOf(S: number, seeds: number, stream: Random, effect: number): PerUser[] {
  const preferences = Array.from({ length: 300 }, () => noise(0.2, stream));
  return Array.from({ length: S }, () => {
    const own = noise((seeds * Math.hypot(0.2, 0.35)) / Math.sqrt(81), stream);
    const tested = permutation(300, stream).slice(0, 81);
    return perUser(Array.from(tested, (user) => effect + preferences[user] + own + noise(0.35, stream)));
  });
}

/** How often each test finds a difference at 5 %; there is none unless said. */
function levels(S: number, seeds: number, { effect = 0, worlds = 300 } = {}) {
  const stream = random(1, `level ${S} ${seeds}`);
  let [drawn, t] = [0, 0];
  for (let world = 0; world < worlds; world++) {
    const values = worldOf(S, seeds, stream, effect);
    const means = values.map((one) => [...one.values()].reduce((sum, [value]) => sum + value, 0) / one.size);
    if (superiorityTest(resampledEstimate(nested(values, false, 400))).p < 0.05) drawn++;
    if (superiorityTest(correctedT(means, 0.27 / 0.7)).p < 0.05) t++;
  }
  return { drawn: drawn / worlds, t: t / worlds };
}

test('with five seeds both keep their level where seeds differ by no more than their users leave open', () => {
  // Three standard errors of a share of 0.05 in 300 worlds: 0.038
  for (const seeds of [0, 0.5]) {
    const { drawn, t } = levels(5, seeds);
    assert.ok(drawn < 0.088 && t < 0.088, `${seeds}: ${drawn} ${t}`);
  }
});

test('both find a difference of five standard errors, the t-test less often', () => {
  const { drawn, t } = levels(5, 0, {
    effect: 5 * Math.hypot(0.35 / Math.sqrt(405), 0.2 / Math.sqrt(300)),
    worlds: 50,
  });
  assert.ok(drawn > 0.8 && t > 0.4, `${drawn} ${t}`);
});

test('where seeds differ by much more, only the t-test does', () => {
  const { drawn, t } = levels(3, 3);
  assert.ok(drawn > 0.088 && t < 0.088, `${drawn} ${t}`);
});
