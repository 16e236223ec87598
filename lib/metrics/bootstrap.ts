import { quantileSorted, sum } from 'simple-statistics';
import { below, random, uniform } from '../base/random';

/** The values of each user's instances. They are not independent, so resamples take all values of a user or none. */
export type PerUser = ReadonlyMap<string, readonly number[]>;

/** Sums and counts of the values of each user, or of each resample. */
type Totals = Readonly<Record<'sums' | 'counts', Float64Array>>;

/** Totals of the users of a seed, in their order. */
export type Tested = Totals & { readonly users: readonly string[] };

const REPEATS = 10_000;

export type Interval = { readonly low: number; readonly high: number };

/** Collects the values of rows by user; `userIds[i]` belongs to `values[i]`. */
export function groupByUser(userIds: readonly string[], values: ArrayLike<number>): PerUser {
  const groups = new Map<string, number[]>(userIds.map((id) => [id, []]));
  for (const [i, id] of userIds.entries()) groups.get(id)?.push(values[i]);
  return groups;
}

/** A difference of means over the same users, and its resamples. */
export interface PairedDraws {
  readonly difference: number;
  readonly draws: Float64Array;
}

/** A method with its weight in the difference, and the values of the users whom each seed tested. */
export type Side = { readonly weight: number; readonly seeds: readonly PerUser[] };

/** `crossed`: all seeds test the same users in the same order. */
type How = { readonly crossed: boolean; readonly seed: number };

/** Resamples of the users of each seed, from which those of all seeds together are drawn. */
const WITHIN = 2000;

/**
 * A weighted sum of means (two methods: +1 and −1), and its resamples of seeds and of users within each (once for all seeds if
 * `crossed`). Resamples of S seeds vary by (S − 1) / S of what they stand for (narrowness bias; Hesterberg 2015): draws are moved
 * away from the mean of all seeds by √(S / (S − 1)). Throws where the sides of a seed have other users.
 */
export function nestedBootstrap(
  sides: readonly Side[],
  { crossed, seed }: How,
  repeats = REPEATS,
): PairedDraws {
  const tested = sides[0].seeds.map((_, i) => summed(sides, i));
  const S = tested.length;
  const together = crossed || S === 1;
  const within = together ? repeats : WITHIN;
  const resampled = tested.map(({ users }, i) => resampledSides(sides, i, users, seed, within));
  const all = (values: 'sums' | 'counts') => sum(tested.map((totals) => sum(listOf(totals[values]))));
  const difference = all('sums') / all('counts');
  const widening = S === 1 ? 1 : Math.sqrt(S / (S - 1));
  const stream = random(seed, 'bootstrap of seeds');
  const draws = new Float64Array(repeats);
  for (let i = 0; i < repeats; i++) {
    let [drawnSum, drawnCount, wholeSum, wholeCount] = [0, 0, 0, 0];
    for (let slot = 0; slot < S; slot++) {
      const { sums, counts } = resampled[S === 1 ? 0 : below(S, stream)];
      const at = together ? i : below(within, stream);
      drawnSum += sums[at];
      drawnCount += counts[at];
      if (!crossed) continue;
      wholeSum += resampled[slot].sums[i];
      wholeCount += resampled[slot].counts[i];
    }
    const centre = crossed ? wholeSum / wholeCount : difference;
    draws[i] = centre + widening * (drawnSum / drawnCount - centre);
  }
  return { difference, draws };
}

export const less = (one: readonly PerUser[], other: readonly PerUser[]): Side[] => [
  { weight: 1, seeds: one },
  { weight: -1, seeds: other },
];

/** Weighted sums over sides of the values of each user of a seed. */
export function summed(sides: readonly Side[], seed: number): Tested {
  const users = [...sides[0].seeds[seed].keys()];
  const totals = sides.map(({ seeds }) => totalsOf(seeds[seed], users));
  const weighted = (_: string, user: number) =>
    sum(sides.map(({ weight }, side) => weight * totals[side].sums[user]));
  return { users, sums: Float64Array.from(users, weighted), counts: totals[0].counts };
}

/** Resamples of the weighted sums over sides of a seed. */
function resampledSides(
  sides: readonly Side[],
  i: number,
  users: readonly string[],
  seed: number,
  repeats: number,
): Totals {
  const own = sides.map(({ seeds }) => resampledTotals(inOrder(seeds[i], users), seed, repeats));
  const sums = new Float64Array(repeats);
  for (const [side, { weight }] of sides.entries())
    for (let at = 0; at < repeats; at++) sums[at] += weight * own[side].sums[at];
  return { sums, counts: own[0].counts };
}

