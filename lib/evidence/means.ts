/** Means over seeds and users, with their 95 % intervals. */
import { mean } from 'simple-statistics';
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import type { Method } from '../experiments/methods/identity';
import {
  type Interval,
  nestedBootstrap,
  type PairedDraws,
  type PerUser,
  percentiles,
} from '../metrics/bootstrap';
import { areAllAlike, instanceValue, perUser, RESAMPLING, type RowsOf, rowReader } from './instances';

/** The test instances of a method on a task, seed by seed. */
export function testedOf(completed: CompletedRun, task: string, method: Method, rowsOf: RowsOf) {
  const runs = runsOf(completed.results, task, method);
  const value = instanceValue(runs[0].metric);
  const rows = runs.map(rowsOf);
  return { crossed: areAllAlike(rows), seeds: rows.map((own): PerUser => perUser(own, value)) };
}

/** A mean with its 95 % interval over resampled seeds and users. */
export type Mean = Interval & { readonly mean: number };

/** The test metric of a method on a task, and its resamples, the same of seeds and users for every method. */
export function drawsOf(completed: CompletedRun, task: string, method: Method, rowsOf: RowsOf) {
  const { crossed, seeds } = testedOf(completed, task, method, rowsOf);
  return nestedBootstrap([{ weight: 1, seeds }], { crossed, seed: RESAMPLING });
}

/** The metric of a method and its resamples. */
export type Drawn = Pick<PairedDraws, 'difference' | 'draws'>;

/**
 * Means of methods that share their resamples, with 95 % intervals of what is left without the mean of all methods in each (Cousineau
 * 2005, corrected by Morey 2008); one method alone keeps all of its own.
 */
export function meansWithin(drawn: readonly Drawn[]): Mean[] {
  if (drawn.length < 2)
    return drawn.map(({ difference, draws }) => ({ mean: difference, ...percentiles(draws) }));
  const centre = mean(drawn.map(({ difference }) => difference));
  const shared = drawn[0].draws.map((_, i) => mean(drawn.map(({ draws }) => draws[i])));
  const widening = Math.sqrt(drawn.length / (drawn.length - 1));
  return drawn.map(({ difference, draws }) => {
    const rests = draws.map((draw, i) => draw - difference - (shared[i] - centre));
    return { mean: difference, ...percentiles(rests.map((rest) => difference + widening * rest)) };
  });
}

/** The test metric of a method on a task. */
export const meanOf = (...asked: Parameters<typeof drawsOf>): Mean => meansWithin([drawsOf(...asked)])[0];

/** The means of methods that ran on a task. */
export type MeansOf = (task: string, methods: readonly Method[]) => Mean[];

/** `meansWithin` of the test metric. */
export function testMeans(completed: CompletedRun): MeansOf {
  const rowsOf = rowReader(completed.out);
  return (task, methods) => meansWithin(methods.map((method) => drawsOf(completed, task, method, rowsOf)));
}
