/** How each opponent of RQ3 is run: methods over a bag of source items, co-occurrence, MTL, and the most frequent labels. */

import { byChoice } from '../../base/choice';
import { random } from '../../base/random';
import { splitInstances, splitSource } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import type { InputSpec, Training } from '../../engine/graph/signature';
import { Program } from '../../engine/program/program';
import { countWeights, type Tree, type Weight } from '../../engine/weights';
import { SCORED_ROWS, scoreBatches, scoreUsers } from '../../training/evaluate';
import type { Steps, StepsState, Watch } from '../../training/fit';
import { type Fitted, fitTask, outcomesOf, type TaskOutcomes } from '../../training/fitTask';
import { masked, specsOf, under, within } from '../../training/inputs';
import { targetLoss } from '../../training/losses';
import {
  compileFeatureModel,
  type FeatureModel,
  featureIds,
  featureInputs,
} from '../../training/opponents/features';
import { cooccurrenceScores, countCooccurrence, countsKept } from '../../training/opponents/itemCooccurrence';
import { bagOfItems, deepFM, neuFM } from '../../training/opponents/models';
import { jointLoss, type MTLWeights } from '../../training/opponents/mtl';
import { atOnce, type Parts, paced } from '../../training/parts';
import { type Budget, type Length, onShare, stepsIn } from '../methods/budgets';
import type { Baseline } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { presetOf } from '../methods/space';
import {
  pretrainingInputs,
  pretrainingSteps,
  taskSteps,
  trainingOn,
  trainings,
  tuningInputs,
} from './batches';
import { freshClassifier, type Method, recipeOf, scorings } from './finetune';
import { freshPretraining, itemLoss, itemOptimizers } from './pretrain';
import type { Recipe } from './settings';
import {
  type Course,
  courseOf,
  declaredPrecision,
  pretrainingOf,
  sizeOf,
  targetOf,
  taskBatches,
  trunkShape,
} from './settings';

/** What a seed of an opponent leaves: outcomes and curve, the numbers that its model keeps, and how many of them are trained. */
export type Trained = Omit<Fitted<unknown>, 'state'> & { readonly kept: number; readonly tuned: number };

/** A recipe of an opponent, and the numbers that it keeps with a seed, told without training. */
export type OpponentRecipe = Recipe<Trained> & { readonly keptWith: (seed: number) => number };

/** An opponent on a task. */
type Opponent<W> = Omit<Method<W, Trained>, 'steps' | 'train'> & {
  readonly task: Task;
  readonly course: Course;
  readonly stepsOf: (seed: number, from?: StepsState) => Steps;
  readonly scoresOf: (program: Program<W>, users: readonly number[]) => Parts<Map<number, Float32Array>>;
  /** Numbers that the trained model keeps for the task. */
  readonly keptIn: (start: W) => number;
};

/** Trains an opponent from fresh weights on its task. */
const opponentOf = <W>({
  task,
  course,
  stepsOf,
  scoresOf,
  keptIn,
  ...method
}: Opponent<W>): OpponentRecipe => ({
  keptWith: (seed) => keptIn(method.fresh(seed, {})),
  ...recipeOf({
    ...method,
    steps: course.steps,
    train: async (program, { seed, start }, watch) => {
      program.initialise(start);
      const { state: _, ...fitted } = await fitTask(program, task, seed, {
        ...course,
        taken: (from) => stepsOf(seed, from),
        scoresOf: (users) => scoresOf(program, users),
        state: () => undefined,
        ...watch,
      });
      const kept = keptIn(start);
      return { ...fitted, kept, tuned: kept };
    },
  }),
});

/** Everything besides task, seed and code that decides the numbers of an opponent. */
export function declarationOf(task: Task, experiment: Baseline, given: Preset) {
  const { model } = experiment;
  const preset = presetOf(given, experiment, task.kind);
  const { channels, softmax, patience, baselines } = preset;
  const budget = baselines[model][task.kind];
  if (model === 'item co-occurrence') return { budget };
  if (model !== 'MTL')
    return { budget: onShare(budget as Length, experiment.training), patience, softmax, channels };
  const shape = trunkShape(task.source, preset, 'causal');
  const pretraining = preset.pretraining.nextItem;
  return { budget, patience, softmax, shape, pretraining, ...declaredPrecision(preset) };
}

/** A method over a bag of source items; catalogues are large above the limit of the full softmax. */
function featureRecipe<W>(
  task: Task,
  model: FeatureModel<W>,
  budget: Budget & { readonly dropout?: number },
  preset: Preset,
): OpponentRecipe {
  const { channels, softmax } = preset;
  const { source, labels } = task;
  const { sequences, length } = source;
  const { rate, dropout = 0 } = budget;
  const course = courseOf(task, onShare(budget, task.training), preset);
  const batches = taskBatches({ task, labelsPerBatch: course.batch }, [length]);
  const training = {
    model,
    task,
    sizes: { items: source.items.length, labels: labels.length, channels },
    large: { items: source.items.length > softmax.fullUpTo, labels: labels.length > softmax.fullUpTo },
    batch: sizeOf(batches, length),
    candidates: softmax.candidates,
    dropout,
    rate,
  };
  const idsOf = (users: readonly number[]) =>
    featureIds(
      users.map((user) => sequences[user]),
      length,
    );
  return opponentOf<W>({
    task,
    course,
    fresh: (seed) => model.fresh(training.sizes, random(seed, 'baseline', task.name)),
    compile: (start) => compileFeatureModel(training, trainingOn(length), start),
    stepsOf: (seed, from) => taskSteps(batches, () => featureInputs(training), seed, from),
    scoresOf: (program, users) => scoreBatches(program, 'score', users, (some) => ({ ids: idsOf(some) })),
    keptIn: (start) => countWeights(start as Tree<Weight>),
  });
}

