/** In which order methods stand: on one trunk as on another. */
import { mean } from 'simple-statistics';
import { type Interval, percentiles } from '../metrics/bootstrap';
import { kendallTau } from '../metrics/sampled';
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
