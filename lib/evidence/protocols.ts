/** Questions under two protocols: how far differences and the order of methods depend on the evaluation. */
import { mean } from 'simple-statistics';
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import { methodOf } from '../experiments/documents/document';
import { distinct, type Method } from '../experiments/methods/identity';
import { correctedBy, kendallTau } from '../metrics/sampled';
import type { Interval } from '../metrics/significance';
import type { Claim } from './claims';
import { instanceValue, metricInPool, type Row, rowReader } from './instances';
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

/** Means over all seeds and test instances: among the sample, in the whole pool, and the estimate of the latter from the sample. */
type Mean = 'sampled' | 'full' | 'corrected';
export type Standing = Readonly<Record<Mean, number>> & { readonly method: Method };

/** The methods on a recommendation task, and how alike the order in the pool is to that of another of the means. */
export type Order = {
  readonly task: string;
  /** Without the pool: `HR@5`. */
  readonly metric: string;
  /** A split file names the negatives, in place of 99 that are drawn. */
  readonly isGiven: boolean;
  readonly standings: readonly Standing[];
  /** Kendall's τ; NaN where all tie in one of the orders. */
  readonly tau: Readonly<Record<'sampled' | 'corrected', number>>;
};

/** Every recommendation task with all methods that ran on it, on the same seeds and instances. */
export function ordersOf(completed: CompletedRun): Order[] {
  const rowsOf = rowReader(completed.out);
  return completed.tasks.flatMap((task) => {
    const own = completed.results.filter((result) => result.task === task.name);
    if (task.kind === 'classify' || own.length === 0) return [];
    const metric = own[0].metric.replace('/full', '');
    const measure = measuredBy(metric);
    const methods = distinct(own.map(methodOf));
    const standings = methods.map((method) => ({
      method,
      ...measure(runsOf(own, task.name, method).flatMap(rowsOf)),
    }));
    const of = (mean: Mean) => standings.map((standing) => standing[mean]);
    const tauOf = (mean: Mean) => kendallTau(of(mean), of('full'));
    const tau = { sampled: tauOf('sampled'), corrected: tauOf('corrected') };
    return [{ task: task.name, metric, isGiven: task.isGiven, standings, tau }];
  });
}

/** The three means over rows of all seeds. */
function measuredBy(metric: string): (rows: readonly Row[]) => Readonly<Record<Mean, number>> {
  const [sampled, full] = [metric, `${metric}/full`].map(instanceValue);
  const worth = correctedBy((rank) => sampled({ rank }));
  const corrected = ({ rank, pool, sample }: Row) =>
    worth(Number(rank), { pool: Number(pool), sample: Number(sample) });
  return (rows) => ({
    sampled: mean(rows.map(sampled)),
    full: mean(rows.map(full)),
    corrected: mean(rows.map(corrected)),
  });
}
