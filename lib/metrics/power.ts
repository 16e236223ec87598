/** What a comparison can decide, computed before anything is trained. */
import { ndtri } from 'cephes';
import { EQUIVALENCE_MARGIN, LEVEL, POWER } from './pairedTests';

/** Standard deviations of two methods' difference: s between the test users of a seed, b between seeds beyond what users explain. */
type Spread = Readonly<Record<'users' | 'seeds', number>>;

/**
 * By metric, of five seeds on MovieLens-1M: s the median over claims, b from the mean of its square. HR@5: 31 claims on
 * ColdRec-1, 3,579 test users a seed; MRR@5: 34 on ColdRec-2, 3,958; Acc: 81 on profiles, 1,631. Quartiles of s: 0.24 and
 * 0.27 of HR@5, 0.19 and 0.27 of MRR@5, 0.34 and 0.44 of Acc.
 */
export const SPREADS: Readonly<Record<string, Spread>> = {
  'HR@5': { users: 0.25, seeds: 0.003 },
  'MRR@5': { users: 0.24, seeds: 0.005 },
  Acc: { users: 0.38, seeds: 0.007 },
};

/** `users` of each seed; `crossed`: all seeds test the same; `claims` are asked together, at 5 % over all of them. */
type Design = Readonly<Record<'users' | 'seeds' | 'claims', number>> & {
  readonly metric: string;
  readonly crossed?: boolean;
};

/**
 * Standard error of the nested bootstrap: the variance is (b² + s² / n + S / (S − 1) · s² / n) / S with S seeds and n users,
 * s² / n with one seed, and b² / S + s² / n where all seeds test the same users.
 */
export function errorOf(
  spread: Spread,
  { users: n, seeds: S, crossed = false }: Pick<Design, 'users' | 'seeds' | 'crossed'>,
): number {
  const between = S === 1 ? 0 : spread.seeds ** 2 / S;
  return Math.sqrt(between + (shareOfUsers(S, crossed) * spread.users ** 2) / n);
}

/** The factor of s² / n in the variance of S seeds. */
const shareOfUsers = (S: number, crossed: boolean): number =>
  crossed || S === 1 ? 1 : (1 + S / (S - 1)) / S;

/**
 * The least difference in the metric that is decided with a power of 80 %: (z₁₋α/₂ + z₀.₈) · error of a two-sided test at
 * α = 5 % / claims. Undefined for a metric whose spread is not known.
 */
export function leastDecided(design: Design): number | undefined {
  const spread = SPREADS[design.metric];
  return spread && (ndtri(1 - LEVEL / design.claims / 2) + ndtri(POWER)) * errorOf(spread, design);
}

/**
 * Test users a seed needed to show with 80 % power that two methods which do not differ are alike within the margin:
 * (z₁₋α + z₀.₉) · error = margin, of two one-sided tests at α = 5 % / claims. Infinite where seeds differ by too much for
 * any number of users; undefined as above.
 */
export function usersForLikeness(design: Omit<Design, 'users'>): number | undefined {
  const { metric, seeds: S, crossed = false, claims } = design;
  const spread = SPREADS[metric];
  if (spread === undefined) return undefined;
  const error = EQUIVALENCE_MARGIN / (ndtri(1 - LEVEL / claims) + ndtri(1 - (1 - POWER) / 2));
  const left = error ** 2 - errorOf(spread, { users: Number.POSITIVE_INFINITY, seeds: S, crossed }) ** 2;
  return left > 0
    ? Math.ceil((shareOfUsers(S, crossed) * spread.users ** 2) / left)
    : Number.POSITIVE_INFINITY;
}
