/** Means over seeds and users, with their 95 % intervals. */
import { mean } from 'simple-statistics';
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import type { Method } from '../experiments/methods/identity';
import type { PerUser } from '../metrics/perUser';
import { estimateOf, type Interval, variationOf } from '../metrics/significance';
import { instanceValue, perUser, type RowsOf, rowReader } from './instances';

/** The test instances of a method on a task by user, seed by seed. */
export function testedOf(completed: CompletedRun, task: string, method: Method, rowsOf: RowsOf): PerUser[] {
  const runs = runsOf(completed.results, task, method);
  const value = instanceValue(runs[0].metric);
  return runs.map((run) => perUser(rowsOf(run), value));
}

/** A mean with its 95 % interval over users and trainings. */
export type Mean = Interval & { readonly mean: number };

/**
 * Means of methods that were tested on the same users, each by seed, with 95 % intervals of what is left without the mean of all methods
 * (Cousineau 2005, corrected by Morey 2008); one method alone keeps all of its own.
 */
export function meansWithin(methods: readonly (readonly PerUser[])[]): Mean[] {
  const count = methods.length;
  const centre = count > 1 ? meanMethod(methods) : undefined;
  const widening = centre ? Math.sqrt(count / (count - 1)) : 1;
  return methods.map((seeds) => {
    const { difference: own } = variationOf(seeds);
    const { low, high } = estimateOf(variationOf(seeds, centre));
    const half = (widening * (high - low)) / 2;
    return { mean: own, low: own - half, high: own + half };
  });
}

/** The mean over methods of each value. */
const meanMethod = (methods: readonly (readonly PerUser[])[]): PerUser[] =>
  methods[0].map((tested, seed) => {
    const meanOf = (user: string, i: number) =>
      mean(methods.map((own) => own[seed].get(user)?.[i] ?? Number.NaN));
    return new Map([...tested].map(([user, values]) => [user, values.map((_, i) => meanOf(user, i))]));
  });

/** The test metric of a method on a task. */
export const meanOf = (...asked: Parameters<typeof testedOf>): Mean => meansWithin([testedOf(...asked)])[0];

/** The means of methods that ran on a task. */
export type MeansOf = (task: string, methods: readonly Method[]) => Mean[];

/** `meansWithin` of the test metric. */
export function testMeans(completed: CompletedRun): MeansOf {
  const rowsOf = rowReader(completed.out);
  return (task, methods) => meansWithin(methods.map((method) => testedOf(completed, task, method, rowsOf)));
}
