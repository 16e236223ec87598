/** What a comparison can decide, said before anything is trained. */
import { ndtri } from 'cephes';
import { EQUIVALENCE_MARGIN, POWER } from './pairedTests';

/**
 * Standard deviation of the users' paired differences between two methods: its median over the claims of the reference set
 * (MovieLens-1M, three seeds, 5,562 users on ColdRec-1, 3,004 on a profile task). Pairs of methods differ: half of them lie
 * between 0.16 and 0.22 of HR@5, 0.15 and 0.22 of MRR@5, 0.32 and 0.46 of Acc.
 */
const PAIRED_DEVIATION: Readonly<Record<string, number>> = { 'HR@5': 0.19, 'MRR@5': 0.19, Acc: 0.39 };

/** `claims` are asked together, at 5 % over all of them. */
export type Design = { readonly metric: string; readonly users: number; readonly claims: number };

const LEVEL = 0.05;

/**
 * The least difference in the metric that is decided with a power of 80 %: (z₁₋α/₂ + z₀.₈) · s / √n of a two-sided test at
 * α = 5 % / claims, n users and the paired deviation s. Undefined for a metric of which s is not known.
 */
export function leastDecided({ metric, users, claims }: Design): number | undefined {
  const deviation = PAIRED_DEVIATION[metric];
  if (deviation === undefined) return undefined;
  return ((ndtri(1 - LEVEL / claims / 2) + ndtri(POWER)) * deviation) / Math.sqrt(users);
}

/**
 * The users with which two methods that do not differ are shown to be alike within the margin, with a power of 80 %:
 * ((z₁₋α + z₀.₉) · s / margin)² of two one-sided tests at α = 5 % / claims. Undefined as above.
 */
export function usersForLikeness({ metric, claims }: Omit<Design, 'users'>): number | undefined {
  const deviation = PAIRED_DEVIATION[metric];
  if (deviation === undefined) return undefined;
  const spread = ndtri(1 - LEVEL / claims) + ndtri(1 - (1 - POWER) / 2);
  return Math.ceil(((spread * deviation) / EQUIVALENCE_MARGIN) ** 2);
}
