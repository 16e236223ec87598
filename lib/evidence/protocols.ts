/** One question under two protocols: how far a difference, and the order of methods, depends on how it is evaluated. */
import { EVALUATION_NEGATIVES } from '../datasets/tasks/negatives';
import type { Task } from '../datasets/tasks/tasks';
import { methodOf } from '../documents/document';
import { type Ran, runsOf } from '../documents/ran';
import { distinct, type Method } from '../methods/identity';
import { type Interval, nestedBootstrap, type PairedDraws, percentiles } from '../metrics/bootstrap';
import { correctedBy, kendallTau } from '../metrics/sampled';
import type { Claim } from './claims';
import { areAllAlike, instanceValue, perUser, RESAMPLING, type Row, rowReader } from './instances';
import { isSameQuestion } from './questions';

/**
 * What a claim's difference owes to a protocol; the interval takes both differences for independent (Zou and Donner 2008, from the
 * intervals of both). Those who are tested under both protocols prefer the same method as a rule, so that it is rather too wide.
 */
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

/** How alike two orders are, as Kendall's τ, and between what 95 % of resamples of seeds and users lie; NaN where all methods tie. */
export type Agreement = Interval & { readonly tau: number };

/** The methods on a recommendation task, and how alike the order in the pool is to that of another of the means. */
export type Order = {
  readonly task: string;
  /** Without the pool: `HR@5`. */
  readonly metric: string;
  /** Whether a split file names what the true item is ranked against, in place of 99 that are drawn. */
  readonly isGiven: boolean;
  readonly standings: readonly Standing[];
  readonly tau: { readonly sampled: Agreement; readonly corrected: Agreement };
};

/** Every recommendation task with all methods that ran on it, on the same seeds and instances. */
export function ordersOf(ran: Ran): Order[] {
  const rowsOf = rowReader(ran.out);
  return ran.tasks.flatMap((task) => {
    const own = ran.results.filter((result) => result.task === task.name);
    if (task.kind === 'classify' || own.length === 0) return [];
    const metric = own[0].metric.replace('/full', '');
    const measure = measuredBy(task, metric);
    const methods = distinct(own.map(methodOf));
    const found = methods.map((method) => measure(runsOf(own, task.name, method).map(rowsOf)));
    const standings = found.map(({ sampled, full, corrected }, i) => ({
      method: methods[i],
      ...{ sampled: sampled.difference, full: full.difference, corrected: corrected.difference },
    }));
    const tau = { sampled: agreement(found, 'sampled'), corrected: agreement(found, 'corrected') };
    const isGiven = task.given?.negatives.some(({ length }) => length > 0) ?? false;
    return [{ task: task.name, metric, isGiven, standings, tau }];
  });
}

type Means = Readonly<Record<'sampled' | 'full' | 'corrected', Pick<PairedDraws, 'difference' | 'draws'>>>;

/** Resamples of seeds and users, the same for all methods. */
const RESAMPLES = 2000;

/** The three means over the rows of each seed, and over resamples of them. */
function measuredBy(task: Task, metric: string): (seeds: readonly (readonly Row[])[]) => Means {
  const [sampled, full] = [metric, `${metric}/full`].map(instanceValue);
  const worth = correctedBy((rank) => sampled({ rank: String(rank) }));
  const corrected = ({ rank, row }: Row) => worth(Number(rank), samplingOf(task, Number(row)));
  return (seeds) => {
    const how = { crossed: areAllAlike(seeds), seed: RESAMPLING };
    const mean = (value: (row: Row) => number) => {
      const side = { weight: 1, seeds: seeds.map((rows) => perUser(rows, value)) };
      return nestedBootstrap([side], how, RESAMPLES);
    };
    return { sampled: mean(sampled), full: mean(full), corrected: mean(corrected) };
  };
}

function agreement(methods: readonly Means[], by: 'sampled' | 'corrected'): Agreement {
  const tauOf = (numberOf: (mean: Means['full']) => number) =>
    kendallTau(
      methods.map((means) => numberOf(means[by])),
      methods.map((means) => numberOf(means.full)),
    );
  const draws = Float64Array.from({ length: RESAMPLES }, (_, i) => tauOf((mean) => mean.draws[i]));
  const numbers = draws.filter((tau) => !Number.isNaN(tau));
  const none = { low: Number.NaN, high: Number.NaN };
  return {
    tau: tauOf(({ difference }) => difference),
    ...(numbers.length > 0 ? percentiles(numbers) : none),
  };
}

/** The pool of an instance: its label and all that are no known target of its user. */
function samplingOf({ instances, known, labels, given }: Task, row: number) {
  const pool = labels.length - known[instances[row].user].length + 1;
  const own = given?.negatives[row]?.length;
  return { pool, sample: Math.min(own || EVALUATION_NEGATIVES, pool - 1) };
}
