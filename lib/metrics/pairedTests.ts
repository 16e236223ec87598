/** Tests of a claim by differences of two methods. */
import { ndtri } from 'cephes';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { PerUser, Tested } from './perUser';

/** Differences closer to 0 than this count as none, on the metric's scale of 0 to 1. Fixed before any table of RQ2. */
export const EQUIVALENCE_MARGIN = 0.01;

/** Family-wise error rate of the claims that are asked together. */
export const LEVEL = 0.05;

/** No data set of this kind has more test users. */
const MOST_USERS = 10_000_000;

export const POWER = 0.8;

export interface PairedTest {
  /** The uncorrected p-value of the verdict that the data are nearer to. */
  readonly p: number;
  /** Whether that verdict is the claim's, not its contrary. */
  readonly inFavour: boolean;
  /**
   * Users needed for 80 % power at this level and the difference found; null where ten million would not do:
   * n · ((z₁₋α + z₁₋β) · error / distance)², n the users of all seeds, `distance` from the difference to where the verdict turns.
   */
  readonly needed: (users: number, level: number) => number | null;
}

/** A difference with its standard error, and the one-sided p-values that it is above or below a bound. */
export type Estimate = Readonly<
  Record<'difference' | 'error', number> & Record<'pAbove' | 'pBelow', (bound: number) => number>
>;

/**
 * The least p that these users can show. Where few differ from the bound, 2^−m of a sign test over the m who do; where the bound is the far
 * one of a margin, (1 − margin)^n, with which n users show no difference though the mean is the margin, by one in 1 / margin.
 */
export function atLeast(tested: readonly Tested[], bound: number, margin: number): number {
  const bySigns = 2 ** -usersApart(tested, bound);
  if (margin <= 0) return bySigns;
  const users = new Set(tested.flatMap((seed) => seed.users)).size;
  return Math.max(bySigns, (1 - margin) ** users);
}

/** Of so many users a test of signs allows smaller p-values than matter. */
const MANY = 20;

/** The users whose difference is not the bound, in any seed; counted up to MANY. */
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
export const superiorityTest = (found: Estimate): PairedTest => ({
  p: eitherSide(found.pAbove(0), found.pBelow(0)),
  inFavour: found.difference > 0,
  needed: (users, level) => usersFor(users, found, Math.abs(found.difference), level / 2, 1 - POWER),
});

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
    // Both tests must succeed, so half of what may fail is left to each.
    needed: (users, level) =>
      distance > 0
        ? usersFor(users, found, distance, level, (1 - POWER) / 2)
        : usersFor(users, found, -distance, level / 2, 1 - POWER),
  };
}

/** `alpha`: rate of false positives of a one-sided test, `beta`: of false negatives. */
function usersFor(
  users: number,
  { error }: Estimate,
  distance: number,
  alpha: number,
  beta: number,
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
