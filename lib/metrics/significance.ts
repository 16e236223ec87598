import padjust from '@stdlib/stats-padjust';
import { stdtri } from 'cephes';
import { mean, sampleStandardDeviation } from 'simple-statistics';

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

/** Holm's step-down correction: adjusted p-values of a family of tests, in the order given. */
export function holm(pValues: readonly number[]): number[] {
  return pValues.length === 0 ? [] : padjust([...pValues], 'holm');
}
