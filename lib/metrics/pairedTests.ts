/** What differences of two methods say about a claim. */
import { ndtri } from 'cephes';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { PairedDraws, PerUser, Tested } from './bootstrap';

/** Differences closer to 0 than this, on the metric's own scale of 0 to 1, count as none. Fixed before any table of RQ2. */
export const EQUIVALENCE_MARGIN = 0.01;

/**
 * A margin of its own for each task: this share of what FineAll gains over FineCLS there. Fixed when a first table of RQ2 on
 * MovieLens-1M had been seen, to a round number; it decides nothing.
 */
export const RELATIVE_MARGIN = 0.25;

/** How often something is found that is not there, in a family of claims. */
export const LEVEL = 0.05;

/** No data set of this kind has more test users, so that a larger number says no more than none. */
const MOST_USERS = 10_000_000;

/** The probability with which the users that are needed decide a question. */
export const POWER = 0.8;

export interface PairedTest {
  /** The p-value, before any correction, of the verdict that the data are nearer to. */
  readonly p: number;
  /** Whether that verdict is the claim's, not its contrary. */
  readonly inFavour: boolean;
  /**
   * Users that would decide at this level with a power of 80 %, if the difference is the one found; null where ten million would not.
   * Normal approximation: n · ((z₁₋α + z₁₋β) · error / distance)², where n counts the users of all seeds and the square of
   * `error`, the standard error, is taken to fall as they are more (with as many times more seeds and users in each it falls faster, so
   * that fewer will do), `distance` how far the difference lies from where the verdict turns, α the
   * level of a one-sided test.
   */
  readonly needed: (users: number, level: number) => number | null;
}

/** A difference with the standard error and the one-sided p-values that it is above a bound, or below it. */
export type Estimate = {
  readonly difference: number;
  readonly error: number;
  readonly pAbove: (bound: number) => number;
  readonly pBelow: (bound: number) => number;
};

/**
 * What resamples say. One is added to both counts of a share, so that no p-value is 0; nor is one below 2^−m, the least that a
 * test of signs gives, where m users differ from the bound: resamples of a few who agree never disagree.
 */
export function resampledEstimate({ difference, draws, tested }: PairedDraws): Estimate {
  const shareOf = (bound: number, is: (draw: number) => boolean) =>
    Math.max((draws.filter(is).length + 1) / (draws.length + 1), 2 ** -usersApart(tested, bound));
  return {
    difference,
    error: sampleStandardDeviation([...draws]),
    pAbove: (bound) => shareOf(bound, (draw) => draw <= bound),
    pBelow: (bound) => shareOf(bound, (draw) => draw >= bound),
  };
}

/** So many users that signs allow for less than any share of resamples. */
const MANY = 20;

/** The users whose difference is not the bound, in any seed; once they are many they are not counted further. */
function usersApart(tested: readonly Tested[], bound: number): number {
  const apart = new Set<string>();
  for (const { users, sums, counts } of tested) {
    for (let i = 0; i < users.length && apart.size < MANY; i++)
      if (sums[i] !== bound * counts[i]) apart.add(users[i]);
  }
  return apart.size;
}

/** Twice the smaller one-sided p-value, since either side may show it. */
const eitherSide = (above: number, below: number) => Math.min(1, 2 * Math.min(above, below));

/** Is the difference above 0? Two-sided: it may as well be shown to lie below. */
export function superiorityTest(found: Estimate): PairedTest {
  return {
    p: eitherSide(found.pAbove(0), found.pBelow(0)),
    inFavour: found.difference > 0,
    needed: (users, level) =>
      usersFor(users, found, Math.abs(found.difference), { alpha: level / 2, beta: 1 - POWER }),
  };
}

/**
 * Is the difference within ± margin? Shown by two one-sided tests (TOST), of which the larger p-value counts; or shown to
 * lie outside, by a one-sided test against the nearer margin, doubled as there are two margins.
 */
export function equivalenceTest(found: Estimate, margin = EQUIVALENCE_MARGIN): PairedTest {
  const within = Math.max(found.pAbove(-margin), found.pBelow(margin));
  const outside = eitherSide(found.pAbove(margin), found.pBelow(-margin));
  const distance = margin - Math.abs(found.difference);
  return {
    p: Math.min(within, outside),
    inFavour: within < outside,
    needed: (users, level) =>
      distance > 0
        ? // Both tests must succeed, so half of what may fail is left to each.
          usersFor(users, found, distance, { alpha: level, beta: (1 - POWER) / 2 })
        : usersFor(users, found, -distance, { alpha: level / 2, beta: 1 - POWER }),
  };
}

/** The same where the margin is measured too: `less` is the difference less the margin, `more` both together. */
export function relativeTest(less: Estimate, more: Estimate): Pick<PairedTest, 'p' | 'inFavour'> {
  const within = Math.max(more.pAbove(0), less.pBelow(0));
  const outside = eitherSide(less.pAbove(0), more.pBelow(0));
  return { p: Math.min(within, outside), inFavour: within < outside };
}

/** How often a test may find what is not there, and miss what is. */
type ErrorRates = { readonly alpha: number; readonly beta: number };

function usersFor(
  users: number,
  { error }: Estimate,
  distance: number,
  { alpha, beta }: ErrorRates,
): number | null {
  if (!(distance > 0)) return null;
  const spread = ndtri(1 - alpha) + ndtri(1 - beta); // quantiles of the normal distribution
  const needed = Math.max(1, Math.ceil(users * ((spread * error) / distance) ** 2));
  return needed <= MOST_USERS ? needed : null;
}

/**
 * Cohen's d of paired observations (d_z): each user's mean under `a` less that under `b`; the mean of these differences
 * over their sample standard deviation. Every user counts the same. Not finite for one user or where all differ alike.
 */
export function pairedEffect(a: PerUser, b: PerUser): number {
  const differences = [...a].map(([user, values]) => mean(values) - mean(b.get(user) as readonly number[]));
  return mean(differences) / (differences.length > 1 ? sampleStandardDeviation(differences) : Number.NaN);
}
