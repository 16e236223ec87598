/** Results by task, method and seed, and what several seeds come to. */
import type { Result } from '../documents/document';
import { resultsOf } from '../documents/ran';
import { type Method, placeOf } from '../methods/identity';
import { summarizeSeeds } from '../metrics/significance';
import { paperTaskNames } from '../paper/tasks';

/** A quantity over repeated runs; `mark` is a significance mark such as `*`, explained in the table's note. */
export interface MeanSd {
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 where n = 1, and then not printed. */
  readonly sd: number;
  readonly n: number;
  /** 95 % interval of the mean by Student's t; for a reader of the CSV, not printed. */
  readonly interval?: readonly [low: number, high: number];
  readonly mark?: string;
}

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

/** The tasks that occur: in the paper's order, then any others as they occur. */
export function tasksOf(results: readonly Pick<Result, 'task'>[]): string[] {
  return inOrder(
    results.map(({ task }) => task),
    paperTaskNames,
  );
}

/** The distinct names: those of `first` that occur, in its order, then the others as they occur. */
export function inOrder(names: readonly string[], first: readonly string[]): string[] {
  return [...new Set([...first.filter((name) => names.includes(name)), ...names])];
}

/** The metric that a task of the results is reported in. */
export const metricOf = (results: readonly Result[], task: string): string =>
  results.find((result) => result.task === task)?.metric ?? '';

/** `1 seed` or `3 seeds`. */
export function seedCount(results: readonly Result[]): string {
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  return seeds === 1 ? '1 seed' : `${seeds} seeds`;
}

/** Where methods are compared: on a task, all of them learning it from the same share of the training instances. */
export type Place = {
  readonly task: string;
  /** `LifeEst, 30 %` */
  readonly title: string;
  readonly methods: readonly Method[];
};

/** Every task and share on which some of the methods ran, in the order of `tasksOf`. */
export function placesOf(results: readonly Result[], methods: readonly Method[]): Place[] {
  const shares = [...new Set(methods.map(({ training = 1 }) => training))];
  return tasksOf(results).flatMap((task) =>
    shares
      .map((training) => ({
        task,
        title: placeOf(task, { training }),
        methods: methods.filter((method) => (method.training ?? 1) === training),
      }))
      .filter((place) =>
        place.methods.some((method) => resultsOf(results, method).some((run) => run.task === task)),
      ),
  );
}
