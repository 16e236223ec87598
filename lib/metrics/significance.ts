import padjust from '@stdlib/stats-padjust';
import { jStat } from 'jstat';

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
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN;
  const half = n > 1 ? (jStat.studentt.inv(0.975, n - 1) * deviation) / Math.sqrt(n) : Number.NaN;
  return { mean, deviation, low: mean - half, high: mean + half };
}

/** Holm's step-down correction: adjusted p-values of a family of tests, in the order given. */
export function holm(pValues: readonly number[]): number[] {
  return pValues.length === 0 ? [] : padjust([...pValues], 'holm');
}
