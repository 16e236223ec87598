/** Tests of a claim by differences of two methods. */
import type { Tested } from './perUser';

/** Differences closer to 0 than this count as none, on the metric's scale of 0 to 1. Fixed before any table of RQ2. */
export const EQUIVALENCE_MARGIN = 0.01;

/** Family-wise error rate of the claims that are asked together. */
export const LEVEL = 0.05;

export const POWER = 0.8;

export interface PairedTest {
  /** The uncorrected p-value of the verdict that the data are nearer to. */
  readonly p: number;
  /** Whether that verdict is the claim's, not its contrary. */
  readonly inFavour: boolean;
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
});

/**
 * Is the difference within ± margin? Shown by two one-sided tests (TOST), of which the larger p-value counts; or shown to
 * lie outside, by a one-sided test against the nearer margin, doubled as there are two margins.
 */
export function equivalenceTest(found: Estimate, margin = EQUIVALENCE_MARGIN): PairedTest {
  const within = Math.max(found.pAbove(-margin), found.pBelow(margin));
  const outside = eitherSide(found.pAbove(margin), found.pBelow(-margin));
  return {
    p: Math.min(within, outside),
    inFavour: within < outside,
  };
}
