/** Questions under two protocols: how far verdicts and differences depend on the evaluation. */
import type { Interval } from '../metrics/significance';
import type { Claim } from './claims';
import { metricInPool } from './instances';
import { isSameQuestion } from './questions';

/** Claims about ranks as the whole pool decides them. */
export const inWholePool = (claims: readonly Claim[]): Claim[] =>
  claims.flatMap((claim) =>
    claim.inPool ? [{ ...claim, ...claim.inPool, metric: metricInPool(claim.metric) }] : [],
  );

/**
 * A claim under the paper's protocol and under another one, and what its difference gains by the other. The interval takes both
 * differences for independent (Zou and Donner 2008), and is too wide where the same users are tested under both.
 */
export type Change = Interval & { readonly paper: Claim; readonly other: Claim; readonly change: number };

/** A change for each claim that is asked under both. */
export function changesOf(paper: readonly Claim[], others: readonly Claim[]): Change[] {
  return paper.flatMap((one) => {
    const other = others.find(
      ({ place, question }) => place === one.place && isSameQuestion(question, one.question),
    );
    if (!other) return [];
    const change = other.difference - one.difference;
    const down = Math.hypot(one.high - one.difference, other.difference - other.low);
    const up = Math.hypot(one.difference - one.low, other.high - other.difference);
    return [{ paper: one, other, change, low: change - down, high: change + up }];
  });
}
