/** What does not come out as in the paper. */
import type { Claim } from '../evidence/claims';
import { byPair, signed } from './answer';

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
    `${not.length} of ${claims.length} claims of the paper do not come out as in it.`,
    pairs.join('\n'),
  ].join('\n\n');
}

function evidenceOf({ place, verdict, difference, low, high, users }: Claim): string {
  const interval = `${signed(difference)}, 95 % interval ${signed(low)} to ${signed(high)}, ${users} users`;
  return `${verdict} on ${place} (${interval})`;
}
