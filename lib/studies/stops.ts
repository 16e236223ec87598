/** What the sweeps share: they judge by validation data alone, at the stops of training, on seeds that are never reported. */
import { mean } from 'simple-statistics';
import { loadDataset } from '../datasets/loading/dataset';
import { splitInstances } from '../datasets/tasks/split';
import { buildTasks, type Task } from '../datasets/tasks/tasks';
import type { Preset } from '../methods/presets';
import type { CurvePoint } from '../training/fit';

/** What a sweep runs on, and where its lines go. */
export type Sweep = {
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  readonly seeds: readonly number[];
  readonly print: (line: string) => void;
};

/** The sweeps whose results sweep.md holds. */
export const onMovieLens = (preset: Preset, seeds: readonly number[]): Sweep => ({
  tasks: buildTasks(loadDataset('movielens-100k')),
  preset,
  seeds,
  print: console.log,
});

/** What `run` makes of each of the seeds, one after another. */
export async function ofSeeds<T>(
  seeds: readonly number[],
  run: (seed: number, i: number) => Promise<T>,
): Promise<T[]> {
  const made: T[] = [];
  for (const [i, seed] of seeds.entries()) made.push(await run(seed, i));
  return made;
}

const HELD_OUT = 0.2;

/** The task of a seed with nothing to test on: a fifth of the training part joins the validation part. */
export function forSweep(task: Task, seed: number): Task {
  const { train, valid } = splitInstances(task, seed);
  const cut = Math.round(train.length * (1 - HELD_OUT));
  const split = { train: train.slice(0, cut), valid: [...train.slice(cut), ...valid], test: [] };
  return { ...task, given: { split, negatives: [] } };
}

/** Where training might end, and what was measured there. */
export type Stop = Pick<CurvePoint, 'step' | 'valid'>;

/** The mean of a metric at each stop of the curves of all seeds. */
export function meanStops(curves: readonly (readonly Stop[])[], metric: string) {
  return curves[0].map(({ step }, i) => ({
    step,
    value: mean(curves.map((curve) => curve[i].valid[metric])),
  }));
}

/** Prints a line for each stop. */
export function printStops(
  { print }: Sweep,
  setting: string,
  metric: string,
  curves: readonly (readonly Stop[])[],
): void {
  for (const { step, value } of meanStops(curves, metric)) {
    print(`${setting}\tsteps ${step}\t${metric} ${value.toFixed(4)}`);
  }
}