/** Counts, and takes no step. */
function cooccurrenceRecipe(task: Task, { baselines }: Preset): OpponentRecipe {
  const similarity = baselines['item co-occurrence'][task.kind];
  const { sequences } = task.source;
  const countsOf = (seed: number) => countCooccurrence(task, splitInstances(task, seed).train);
  const run = async (seed: number, { signal }: Watch = {}) => {
    const counted = countsOf(seed);
    function* scoresOf(users: readonly number[]): Parts<Map<number, Float32Array>> {
      const scores = new Map<number, Float32Array>();
      for (const user of users) {
        scores.set(user, cooccurrenceScores(counted, sequences[user], similarity));
        if (scores.size % SCORED_ROWS === 0) yield;
      }
      return scores;
    }
    const found = await paced(outcomesOf(task, seed, scoresOf), signal);
    return { ...found, curve: [], stoppedAt: 0, kept: countsKept(counted), tuned: 0 };
  };
  return { steps: 0, run, dispose: () => {}, keptWith: (seed) => countsKept(countsOf(seed)) };
}

type RecipeOf = (task: Task, preset: Preset) => OpponentRecipe;

const recipes = byChoice<Readonly<Record<Baseline['model'], RecipeOf>>>({
  'item co-occurrence': cooccurrenceRecipe,
  'bag of items': (task, preset) => {
    const budget = preset.baselines['bag of items'][task.kind];
    return featureRecipe(task, bagOfItems(budget.decay), budget, preset);
  },
  NeuFM: (task, preset) => featureRecipe(task, neuFM, preset.baselines.NeuFM[task.kind], preset),
  DeepFM: (task, preset) => featureRecipe(task, deepFM, preset.baselines.DeepFM[task.kind], preset),
  MTL: (task, preset) => mtlRecipe(mtlOf(task, preset)),
});

/** Runs an opponent on a task. */
export const opponentRecipe = (task: Task, experiment: Baseline, preset: Preset): OpponentRecipe =>
  recipes[experiment.model](task, presetOf(preset, experiment, task.kind));

/**
 * LabelCS and item popularity: scores every user by the counts of the labels in the training part. A class's score is
 * log(count + 1), so that no probability is 0.
 */
export function mostFrequent(task: Task, seed: number): TaskOutcomes {
  const counts = new Float32Array(task.labels.length);
  for (const i of splitInstances(task, seed).train) counts[task.instances[i].label]++;
  const scores = task.kind === 'classify' ? counts.map((count) => Math.log(count + 1)) : counts;
  function* scoresOf(users: readonly number[]): Parts<Map<number, Float32Array>> {
    yield;
    return new Map(users.map((user) => [user, scores]));
  }
  return atOnce(outcomesOf(task, seed, scoresOf));
}

type Weights = MTLWeights<Weight>;

/** The target loss is that of fine-tuning on a causal trunk without patches. */
const TARGET = { trunk: 'causal', representation: 'token', patches: null, loss: 'paper' } as const;

/** Prefix of the windows' arrays, beside those of the labels. */
const SOURCE = 'source_';

/** How MTL learns a task. */
type MTLSetting = ReturnType<typeof mtlOf>;

/** The budget counts passes over the windows of the source, the course those over the labels. */
export function mtlCourse(task: Task, preset: Preset): Course {
  const budget = preset.baselines.MTL[task.kind];
  const { batch, evaluations } = budget;
  const source = pretrainingOf(task.source, preset, TARGET.trunk);
  const steps = stepsIn(budget, source.steps / source.passes);
  const passes = (steps * batch) / splitInstances(task, 0).train.length;
  return { batch, passes, steps, evaluations: Math.min(steps, evaluations), patience: preset.patience };
}

/** One causal trunk serves both losses. Windows are of one length. */
export function mtlOf(task: Task, preset: Preset) {
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
  ...specsOf(tuningInputs(setting, length)),
  ...under(SOURCE, specsOf(pretrainingInputs(setting.pretraining, setting.pretraining.source.length))),
});

/** Endless pairs of a batch of labels and a batch of windows. */
export function mtlSteps(setting: MTLSetting, seed: number, from?: StepsState): Steps {
  const { pretraining } = setting;
  const labels = taskSteps(setting, (length) => tuningInputs(setting, length), seed, from);
  const { train } = splitSource(pretraining.source, seed);
  const windows = pretrainingSteps(pretraining, train, seed, from?.joint);
  return {
    passSize: labels.passSize,
    next: () => {
      const { batch, ...step } = labels.next();
      return { ...step, batch: { ...batch, ...under(SOURCE, windows.next().batch) } };
    },
    state: () => ({ ...labels.state(), joint: windows.state() }),
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
