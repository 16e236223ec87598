/** MTL: one training from scratch by both losses, on the windows of pre-training and on the task's labels. */

import { splitInstances, splitSource } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import type { InputSpec, Training } from '../../engine/graph/signature';
import { Program } from '../../engine/program/program';
import { countWeights, type Weight } from '../../engine/weights';
import { scoreUsers } from '../../training/evaluate';
import type { Steps, StepsState } from '../../training/fit';
import { looksOf, masked, under, within } from '../../training/inputs';
import { targetLoss } from '../../training/losses';
import { jointLoss, type MTLWeights } from '../../training/opponents/mtl';
import type { BaselineBudgets } from '../methods/budgets';
import type { Preset } from '../methods/presets';
import { pretrainingInputs, pretrainingSteps, taskSteps, trainings, tuningInputs } from './batches';
import { freshClassifier, scorings } from './finetune';
import { freshPretraining, itemLoss, itemOptimizers } from './pretrain';
import { type OpponentRecipe, opponentOf } from './recipe';
import { type Course, pretrainingOf, type TargetSetting, targetOf } from './settings';

type Weights = MTLWeights<Weight>;

/** The target loss is that of fine-tuning on a causal trunk without patches. */
const TARGET = { trunk: 'causal', representation: 'token', patches: null, loss: 'paper' } as const;

/** Prefix of the windows' arrays, beside those of the labels. */
const SOURCE = 'source_';

/** How MTL learns a task. */
type MTLSetting = TargetSetting & {
  readonly budget: BaselineBudgets['MTL'][Task['kind']];
  readonly course: Course;
};

/** As many steps as pre-training, without early stopping: from scratch, validation says nothing in the first steps. */
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

/** One causal trunk serves both losses. Windows are of one length. */
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

const freshMTL = (setting: MTLSetting, seed: number): Weights => ({
  ...freshPretraining(setting.pretraining, seed),
  patches: [],
  head: freshClassifier(setting, seed),
});

/** Inputs of both losses, on target sequences of one length. */
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

function compileMTL(setting: MTLSetting, start: Weights): Program<Weights> {
  const { budget, pretraining, lengths } = setting;
  const { shape } = setting.model;
  const optimizers = itemOptimizers(pretraining, budget.rate);
  /** Both losses on target sequences of one length. */
  const training = (length: number): Training<Weights> => ({
    inputs: mtlInputs(setting, length),
    loss: (model, batch) =>
      jointLoss(model, shape, batch, {
        lambda: budget.lambda,
        target: (h) => targetLoss(masked(h, batch.vectorMask), model.head, batch),
        source: () => itemLoss(model, shape, within(SOURCE, batch)),
      }),
    tuned: ({ trunk, head, softmax }) => [trunk, head, softmax],
    ...optimizers,
  });
  const signatures = { ...trainings(lengths, training), ...scorings(setting) };
  return Program.compile<Weights>(start, signatures, pretraining.precision);
}

/** The softmax layer over source items is not kept. */
export const mtlRecipe = (setting: MTLSetting): OpponentRecipe =>
  opponentOf<Weights>({
    task: setting.task,
    course: setting.course,
    fresh: (seed) => freshMTL(setting, seed),
    compile: (start) => compileMTL(setting, start),
    stepsOf: (seed, from) => mtlSteps(setting, seed, from),
    scoresOf: (program, users) => scoreUsers(program, setting, users),
    keptIn: ({ trunk, head }) => countWeights([trunk, head]),
  });
