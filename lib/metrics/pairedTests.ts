/** What resampled differences say about a claim. One is added to both counts of a share, so that no p-value is 0. */
import { ndtri } from 'cephes';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { PairedDraws, PerUser } from './bootstrap';

/** Differences closer to 0 than this, on the metric's own scale of 0 to 1, count as none. Fixed before results were seen. */
export const EQUIVALENCE_MARGIN = 0.01;

/** The probability with which the users that are needed decide a question. */
export const POWER = 0.8;

export interface PairedTest {
  /** The p-value, before any correction, of the verdict that the data are nearer to. */
  readonly p: number;
  /** Whether that verdict is the claim's, not its contrary. */
  readonly inFavour: boolean;
  /**
   * Users that would decide at this level with a power of 80 %, if the difference is the one found; null where no number does.
   * Normal approximation: n · ((z₁₋α + z₁₋β) · error / distance)², where `error` is the standard deviation of the resampled
   * differences, `distance` how far the difference lies from where the verdict turns, α the level of a one-sided test.
   */
  readonly needed: (users: number, level: number) => number | null;
}

const shareOf = (count: number, all: number) => (count + 1) / (all + 1);
/** One-sided p-values: small where the difference is shown to lie above, or below, the bound. */
const pAbove = (draws: Float64Array, bound: number) =>
  shareOf(draws.filter((draw) => draw <= bound).length, draws.length);
const pBelow = (draws: Float64Array, bound: number) =>
  shareOf(draws.filter((draw) => draw >= bound).length, draws.length);
/** Is the difference above 0? One-sided: only that is of interest. Its p-value. */
export const pGreater = ({ draws }: PairedDraws): number => pAbove(draws, 0);

/** Twice the smaller one-sided p-value, since either side may show it. */
const eitherSide = (above: number, below: number) => Math.min(1, 2 * Math.min(above, below));

/** Is the difference above 0? Two-sided: it may as well be shown to lie below. */
export function superiorityTest({ difference, draws }: PairedDraws): PairedTest {
  return {
    p: eitherSide(pAbove(draws, 0), pBelow(draws, 0)),
    inFavour: difference > 0,
    needed: (users, level) =>
      usersFor(users, draws, Math.abs(difference), { alpha: level / 2, beta: 1 - POWER }),
  };
}

/**
 * Is the difference within ± margin? Shown by two one-sided tests (TOST), of which the larger p-value counts; or shown to
 * lie outside, by a one-sided test against the nearer margin, doubled as there are two margins.
 */
export function equivalenceTest({ difference, draws }: PairedDraws, margin = EQUIVALENCE_MARGIN): PairedTest {
  const within = Math.max(pAbove(draws, -margin), pBelow(draws, margin));
  const outside = eitherSide(pAbove(draws, margin), pBelow(draws, -margin));
  const distance = margin - Math.abs(difference);
  return {
    p: Math.min(within, outside),
    inFavour: within < outside,
    needed: (users, level) =>
      distance > 0
        ? // Both tests must succeed, so half of what may fail is left to each.
          usersFor(users, draws, distance, { alpha: level, beta: (1 - POWER) / 2 })
        : usersFor(users, draws, -distance, { alpha: level / 2, beta: 1 - POWER }),
  };
}

/** How often a test may find what is not there, and miss what is. */
type ErrorRates = { readonly alpha: number; readonly beta: number };

function usersFor(
  users: number,
  draws: Float64Array,
  distance: number,
  { alpha, beta }: ErrorRates,
): number | null {
  if (!(distance > 0)) return null;
  const spread = ndtri(1 - alpha) + ndtri(1 - beta); // quantiles of the normal distribution
  const error = sampleStandardDeviation([...draws]);
  return Math.max(1, Math.ceil(users * ((spread * error) / distance) ** 2));
}

/**
 * Cohen's d of paired observations (d_z): each user's mean under `a` less that under `b`; the mean of these differences
 * over their sample standard deviation. Every user counts the same. Not finite for one user or where all differ alike.
 */
export function pairedEffect(a: PerUser, b: PerUser): number {
  const differences = [...a].map(([user, values]) => mean(values) - mean(b.get(user) as readonly number[]));
  return mean(differences) / (differences.length > 1 ? sampleStandardDeviation(differences) : Number.NaN);
}
