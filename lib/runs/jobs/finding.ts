/** What each kind of experiment measures on a task, seed by seed: all that decides the numbers of its documents, and nothing else. */
import type { Task } from '../../datasets/tasks/tasks';
import { type InstanceRow, outcomeRows } from '../../documents/store';
import type { Baseline, Experiment, FineTuning } from '../../methods/experiment';
import type { Preset } from '../../methods/presets';
import type { TrunkWeights } from '../../model/trunk';
import type { UserModelWeights } from '../../model/userModel';
import { compileFineTuning, finetune, startModel } from '../../recipes/finetune';
import { mostFrequent } from '../../recipes/mostFrequent';
import { opponentRecipe } from '../../recipes/opponents';
import { trunkShape, tuningOf } from '../../recipes/settings';
import type { Weight } from '../../tensorflow/weights';
import { metricsOf } from '../../training/evaluate';
import type { Watch } from '../../training/fit';
import type { TaskOutcomes } from '../../training/fitTask';
import type { Measured } from '../session/session';
import { accountOf, accountOfBaseline, accountOfCounts, fineAllWeights } from './account';

/** A model before and after fine-tuning. */
export type Models = { readonly start: UserModelWeights<Weight>; readonly tuned: UserModelWeights<Weight> };

/** What an experiment measures with one seed, the rows of its test instances, and what a trunk was tuned to. */
export type Found = Measured & { readonly rows: readonly InstanceRow[]; readonly models?: Models };

/** Measures an experiment on a task, seed by seed; what is compiled serves all of them. */
export type Finding = {
  /** Of one training, at most. */
  readonly steps: number;
  readonly seed: (seed: number, watch: Watch, trunk?: TrunkWeights<Weight>) => Promise<Found>;
  readonly dispose: () => void;
};

export function finding(preset: Preset, task: Task, experiment: Experiment): Finding {
  if (experiment.kind === 'fine-tuning') return fineTuning(preset, task, experiment);
  if (experiment.kind === 'baseline') return opponent(preset, task, experiment);
  return counting(task);
}

const measuredBy = (task: Task, { test, valid }: TaskOutcomes) => ({
  metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
  rows: outcomeRows(task, test),
});

/** LabelCS and item popularity. */
export const counting = (task: Task): Finding => ({
  steps: 0,
  seed: async (seed) => {
    const start = performance.now();
    return {
      ...measuredBy(task, mostFrequent(task, seed)),
      parameters: accountOfCounts(task.labels.length),
      curve: [],
      stoppedAt: 0,
      seconds: (performance.now() - start) / 1000,
    };
  },
  dispose: () => {},
});

export function opponent(preset: Preset, task: Task, experiment: Baseline): Finding {
  const { steps, run, dispose } = opponentRecipe(task, experiment, preset);
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  const seed: Finding['seed'] = async (seed, watch) => {
    const start = performance.now();
    const { kept, tuned, curve, stoppedAt, ...outcomes } = await run(seed, watch);
    const seconds = curve.at(-1)?.seconds ?? (performance.now() - start) / 1000;
    const parameters = accountOfBaseline({ kept, tuned }, fineAll);
    return { ...measuredBy(task, outcomes), parameters, curve, stoppedAt, seconds };
  };
  return { steps, seed, dispose };
}

/** Compiles once, at the first seed that has to be computed. */
export function fineTuning(preset: Preset, task: Task, experiment: FineTuning): Finding {
  const tuning = tuningOf(task, experiment, preset);
  let program: ReturnType<typeof compileFineTuning> | undefined;
  const seed: Finding['seed'] = async (seed, watch, trunk) => {
    const start = startModel(tuning, seed, trunk);
    program ??= compileFineTuning(tuning, start);
    const { weights, curve, stoppedAt, ...outcomes } = await finetune(
      program,
      tuning,
      { seed, start },
      watch,
    );
    const { seconds } = curve[curve.length - 1];
    const parameters = accountOf(start, experiment);
    const models = { start, tuned: weights };
    return { ...measuredBy(task, outcomes), parameters, curve, stoppedAt, seconds, models };
  };
  return { steps: tuning.course.steps, seed, dispose: () => program?.dispose() };
}
