import { quantileSorted } from 'simple-statistics';
import { random, uniform } from '../random';

/**
 * Statistics over users. A user may have several instances, which are not independent of each other,
 * so whole users are resampled: a draw takes all values of a user or none.
 */

/** The values of each user's instances, for example reciprocal ranks or hits. */
export type PerUser = ReadonlyMap<string, readonly number[]>;

/** Sums and counts of the values of each user, in the order of the users: all that a mean needs. */
interface Totals {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/** Resamples: so many that the least p-value stays below 5 % when it is corrected for two hundred questions. */
export const REPEATS = 10_000;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Collects the values of rows by user; `userIds[i]` belongs to `values[i]`. */
export function groupByUser(userIds: readonly string[], values: ArrayLike<number>): PerUser {
  const groups = new Map<string, number[]>();
  userIds.forEach((id, i) => {
    const group = groups.get(id);
    if (group) group.push(values[i]);
    else groups.set(id, [values[i]]);
  });
  return groups;
}

/** A difference of two means over the same users, and what resampling the users makes of it. */
export interface PairedDraws {
  readonly difference: number;
  readonly draws: Float64Array;
}

/** The difference of two means (a − b). Throws where the users of both sides are not the same. */
export function pairedBootstrap(a: PerUser, b: PerUser, seed: number, repeats = REPEATS): PairedDraws {
  const difference = pairedStatistic(a, b, (meanA, meanB) => meanA - meanB);
  return { difference: difference(once(a.size)), draws: resample(a.size, seed, repeats, difference) };
}

/** The ratio of two means (a / b) over the same users and its 95 % interval. */
export function ratioInterval(
  a: PerUser,
  b: PerUser,
  seed: number,
  repeats = REPEATS,
): Interval & { ratio: number } {
  const ratio = pairedStatistic(a, b, (meanA, meanB) => meanA / meanB);
  return { ratio: ratio(once(a.size)), ...percentiles(resample(a.size, seed, repeats, ratio)) };
}

/** How often each user was drawn, to the statistic of that resample. */
type Statistic = (weights: Int32Array) => number;

function pairedStatistic(
  a: PerUser,
  b: PerUser,
  combine: (meanA: number, meanB: number) => number,
): Statistic {
  const users = [...a.keys()];
  if (a.size !== b.size || !users.every((user) => b.has(user))) {
    throw new Error(`paired statistics need the same users on both sides, got ${a.size} and ${b.size}`);
  }
  const totalsA = totalsOf(a, users);
  const totalsB = totalsOf(b, users);
  return (weights) => combine(weightedMean(totalsA, weights), weightedMean(totalsB, weights));
}

function totalsOf(perUser: PerUser, users: readonly string[]): Totals {
  const valuesOf = (user: string) => perUser.get(user) ?? [];
  return {
    sums: Float64Array.from(users, (user) => valuesOf(user).reduce((sum, value) => sum + value, 0)),
    counts: Float64Array.from(users, (user) => valuesOf(user).length),
  };
}

function weightedMean({ sums, counts }: Totals, weights: Int32Array): number {
  let sum = 0;
  let count = 0;
  for (let user = 0; user < weights.length; user++) {
    sum += weights[user] * sums[user];
    count += weights[user] * counts[user];
  }
  return sum / count;
}

function once(userCount: number): Int32Array {
  return new Int32Array(userCount).fill(1);
}

function resample(userCount: number, seed: number, repeats: number, statistic: Statistic): Float64Array {
  const stream = random(seed, 'bootstrap');
  const weights = new Int32Array(userCount);
  return Float64Array.from({ length: repeats }, () => {
    weights.fill(0);
    for (let draw = 0; draw < userCount; draw++) weights[Math.floor(userCount * uniform(stream))]++;
    return statistic(weights);
  });
}

/** The 95 % percentile interval: between order statistics linear, as NumPy's percentile. */
export function percentiles(draws: Float64Array): Interval {
  const sorted = [...draws.slice().sort()];
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
}
