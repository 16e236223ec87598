import type { Result } from '../documents/document';
import { headlineMetric } from '../evidence/headline';
import { summarizeSeeds } from '../metrics/significance';
import type { MeanSd } from './table/table';

/** Mean, sample standard deviation (n − 1; 0 for one value) and, for several, the 95 % t interval of the mean. */
export function meanSd(values: readonly number[]): MeanSd {
  const { mean, deviation, low, high } = summarizeSeeds(values);
  return values.length > 1
    ? { mean, sd: deviation, n: values.length, interval: [low, high] }
    : { mean, sd: 0, n: 1 };
}

/** The results that have a test metric: all but those of pre-training, which is judged by validation alone. */
export function tested(results: readonly Result[]): Result[] {
  return results.filter(({ metrics }) => Object.keys(metrics.test).length > 0);
}

const PAPER_TASKS = ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst'];

/** The tasks that occur: those of `first`, which is the paper's order, then any others as they occur. */
export function tasksOf(results: readonly Result[], first: readonly string[] = PAPER_TASKS): string[] {
  return inOrder(
    results.map(({ task }) => task),
    [...first, ...PAPER_TASKS],
  );
}

/** The distinct names: those of `first` that occur, in its order, then the others as they occur. */
export function inOrder(names: readonly string[], first: readonly string[]): string[] {
  return [...new Set([...first.filter((name) => names.includes(name)), ...names])];
}

/** The metric that the paper reports for a task. */
export function metricOf(results: readonly Result[], task: string): string {
  const result = results.find((candidate) => candidate.task === task);
  return headlineMetric(task, result?.metrics.test ?? {});
}

/** `1 seed` or `3 seeds`. */
export function seedCount(results: readonly Result[]): string {
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  return seeds === 1 ? '1 seed' : `${seeds} seeds`;
}

/** The runs of one method on one task, one a seed. Throws where a seed occurs twice: the mean would count it twice. */
export function runsOf(results: readonly Result[], task: string, method: string): Result[] {
  const runs = results.filter((result) => result.task === task && result.method === method);
  const seeds = runs.map(({ seed }) => seed);
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined)
    throw new Error(`two results of ${method} on ${task} for seed ${twice}: expected one`);
  return runs;
}
