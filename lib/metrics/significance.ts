import padjust from '@stdlib/stats-padjust';
import { stdtr, stdtri } from 'cephes';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { Interval } from './bootstrap';
import type { Estimate } from './pairedTests';

/**
 * Mean of one difference per seed by Student's t, for splits that overlap (Nadeau and Bengio 2003): variance
 * (1 / S + n_test / n_train) · s², S − 1 degrees of freedom, 95 % interval; `testToTrain` is n_test / n_train, or less where instances are neither. All but the
 * difference is NaN for one seed, and for seeds that all say the same.
 */
export function correctedT(differences: readonly number[], testToTrain: number): Estimate & Interval {
  const S = differences.length;
  const difference = mean(differences);
  const deviation = S === 1 ? 0 : sampleStandardDeviation(differences);
  const [none, pNone] = [Number.NaN, () => Number.NaN];
  if (deviation < ROUNDING)
    return { difference, error: none, low: none, high: none, pAbove: pNone, pBelow: pNone };
  const error = deviation * Math.sqrt(1 / S + testToTrain);
  const half = stdtri(S - 1, 0.975) * error; // the quantile of Student's t
  const t = (bound: number) => (difference - bound) / error;
  return {
    ...{ difference, error, low: difference - half, high: difference + half },
    pAbove: (bound) => stdtr(S - 1, -t(bound)),
    pBelow: (bound) => stdtr(S - 1, t(bound)),
  };
}

/** Metrics that differ by less are equal but for their last digits. */
const ROUNDING = 1e-12;

/** Holm's step-down correction: adjusted p-values of a family of tests, in the order given. */
export function holm(pValues: readonly number[]): number[] {
  return pValues.length === 0 ? [] : padjust([...pValues], 'holm');
}
