/** In which order methods stand: on one trunk as on another, and over several tasks. */
import { mean } from 'simple-statistics';
import { type Interval, percentiles } from '../metrics/bootstrap';
import { kendallTau, order } from '../metrics/sampled';
import type { Drawn } from './means';

/** Metrics of the same methods here and there; all share their resamples. */
export type Sides = readonly [here: readonly Drawn[], there: readonly Drawn[]];

/** Kendall's τ, and where 95 % of its resamples of seeds and users lie; NaN where all tie. */
export type Agreement = Interval & { readonly tau: number };

/** How alike two orders are, in the mean over tasks. Chance alone lowers a τ, so that of resamples lies below that of the means. */
export function agreement(...tasks: readonly Sides[]): Agreement {
  const tauOf = (value: (drawn: Drawn) => number) =>
    meanOfNumbers(tasks.map(([here, there]) => kendallTau(here.map(value), there.map(value))));
  const taus = Float64Array.from(tasks[0][0][0].draws, (_, i) => tauOf(({ draws }) => draws[i]));
  return {
    tau: tauOf(({ difference }) => difference),
    ...spreadOf(taus.filter((tau) => !Number.isNaN(tau))),
  };
}

/**
 * τ of one order by a half of the seeds and of another, or the same, by the other half, in the mean of all halves; seeds split the
 * same users, so not all noise is apart. Values [methods][seeds]. NaN for one seed.
 */
export function halvesAgree(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const seeds = a[0].map((_, seed) => seed);
  const by = (half: readonly number[], values: typeof a) =>
    values.map((own) => mean(half.map((seed) => own[seed])));
  const taus = subsets(seeds, Math.floor(seeds.length / 2)).map((half) => {
    const others = seeds.filter((seed) => !half.includes(seed));
    return kendallTau(by(half, a), by(others, b));
  });
  return meanOfNumbers(taus);
}

/** NaN if all are. */
export function meanOfNumbers(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.length > 0 ? mean(numbers) : Number.NaN;
}

/** All subsets of a size that is not 0. */
const subsets = <T>(of: readonly T[], size: number): T[][] =>
  of.flatMap((first, i) => {
    if (size < 2) return size === 1 ? [[first]] : [];
    return subsets(of.slice(i + 1), size - 1).map((rest) => [first, ...rest]);
  });

const spreadOf = (taus: Float64Array): Interval =>
  taus.length > 0 ? percentiles(taus) : { low: Number.NaN, high: Number.NaN };

/** The mean rank of each of several things over blocks of their scores, 1 the highest; equal scores share their ranks. */
export function meanRanks(blocks: readonly (readonly number[])[]): number[] {
  const ranks = blocks.map((scores) =>
    scores.map((own) => {
      const above = scores.filter((other) => order(other, own) > 0).length;
      const equal = scores.filter((other) => order(other, own) === 0).length;
      return above + (equal + 1) / 2;
    }),
  );
  return blocks[0].map((_, i) => mean(ranks.map((block) => block[i])));
}

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Where integrals over the normal density end, and their steps. */
const FAR = 8;
const STEP = 0.01;

/** The probability that k independent normal values lie within q of each other. */
function withinRange(q: number, k: number): number {
  let [sum, below] = [0, 0]; // below: Φ(x) − Φ(x − q), by sums of the density
  for (let x = -FAR; x < FAR; x += STEP) {
    const at = x + STEP / 2;
    const grown = (STEP / 2) * (density(at) - density(at - q));
    sum += STEP * k * density(at) * (below + grown) ** (k - 1);
    below += 2 * grown;
  }
  return sum;
}

/** Critical difference of mean ranks of k things over n blocks at the 5 % level: Nemenyi's test (Demšar 2006, section 3.2.2). */
export function criticalDifference(k: number, n: number): number {
  let [low, high] = [0, 20];
  while (high - low > 1e-6) {
    const q = (low + high) / 2;
    if (withinRange(q, k) < 0.95) low = q;
    else high = q;
  }
  return (low / Math.SQRT2) * Math.sqrt((k * (k + 1)) / (6 * n));
}
