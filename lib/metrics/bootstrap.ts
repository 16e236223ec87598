import { quantileSorted } from 'simple-statistics';
import { type Random, random, uniform } from '../random';

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

/** How often each user was drawn, to the statistic of that resample. No user is drawn as often as 256 times. */
type Statistic = (weights: Uint8Array) => number;

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

function weightedMean({ sums, counts }: Totals, weights: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let user = 0; user < weights.length; user++) {
    sum += weights[user] * sums[user];
    count += weights[user] * counts[user];
  }
  return sum / count;
}

function once(userCount: number): Uint8Array {
  return new Uint8Array(userCount).fill(1);
}

/** Bytes of resamples that are kept: comparisons of as many users are drawn alike, and drawing takes longer than summing. */
const KEPT = 64 * 2 ** 20;
let kept: { readonly of: string; readonly weights: Uint8Array } | undefined;

/** Draws as many users as there are, with replacement, into `weights`. */
function drawUsers(stream: Random, weights: Uint8Array): void {
  weights.fill(0);
  for (let draw = 0; draw < weights.length; draw++) weights[Math.floor(weights.length * uniform(stream))]++;
}

/** All resamples, one after the other: [repeats, userCount]. */
function keptResamples(userCount: number, seed: number, repeats: number): Uint8Array {
  const of = `${userCount} users, seed ${seed}, ${repeats} times`;
  if (kept?.of === of) return kept.weights;
  const stream = random(seed, 'bootstrap');
  const weights = new Uint8Array(repeats * userCount);
  for (let at = 0; at < weights.length; at += userCount)
    drawUsers(stream, weights.subarray(at, at + userCount));
  kept = { of, weights };
  return weights;
}

function resample(userCount: number, seed: number, repeats: number, statistic: Statistic): Float64Array {
  if (repeats * userCount <= KEPT) {
    const all = keptResamples(userCount, seed, repeats);
    return Float64Array.from({ length: repeats }, (_, i) =>
      statistic(all.subarray(i * userCount, (i + 1) * userCount)),
    );
  }
  const stream = random(seed, 'bootstrap');
  const weights = new Uint8Array(userCount);
  return Float64Array.from({ length: repeats }, () => {
    drawUsers(stream, weights);
    return statistic(weights);
  });
}

/** The 95 % percentile interval: between order statistics linear, as NumPy's percentile. */
export function percentiles(draws: Float64Array): Interval {
  const sorted = [...draws.slice().sort()];
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
}