/** Puts values into the order of the users; no copy where they have it. */
const inOrder = (perUser: PerUser, users: readonly string[]): PerUser =>
  [...perUser.keys()].every((user, i) => user === users[i])
    ? perUser
    : new Map(users.map((user) => [user, perUser.get(user) ?? []]));

/** Kept for the next comparison: a method is compared with many others. */
const drawnOf = new WeakMap<PerUser, Map<string, Totals>>();

function resampledTotals(perUser: PerUser, seed: number, repeats: number): Totals {
  const cached = drawnOf.get(perUser) ?? new Map<string, Totals>();
  drawnOf.set(perUser, cached);
  const of = `seed ${seed}, ${repeats} times`;
  const found = cached.get(of) ?? resample(totalsOf(perUser, [...perUser.keys()]), seed, repeats);
  cached.set(of, found);
  return found;
}

function resample({ sums, counts }: Totals, seed: number, repeats: number): Totals {
  const found = { sums: new Float64Array(repeats), counts: new Float64Array(repeats) };
  const areAlike = counts.every((count) => count === counts[0]);
  const [sumOf, countOf] = [summing(sums), areAlike ? () => counts.length * counts[0] : summing(counts)];
  let at = 0;
  for (const weights of resamples(sums.length, seed, repeats)) {
    found.sums[at] = sumOf(weights);
    found.counts[at++] = countOf(weights);
  }
  return found;
}

/** Sums resamples of values, which are often 0. */
function summing(values: Float64Array): (weights: Uint8Array) => number {
  const at = Int32Array.from(values.keys()).filter((i) => values[i] !== 0);
  const there = Float64Array.from(at, (i) => values[i]);
  return (weights) => {
    let sum = 0;
    for (let i = 0; i < at.length; i++) sum += weights[at[i]] * there[i];
    return sum;
  };
}

/** As simple-statistics takes it, which reads by index: a copy takes longer than a sum. */
export const listOf = (values: Float64Array): readonly number[] => values as unknown as readonly number[];

/** The ratio of two means (a / b) over the same users of each seed, and its 95 % interval. */
export function ratioInterval(
  a: readonly PerUser[],
  b: readonly PerUser[],
  how: How,
  repeats = REPEATS,
): Interval & { ratio: number } {
  for (const [i, users] of a.entries()) totalsOf(b[i], [...users.keys()]); // throws where they are others
  const [over, under] = [a, b].map((seeds) => nestedBootstrap([{ weight: 1, seeds }], how, repeats)); // the same resamples
  const ratios = over.draws.map((draw, i) => draw / under.draws[i]);
  return { ratio: over.difference / under.difference, ...percentiles(ratios) };
}

/** In the order of `users`; throws where the values are of others. */
function totalsOf(perUser: PerUser, users: readonly string[]): Totals {
  const own = users.map((user) => perUser.get(user) ?? []);
  if (perUser.size !== users.length || own.some(({ length }) => length === 0))
    throw new Error(
      `paired statistics need the same users on both sides, got ${users.length} and ${perUser.size}`,
    );
  return {
    sums: Float64Array.from(own, (values) => values.reduce((sum, value) => sum + value, 0)),
    counts: Float64Array.from(own, ({ length }) => length),
  };
}

/** Bytes of resamples that are cached: comparisons of as many users draw the same, and drawing takes longer than summing. */
const CACHED = 64 * 2 ** 20;
const cache = new Map<string, Uint8Array>();

/** How often each user is drawn, with replacement, resample by resample; an array may be overwritten by the next. */
function* resamples(userCount: number, seed: number, repeats: number): Generator<Uint8Array> {
  const of = `${userCount} users, seed ${seed}, ${repeats} times`;
  const known = cache.get(of);
  const isCached = repeats * userCount <= CACHED;
  const all = known ?? new Uint8Array(isCached ? repeats * userCount : userCount);
  const stream = random(seed, 'bootstrap');
  for (let i = 0; i < repeats; i++) {
    const weights = isCached ? all.subarray(i * userCount, (i + 1) * userCount) : all.fill(0);
    for (let draw = 0; !known && draw < userCount; draw++) weights[Math.floor(userCount * uniform(stream))]++;
    yield weights;
  }
  if (known || !isCached) return;
  if (sum([...cache.values()].map(({ length }) => length)) + all.length > CACHED) cache.clear();
  cache.set(of, all);
}

/** The 95 % percentile interval: between order statistics linear, as NumPy's percentile. */
export function percentiles(draws: Float64Array): Interval {
  const sorted = listOf(draws.slice().sort());
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
}
