/** Results by task, method and seed, and what several seeds come to. */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { counted } from '../base/counted';
import { grouped } from '../base/grouped';
import { paperTaskNames } from '../data/paper/tasks';
import { resultsOf } from '../experiments/documents/completedRun';
import type { Result } from '../experiments/documents/document';
import { type Method, placeOf } from '../experiments/methods/identity';

/** A quantity over repeated runs; `mark`: a significance mark such as `*`, explained in the table's note. */
export interface MeanSd {
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 where n = 1, and then not printed. */
  readonly sd: number;
  readonly n: number;
  readonly mark?: string;
}

/** Mean and sample standard deviation (n − 1; 0 for one value). */
export function meanSd(values: readonly number[]): MeanSd {
  const n = values.length;
  return { mean: mean(values), sd: n > 1 ? sampleStandardDeviation(values) : 0, n };
}

/** The results that have a test metric: all but those of pre-training and of tuning. */
export const tested = (results: readonly Result[]): Result[] =>
  results.filter(({ metrics }) => Object.keys(metrics.test).length > 0);

/** The tasks that occur: in the paper's order, then any others as they occur. */
export function tasksOf(results: readonly Pick<Result, 'task'>[]): string[] {
  const names = new Set(results.map(({ task }) => task));
  return [...new Set([...paperTaskNames.filter((name) => names.has(name)), ...names])];
}

export const metricOf = (results: readonly Result[], task: string): string =>
  results.find((result) => result.task === task)?.metric ?? '';

/** `1 seed` or `3 seeds`. */
export const seedCount = (results: readonly Result[]): string =>
  counted(new Set(results.map(({ seed }) => seed)).size, 'seed');

/** A task and methods that learn it from the same share of the training instances; titled `LifeEst, 30 %`. */
export type Lineup = Readonly<Record<'task' | 'title', string>> & { readonly methods: readonly Method[] };

/** Every task and share on which some of the methods ran, in the order of `tasksOf`. */
export function lineupsOf(results: readonly Result[], methods: readonly Method[]): Lineup[] {
  const byShare = grouped(methods, ({ training = 1 }) => training);
  return tasksOf(results).flatMap((task) =>
    byShare.flatMap(([training, here]) => {
      const isRun = here.some((method) => resultsOf(results, method).some((run) => run.task === task));
      return isRun ? [{ task, title: placeOf(task, { training }), methods: here }] : [];
    }),
  );
}
