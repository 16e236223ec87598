/** One question under two protocols: how far differences and the order of methods depend on the evaluation. */
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import { methodOf } from '../experiments/documents/document';
import { distinct, type Method } from '../experiments/methods/identity';
import { type Interval, nestedBootstrap } from '../metrics/bootstrap';
import { correctedBy } from '../metrics/sampled';
import type { Claim } from './claims';
import { areAllAlike, instanceValue, perUser, RESAMPLING, type Row, rowReader } from './instances';
import type { Drawn } from './means';
import { type Agreement, agreement } from './orders';
import { isSameQuestion } from './questions';

/**
 * A claim under both protocols, and its difference under the paper's less that under the timeline. The interval takes both
 * differences for independent (Zou and Donner 2008), and is too wide where the same users are tested under both.
 */
export type Bill = Interval & { readonly paper: Claim; readonly timely: Claim; readonly bill: number };

/** A bill for each claim that is asked under both. */
export function leakageBill(paper: readonly Claim[], timely: readonly Claim[]): Bill[] {
  return paper.flatMap((one) => {
    const other = timely.find(
      ({ place, question }) => place === one.place && isSameQuestion(question, one.question),
    );
    if (!other) return [];
    const bill = one.difference - other.difference;
    const down = Math.hypot(one.difference - one.low, other.high - other.difference);
    const up = Math.hypot(one.high - one.difference, other.difference - other.low);
    return [{ paper: one, timely: other, bill, low: bill - down, high: bill + up }];
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
  readonly tau: Readonly<Record<'sampled' | 'corrected', Agreement>>;
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
    const found = methods.map((method) => measure(runsOf(own, task.name, method).map(rowsOf)));
    const standings = found.map(({ sampled, full, corrected }, i) => ({
      ...{ method: methods[i], sampled: sampled.difference },
      ...{ full: full.difference, corrected: corrected.difference },
    }));
    const of = (mean: Mean) => found.map((means) => means[mean]);
    const tau = {
      sampled: agreement([of('sampled'), of('full')]),
      corrected: agreement([of('corrected'), of('full')]),
    };
    return [{ task: task.name, metric, isGiven: task.isGiven, standings, tau }];
  });
}

type Means = Readonly<Record<Mean, Drawn>>;

/** Resamples of seeds and users, the same for all methods. */
const RESAMPLES = 2000;

/** The three means over the rows of each seed, and over resamples of them. */
function measuredBy(metric: string): (seeds: readonly (readonly Row[])[]) => Means {
  const [sampled, full] = [metric, `${metric}/full`].map(instanceValue);
  const worth = correctedBy((rank) => sampled({ rank }));
  const corrected = ({ rank, pool, sample }: Row) =>
    worth(Number(rank), { pool: Number(pool), sample: Number(sample) });
  return (seeds) => {
    const how = { crossed: areAllAlike(seeds), seed: RESAMPLING };
    const mean = (value: (row: Row) => number) =>
      nestedBootstrap([{ weight: 1, seeds: seeds.map((rows) => perUser(rows, value)) }], how, RESAMPLES);
    return { sampled: mean(sampled), full: mean(full), corrected: mean(corrected) };
  };
}
