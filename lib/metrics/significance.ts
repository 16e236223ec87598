import padjust from '@stdlib/stats-padjust';
import { stdtr, stdtri } from 'cephes';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { Interval } from './bootstrap';
import type { Estimate } from './pairedTests';

/** The spread of a metric over seeds; deviation and interval are NaN for a single seed, which shows none. */
export interface SeedSummary {
  readonly mean: number;
  /** Sample standard deviation (n - 1). */
  readonly deviation: number;
  /** The 95 % interval of the mean by Student's t. */
  readonly low: number;
  readonly high: number;
}

/** Mean, standard deviation and t interval of one value per seed. */
export function summarizeSeeds(values: readonly number[]): SeedSummary {
  const n = values.length;
  const middle = mean(values);
  if (n === 1) return { mean: middle, deviation: Number.NaN, low: Number.NaN, high: Number.NaN };
  const deviation = sampleStandardDeviation(values);
  const half = (stdtri(n - 1, 0.975) * deviation) / Math.sqrt(n); // the quantile of Student's t
  return { mean: middle, deviation, low: middle - half, high: middle + half };
}

/**
 * Mean of one difference per seed by Student's t where the seeds' splits overlap, so that the differences are not independent (Nadeau
 * and Bengio 2003): the variance of the mean is (1 / S + n_test / n_train) · s², with S − 1 degrees of freedom, and the interval
 * that of 95 %. `testToTrain` is n_test / n_train. One seed shows no spread, nor do seeds that all say the same: all but the difference
 * is NaN.
 */
export function correctedT(differences: readonly number[], testToTrain: number): Estimate & Interval {
  const S = differences.length;
  const difference = mean(differences);
  const deviation = S === 1 ? 0 : sampleStandardDeviation(differences);
  if (deviation < ROUNDING) {
    const none = () => Number.NaN;
    return { difference, error: Number.NaN, low: Number.NaN, high: Number.NaN, pAbove: none, pBelow: none };
  }
  const error = deviation * Math.sqrt(1 / S + testToTrain);
  const half = stdtri(S - 1, 0.975) * error; // the quantile of Student's t
  const t = (bound: number) => (difference - bound) / error;
  return {
    ...{ difference, error, low: difference - half, high: difference + half },
    pAbove: (bound) => stdtr(S - 1, -t(bound)),
    pBelow: (bound) => stdtr(S - 1, t(bound)),
  };
}

/** Metrics that differ by less are the same but for their last digits. */
const ROUNDING = 1e-12;

/** Holm's step-down correction: adjusted p-values of a family of tests, in the order given. */
export function holm(pValues: readonly number[]): number[] {
  return pValues.length === 0 ? [] : padjust([...pValues], 'holm');
}
