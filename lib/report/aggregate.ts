import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { Result } from '../experiments/result';
import type { BandPoint } from './panel';
import type { MeanSd } from './tables';

/** Mean and sample standard deviation (n − 1; 0 for a single value). At least one value is expected. */
export function meanSd(values: readonly number[]): MeanSd {
  const runs = [...values];
  return { mean: mean(runs), sd: runs.length > 1 ? sampleStandardDeviation(runs) : 0, n: runs.length };
}

/** The results that have a test metric: all but those of pre-training, which is judged by validation alone. */
export function tested(results: readonly Result[]): Result[] {
  return results.filter(({ metrics }) => Object.keys(metrics.test).length > 0);
}

/** The tasks in the paper's order, then any others as they occur. */
export function tasksOf(results: readonly Result[]): string[] {
  const paper = ['ColdRec-1', 'ColdRec-2', 'GenEst', 'AgeEst', 'LifeEst'];
  return inOrder(
    results.map(({ task }) => task),
    paper,
  );
}

/** The distinct names: those of `first` that occur, in its order, then the others as they occur. */
export function inOrder(names: readonly string[], first: readonly string[]): string[] {
  return [...new Set([...first.filter((name) => names.includes(name)), ...names])];
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

/** The test metric over training steps, averaged over seeds; the band is the mean ± one standard deviation. */
export function meanCurve(runs: readonly Result[], metric: string): BandPoint[] {
  const measured = runs.flatMap(({ curve }) => curve.filter(({ test }) => metric in test));
  const steps = [...new Set(measured.map(({ step }) => step))].sort((a, b) => a - b);
  return steps.map((x) => {
    const values = measured.filter(({ step }) => step === x).map(({ test }) => test[metric]);
    const { mean, sd } = meanSd(values);
    return { x, mean, low: mean - sd, high: mean + sd };
  });
}
