/** What does not come out as in the paper. */
import type { Claim } from '../evidence/claims';
import { byPair, isSurpassed, signed } from './answer';

/**
 * The claims of the paper that do not hold here, as Markdown: one line a pair of methods, with each task's evidence. What is asked
 * beyond the paper is left out.
 */
export function deviations(asked: readonly Claim[]): string {
  const claims = asked.filter(({ question }) => !question.beyond);
  const not = claims.filter(({ verdict }) => verdict !== 'holds');
  if (claims.length === 0) return 'None of the paper’s claims could be asked of this data.';
  if (not.length === 0) return 'Every claim comes out as in the paper.';
  const pairs = byPair(not).map(
    ([pair, tasks]) => `- The paper: ${pair}. Here ${tasks.map(evidenceOf).join('; ')}.`,
  );
  return [
    `${not.length} of ${claims.length} claims of the paper do not come out as in it. Intervals are of each claim alone, verdicts among all.`,
    pairs.join('\n'),
  ].join('\n\n');
}

function evidenceOf(claim: Claim): string {
  const { place, verdict, difference, low, high, users } = claim;
  const interval = `${signed(difference)}, 95 % interval ${signed(low)} to ${signed(high)}, ${users} users`;
  return `${isSurpassed(claim) ? 'better by more than the margin' : verdict} on ${place} (${interval})`;
}
