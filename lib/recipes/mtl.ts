/** MTL: one training from scratch by both losses, on the windows of pre-training and on the task's labels. */
import { jointLoss, type MTLWeights } from '../baselines/mtl';
import { splitInstances, splitSource } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { BaselineBudgets } from '../methods/budgets';
import type { Preset } from '../methods/presets';
import type { InputSpec, Training } from '../tensorflow/graph/signature';
import { Program } from '../tensorflow/program/program';
import { countWeights, type Weight } from '../tensorflow/weights';
import { scoreUsers } from '../training/evaluate';
import type { Steps, StepsState, Watch } from '../training/fit';
import { fitTask } from '../training/fitTask';
import { looksOf, masked, under, within } from '../training/inputs';
import { targetLoss } from '../training/losses';
import { trainings } from './buckets';
import { freshClassifier, scorings } from './finetune';
import { freshPretraining, itemLoss, itemOptimizers } from './pretrain';
import { pretrainingInputs, pretrainingSteps } from './pretrainingBatches';
import type { Recipe } from './recipe';
import { type Course, pretrainingOf, type TargetSetting, targetOf } from './settings';
import { taskSteps } from './taskBatches';
import { tuningInputs } from './tuningBatches';

type Weights = MTLWeights<Weight>;

/** The target loss is that of fine-tuning on a causal trunk without patches. */
const TARGET = { trunk: 'causal', representation: 'token', patches: null, loss: 'paper' } as const;

/** Arrays of the windows stand beside those of the labels under names that begin so. */
const SOURCE = 'source_';

/** How MTL learns a task. */
export type MTLSetting = TargetSetting & {
  readonly budget: BaselineBudgets['MTL'][Task['kind']];
  readonly course: Course;
};

/** As many steps as pre-training, all of them: from scratch, validation says nothing in the first of them. */
export function mtlCourse(task: Task, preset: Preset): Course {
  const { batch, evaluations } = preset.baselines.MTL[task.kind];
  const { steps } = pretrainingOf(task.source, preset, TARGET.trunk);
  const { train } = splitInstances(task, 0);
  return {
    batch,
    passes: (steps * batch) / train.length,
    steps,
    evaluations: Math.min(steps, evaluations),
    patience: Number.POSITIVE_INFINITY,
  };
}

/** The budget is that of the task's kind; one trunk, causal, serves both losses. Windows are of one length. */
export function mtlOf(task: Task, preset: Preset): MTLSetting {
  const course = mtlCourse(task, preset);
  const { pretraining, ...target } = targetOf(task, TARGET, preset, course.batch);
  return {
    ...target,
    pretraining: { ...pretraining, lengths: [task.source.length] },
    budget: preset.baselines.MTL[task.kind],
    course,
  };
}

export function freshMTL(setting: MTLSetting, seed: number): Weights {
  return {
    ...freshPretraining(setting.pretraining, seed),
    patches: [],
    head: freshClassifier(setting, seed),
  };
}

/** What both losses take, on target sequences of one length. */
export const mtlInputs = (setting: MTLSetting, length: number): Readonly<Record<string, InputSpec>> => ({
  ...looksOf(tuningInputs(setting, length)),
  ...under(SOURCE, looksOf(pretrainingInputs(setting.pretraining, setting.pretraining.source.length))),
});

/** Endless pairs of a batch of labels and a batch of windows. */
export function mtlSteps(setting: MTLSetting, seed: number, from?: StepsState): Steps {
  const { pretraining } = setting;
  const labels = taskSteps(setting, (length) => tuningInputs(setting, length), seed, from);
  const { train } = splitSource(pretraining.source, seed);
  const windows = pretrainingSteps(pretraining, train, seed, from?.beside);
  return {
    next: () => {
      const { batch, ...step } = labels.next();
      return { ...step, batch: { ...batch, ...under(SOURCE, windows.next().batch) } };
    },
    state: () => ({ ...labels.state(), beside: windows.state() }),
  };
}

/** Both losses on target sequences of one length. */
function training(setting: MTLSetting, length: number): Omit<Training<Weights>, 'optimizer'> {
  const {
    budget: { lambda },
    model: { shape },
  } = setting;
  return {
    inputs: mtlInputs(setting, length),
    loss: (model, batch) =>
      jointLoss(model, shape, batch, {
        lambda,
        target: (h) => targetLoss(masked(h, batch.vectorMask), model.head, batch),
        source: () => itemLoss(model, shape, within(SOURCE, batch)),
      }),
    tuned: ({ trunk, head, softmax }) => [trunk, head, softmax],
  };
}

export function compileMTL(setting: MTLSetting, start: Weights): Program<Weights> {
  const optimizers = itemOptimizers(setting.pretraining, setting.budget.rate);
  const signatures = {
    ...trainings(
      setting.lengths,
      (length): Training<Weights> => ({ ...training(setting, length), ...optimizers }),
    ),
    ...scorings(setting),
  };
  return Program.compile<Weights>(start, signatures, setting.pretraining.precision);
}

/** Compiles at the first seed and serves all. The softmax layer over source items is no part of what is kept. */
export function mtlRecipe(task: Task, preset: Preset): Recipe {
  const setting = mtlOf(task, preset);
  let program: Program<Weights> | undefined;
  const run = async (seed: number, watch: Watch = {}) => {
    const start = freshMTL(setting, seed);
    program ??= compileMTL(setting, start);
    const compiled = program;
    compiled.initialise(start);
    const { state: _, ...fitted } = await fitTask(compiled, task, seed, {
      ...setting.course,
      taken: (from) => mtlSteps(setting, seed, from),
      scoresOf: (users) => scoreUsers(compiled, setting, users),
      state: () => undefined,
      ...watch,
    });
    const kept = countWeights([start.trunk, start.head]);
    return { ...fitted, kept, tuned: kept };
  };
  return { steps: setting.course.steps, run, dispose: () => program?.dispose() };
}
