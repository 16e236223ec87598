/** One question under two protocols: how far a difference, and the order of methods, depends on how it is evaluated. */
import { EVALUATION_NEGATIVES } from '../datasets/tasks/negatives';
import type { Task } from '../datasets/tasks/tasks';
import { methodOf, type Result } from '../documents/document';
import { type Ran, runsOf } from '../documents/ran';
import { distinct, type Method } from '../methods/identity';
import { correctedBy, kendallTau } from '../metrics/sampled';
import type { Claim } from './claims';
import { instanceValue, type Row, rowReader } from './instances';
import { isSameQuestion } from './questions';

/** What a claim's difference owes to a protocol; the interval takes both differences for independent. */
export type Bill = {
  readonly paper: Claim;
  readonly timely: Claim;
  readonly bill: number;
  readonly low: number;
  readonly high: number;
};

/** Each claim under both protocols, and the difference under the paper's less that under the timeline. */
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

/** A method's mean over all seeds and test instances: among the sample, in the whole pool, and estimated for this from the sample. */
export type Standing = {
  readonly method: Method;
  readonly sampled: number;
  readonly full: number;
  readonly corrected: number;
};

/** The methods on a recommendation task, and how alike the orders are that two of the means give, as Kendall's τ. */
export type Order = {
  readonly task: string;
  /** Without the pool: `HR@5`. */
  readonly metric: string;
  readonly standings: readonly Standing[];
  readonly tau: { readonly sampled: number; readonly corrected: number };
};

/** Every recommendation task with all methods that ran on it. */
export function ordersOf(ran: Ran): Order[] {
  const rowsOf = rowReader(ran.out);
  return ran.tasks.flatMap((task) => {
    const own = ran.results.filter((result) => result.task === task.name);
    if (task.kind === 'classify' || own.length === 0) return [];
    const metric = own[0].metric.replace('/full', '');
    const measure = measuredBy(task, metric);
    const standings = distinct(own.map(methodOf)).map((method) => ({
      method,
      ...measure(runsOf(own, task.name, method).flatMap((run: Result) => [...rowsOf(run)])),
    }));
    const by = (mean: 'sampled' | 'full' | 'corrected') => standings.map((standing) => standing[mean]);
    const tau = {
      sampled: kendallTau(by('sampled'), by('full')),
      corrected: kendallTau(by('corrected'), by('full')),
    };
    return [{ task: task.name, metric, standings, tau }];
  });
}

/** The three means over rows of instances. */
function measuredBy(task: Task, metric: string): (rows: readonly Row[]) => Omit<Standing, 'method'> {
  const [sampled, full] = [metric, `${metric}/full`].map(instanceValue);
  const worth = correctedBy((rank) => sampled({ rank: String(rank) }));
  const corrected = ({ rank, row }: Row) => worth(Number(rank), samplingOf(task, Number(row)));
  return (rows) => {
    const mean = (value: (row: Row) => number) =>
      rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
    return { sampled: mean(sampled), full: mean(full), corrected: mean(corrected) };
  };
}

/** The pool of an instance: its label and all that are no known target of its user. */
function samplingOf({ instances, known, labels, given }: Task, row: number) {
  const pool = labels.length - known[instances[row].user].length + 1;
  const own = given?.negatives[row]?.length;
  return { pool, sample: Math.min(own || EVALUATION_NEGATIVES, pool - 1) };
}
