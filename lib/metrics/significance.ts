import padjust from '@stdlib/stats-padjust';
import { incbet, incbi } from 'cephes';
import { mean, sampleVariance, sum } from 'simple-statistics';
import { atLeast, type Estimate } from './pairedTests';
import { type PerUser, type Tested, testedIn } from './perUser';

/** Of 95 %. */
export type Interval = { readonly low: number; readonly high: number };

/** As simple-statistics takes it, which reads by index: a copy takes longer than a sum. */
const listOf = (values: Float64Array): readonly number[] => values as unknown as readonly number[];

/** What a difference of several seeds varies by. */
export type Variation = {
  readonly difference: number;
  /** Variance by users, each drawn with all that any seed tested of them. */
  readonly users: number;
  readonly userCount: number;
  /** Variance between the means of seeds, and what users explain of it; 0 of one seed. */
  readonly between: number;
  readonly explained: number;
  /** What the mean over all seeds keeps of a variance between them: 1 / S if each tests as much. */
  readonly share: number;
  readonly tested: readonly Tested[];
};

/** A variance between trainings, and the degrees of freedom of its estimate. */
export type Trainings = Readonly<Record<'variance' | 'freedom', number>>;

/** The variance between seeds that users do not explain; below 0 by chance. */
const unexplained = ({ between, explained }: Variation): number => between - explained;

/** The variance of trainings in the mean over comparisons that have as much freedom as so many independent ones. */
export const pooledOver = (comparisons: readonly Variation[], independent: number): Trainings => ({
  variance: mean(comparisons.map(unexplained)),
  freedom: independent * (Math.min(...comparisons.map(({ tested }) => tested.length)) - 1),
});

/** The variation of a mean, less that of `other` where it is given. Throws where the two have other users in a seed. */
export function variationOf(one: readonly PerUser[], other?: readonly PerUser[]): Variation {
  const tested = one.map((values, seed) => testedIn(values, other?.[seed]));
  const counts = tested.map((seed) => sum(listOf(seed.counts)));
  const means = tested.map(({ sums }, seed) => sum(listOf(sums)) / counts[seed]);
  const weights = counts.map((count) => count / sum(counts));
  const overSeeds = (values: readonly number[]) =>
    values.reduce((total, value, seed) => total + weights[seed] * value, 0);
  /** How far each user moves the mean of each seed. */
  const moves = new Map<string, number[]>();
  for (const [seed, { users, sums, counts: own }] of tested.entries())
    for (const [i, user] of users.entries()) {
      const found = moves.get(user) ?? tested.map(() => 0);
      found[seed] = (sums[i] - means[seed] * own[i]) / counts[seed];
      moves.set(user, found);
    }
  const summedUp = (value: (move: readonly number[]) => number) => {
    let total = 0;
    for (const move of moves.values()) total += value(move);
    return (total * moves.size) / Math.max(1, moves.size - 1);
  };
  const isOne = tested.length === 1;
  return {
    difference: overSeeds(means),
    userCount: moves.size,
    users: summedUp((move) => overSeeds(move) ** 2),
    between: isOne ? 0 : sampleVariance(means),
    explained: isOne ? 0 : summedUp(sampleVariance),
    share: sum(weights.map((weight) => weight ** 2)),
    tested,
  };
}

/** Larger degrees of freedom are those of a normal distribution. */
const MOST_FREEDOM = 1e6;

/**
 * The difference by Student's t: its variance is that of users and, over the seeds, that of trainings, their own or that pooled over
 * other comparisons if it is larger; degrees of freedom by Satterthwaite (1946). With the 95 % interval.
 */
export function estimateOf(
  of: Variation,
  pooled: Trainings = { variance: 0, freedom: 0 },
): Estimate & Interval {
  const { difference, users, userCount, between, explained, share, tested } = of;
  const own = Math.max(0, unexplained(of));
  const isPooled = own < pooled.variance;
  const trainings = isPooled ? pooled.variance : own;
  const variance = users + share * trainings;
  const ofTrainings = isPooled ? pooled.freedom : Math.max(1, tested.length - 1);
  const estimated = share * (isPooled ? trainings + explained : between);
  const unsure = users ** 2 / Math.max(1, userCount - 1) + estimated ** 2 / ofTrainings;
  const freedom = unsure > 0 ? Math.min(MOST_FREEDOM, variance ** 2 / unsure) : MOST_FREEDOM;
  const error = Math.sqrt(variance);
  const x = incbi(freedom / 2, 0.5, 0.05);
  const half = error * Math.sqrt((freedom * (1 - x)) / x); // the quantile of Student's t
  const above = (distance: number) => {
    const t = distance / error || 0; // 0 / 0 where all users differ alike
    const tail = incbet(freedom / 2, 0.5, freedom / (freedom + t ** 2)) / 2;
    return t > 0 ? tail : 1 - tail;
  };
  return {
    ...{ difference, error, low: difference - half, high: difference + half },
    pAbove: (bound) => Math.max(above(difference - bound), atLeast(tested, bound, -bound)),
    pBelow: (bound) => Math.max(above(bound - difference), atLeast(tested, bound, bound)),
  };
}

/** Holm's step-down correction: adjusted p-values of a family of tests, in the order given. */
export function holm(pValues: readonly number[]): number[] {
  return pValues.length === 0 ? [] : padjust([...pValues], 'holm');
}
