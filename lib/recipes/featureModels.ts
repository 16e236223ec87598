/** Methods over a bag of source items, trained on the target instances alone. */
import { bagOfItems } from '../baselines/bagOfItems';
import { deepFM } from '../baselines/deepfm';
import {
  compileFeatureModel,
  type FeatureModel,
  type FeatureTraining,
  featureInputs,
} from '../baselines/featureModel';
import { featureIds } from '../baselines/features';
import { neuFM } from '../baselines/neufm';
import type { Task } from '../datasets/tasks/tasks';
import type { Budget } from '../methods/budgets';
import type { Preset } from '../methods/presets';
import { random } from '../random';
import type { Program } from '../tensorflow/program/program';
import { countWeights, type Tree, type Weight } from '../tensorflow/weights';
import { scoreBatches } from '../training/evaluate';
import type { Watch } from '../training/fit';
import { fitTask } from '../training/fitTask';
import { trainingOn } from './buckets';
import type { Recipe } from './recipe';
import { type Course, courseOf } from './settings';
import { sizeOf, type TaskBatches, taskBatches, taskSteps } from './taskBatches';

export function bagOfItemsRecipe(task: Task, preset: Preset): Recipe {
  const budget = preset.baselines['bag of items'][task.kind];
  return recipeOf(settingOf(task, bagOfItems(budget.decay), { ...budget, dropout: 0 }, preset));
}

export const neuFMRecipe = (task: Task, preset: Preset): Recipe =>
  recipeOf(settingOf(task, neuFM, preset.baselines.NeuFM[task.kind], preset));

export const deepFMRecipe = (task: Task, preset: Preset): Recipe =>
  recipeOf(settingOf(task, deepFM, preset.baselines.DeepFM[task.kind], preset));

/** A method on a task with its budget, the same for every seed. */
type FeatureSetting<W> = {
  readonly training: FeatureTraining<W>;
  readonly batches: TaskBatches;
  readonly course: Course;
};

/** Batches of the longest sequence; large catalogues are those above the limit of the full softmax. */
function settingOf<W>(
  task: Task,
  model: FeatureModel<W>,
  budget: Budget & { readonly dropout: number },
  preset: Preset,
): FeatureSetting<W> {
  const { grouping, channels, softmax } = preset;
  const { source, labels } = task;
  const { rate, dropout } = budget;
  const course = courseOf(task, budget, preset);
  const batches = taskBatches({ task, grouping, labelsPerBatch: course.batch }, [source.length]);
  const training = {
    model,
    task,
    sizes: { items: source.items.length, labels: labels.length, channels },
    large: { items: source.items.length > softmax.fullUpTo, labels: labels.length > softmax.fullUpTo },
    batch: sizeOf(batches, source.length),
    candidates: softmax.candidates,
    dropout,
    rate,
  };
  return { training, batches, course };
}

/** Compiles at the first seed and serves all. */
function recipeOf<W>({ training, batches, course }: FeatureSetting<W>): Recipe {
  const { model, task, sizes } = training;
  const { sequences, length } = task.source;
  const batchOf = (users: readonly number[]) => ({
    ids: featureIds(
      users.map((user) => sequences[user]),
      length,
    ),
  });
  let program: Program<W> | undefined;
  const run = async (seed: number, watch: Watch = {}) => {
    const start = model.fresh(sizes, random(seed, 'baseline', task.name));
    program ??= compileFeatureModel(training, trainingOn(length), start);
    const compiled = program;
    compiled.initialise(start);
    const { state: _, ...fitted } = await fitTask(compiled, task, seed, {
      ...course,
      taken: (from) => taskSteps(batches, () => featureInputs(training), seed, from),
      scoresOf: (users) => scoreBatches(compiled, 'score', users, batchOf),
      state: () => undefined,
      ...watch,
    });
    const kept = countWeights(start as Tree<Weight>);
    return { ...fitted, kept, tuned: kept };
  };
  return { steps: course.steps, run, dispose: () => program?.dispose() };
}
