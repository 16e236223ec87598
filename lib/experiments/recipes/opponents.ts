/** How each opponent of RQ3 is run: methods over a bag of source items, co-occurrence, and MTL. */

import { byChoice } from '../../base/choice';
import { random } from '../../base/random';
import { splitInstances, splitSource } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import type { InputSpec, Training } from '../../engine/graph/signature';
import { Program } from '../../engine/program/program';
import { countWeights, type Tree, type Weight } from '../../engine/weights';
import { SCORED_ROWS, scoreBatches, scoreUsers } from '../../training/evaluate';
import type { Steps, StepsState, Watch } from '../../training/fit';
import { fitBest } from '../../training/fitBest';
import { type Fitted, outcomesOf, planOfTask } from '../../training/fitTask';
import { looksOf, masked, under, within } from '../../training/inputs';
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
import { type Parts, paced } from '../../training/parts';
import type { CooccurrenceRecord, FeatureRecord, MtlRecord, OpponentRecord } from '../resolve/record';
import { account } from './accounts';
import {
  pretrainingInputs,
  pretrainingSteps,
  taskSteps,
  trainingOn,
  trainings,
  tuningInputs,
} from './batches';
import { freshClassifier, scorings } from './finetune';
import { freshPretraining, itemLoss, itemOptimizers } from './pretrain';
import { type Compiled, compiledOnce, measuredBy, type Recipe } from './recipe';
import { type MtlSetting, mtlIn, sizeOf, taskBatches } from './settings';

/** What a seed of an opponent leaves: outcomes and curve, the numbers that its model keeps, and how many of them are trained. */
export type Trained = Omit<Fitted<unknown>, 'state'> & { readonly kept: number; readonly tuned: number };

/** A recipe of an opponent, and the numbers that it keeps with a seed, told without training. */
export type OpponentRecipe = Recipe<Trained> & { readonly keptWith: (seed: number) => number };

/** An opponent on a task. */
type Opponent<W> = Pick<Compiled<W, Trained>, 'fresh' | 'compile'> & {
  readonly task: Task;
  readonly record: OpponentRecord & Pick<MtlRecord, 'steps' | 'evaluations' | 'patience'>;
  readonly stepsOf: (seed: number, from?: StepsState) => Steps;
  readonly scoresOf: (program: Program<W>, users: readonly number[]) => Parts<Map<number, Float32Array>>;
  /** Numbers that the trained model keeps for the task. */
  readonly keptIn: (start: W) => number;
};

/** Trains an opponent from fresh weights on its task. */
function opponentOf<W>({ task, record, stepsOf, scoresOf, keptIn, ...method }: Opponent<W>): OpponentRecipe {
  const { steps, evaluations, patience } = record;
  return {
    keptWith: (seed) => keptIn(method.fresh(seed, {})),
    ...compiledOnce({
      ...method,
      steps,
      measure: measuredAs(record, task),
      train: async (program, { seed, start }, watch) => {
        program.initialise(start);
        const plan = planOfTask(task, seed, {
          ...{ steps, evaluations, patience },
          taken: (from) => stepsOf(seed, from),
          scoresOf: (users) => scoresOf(program, users),
          state: () => undefined,
          ...watch,
        });
        const { found, state: _, ...fitted } = await fitBest(program, plan);
        const kept = keptIn(start);
        return { ...found, ...fitted, kept, tuned: kept };
      },
    }),
  };
}

const measuredAs =
  ({ fineAll }: OpponentRecord, task: Task): Recipe<Trained>['measure'] =>
  (found, elapsed) => {
    const { curve, stoppedAt, kept, tuned } = found;
    const parameters = account(kept, tuned, fineAll);
    return {
      ...measuredBy(task, found),
      parameters,
      curve,
      stoppedAt,
      seconds: curve.at(-1)?.seconds ?? elapsed,
    };
  };

/** A method over a bag of source items; catalogues are large where their softmax is sampled. */
function featureRecipe<W>(model: FeatureModel<W>, record: FeatureRecord, task: Task): OpponentRecipe {
  const { channels, sampledItems, sampledLabels, rate, dropout } = record;
  const { source, labels } = task;
  const { sequences, length } = source;
  const batches = taskBatches({ task, labelsPerBatch: record.batch }, [length]);
  const training = {
    model,
    task,
    sizes: { items: source.items.length, labels: labels.length, channels },
    large: { items: sampledItems !== null, labels: sampledLabels !== null },
    batch: sizeOf(batches, length),
    candidates: sampledLabels ?? 0,
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
    record,
    fresh: (seed) => model.fresh(training.sizes, random(seed, 'baseline', task.name)),
    compile: (start) => compileFeatureModel(training, trainingOn(length), start),
    stepsOf: (seed, from) => taskSteps(batches, () => featureInputs(training), seed, from),
    scoresOf: (program, users) => scoreBatches(program, 'score', users, (some) => ({ ids: idsOf(some) })),
    keptIn: (start) => countWeights(start as Tree<Weight>),
  });
}

/** Counts, and takes no step. */
function cooccurrenceRecipe(record: CooccurrenceRecord, task: Task): OpponentRecipe {
  const { item, label, shrink } = record;
  const { sequences } = task.source;
  const countsOf = (seed: number) => countCooccurrence(task, splitInstances(task, seed).train);
  const run = async (seed: number, { signal }: Watch = {}) => {
    const counted = countsOf(seed);
    function* scoresOf(users: readonly number[]): Parts<Map<number, Float32Array>> {
      const scores = new Map<number, Float32Array>();
      for (const user of users) {
        scores.set(user, cooccurrenceScores(counted, sequences[user], { item, label, shrink }));
        if (scores.size % SCORED_ROWS === 0) yield;
      }
      return scores;
    }
    const found = await paced(outcomesOf(task, seed, scoresOf), signal);
    return { ...found, curve: [], stoppedAt: 0, kept: countsKept(counted), tuned: 0 };
  };
  const keptWith = (seed: number) => countsKept(countsOf(seed));
  return { steps: 0, run, measure: measuredAs(record, task), dispose: () => {}, keptWith };
}

type RecipeOf<R = OpponentRecord> = (record: R, task: Task) => OpponentRecipe;

const recipes = byChoice({
  'item co-occurrence': cooccurrenceRecipe as RecipeOf,
  'bag of items': ((record: FeatureRecord, task) =>
    featureRecipe(bagOfItems(record.decay ?? 0), record, task)) as RecipeOf,
  NeuFM: (record, task) => featureRecipe(neuFM, record as FeatureRecord, task),
  DeepFM: (record, task) => featureRecipe(deepFM, record as FeatureRecord, task),
  MTL: ((record: MtlRecord, task) => mtlRecipe(record, task)) as RecipeOf,
} satisfies Readonly<Record<OpponentRecord['model'], RecipeOf>>);

/** An opponent on a task. */
export const opponentRecipe: RecipeOf = (record, task) => recipes[record.model](record, task);

type Weights = MTLWeights<Weight>;

/** Prefix of the windows' arrays, beside those of the labels. */
const SOURCE = 'source_';

const freshMTL = (setting: MtlSetting, seed: number): Weights => ({
  ...freshPretraining(setting.ofSource, seed),
  patches: [],
  head: freshClassifier(setting, seed),
});

/** Inputs of both losses, on target sequences of one length. */
export const mtlInputs = (setting: MtlSetting, length: number): Readonly<Record<string, InputSpec>> => ({
  ...looksOf(tuningInputs(setting, length)),
  ...under(SOURCE, looksOf(pretrainingInputs(setting.ofSource, setting.ofSource.source.length))),
});

/** Endless pairs of a batch of labels and a batch of windows. */
export function mtlSteps(setting: MtlSetting, seed: number, from?: StepsState): Steps {
  const { ofSource } = setting;
  const labels = taskSteps(setting, (length) => tuningInputs(setting, length), seed, from);
  const { train } = splitSource(ofSource.source, seed);
  const windows = pretrainingSteps(ofSource, train, seed, from?.beside);
  return {
    passSize: labels.passSize,
    next: () => {
      const { batch, ...step } = labels.next();
      return { ...step, batch: { ...batch, ...under(SOURCE, windows.next().batch) } };
    },
    state: () => ({ ...labels.state(), beside: windows.state() }),
  };
}

function compileMTL(setting: MtlSetting, start: Weights): Program<Weights> {
  const { ofSource, lengths, rate, lambda, precision } = setting;
  const { shape } = setting.model;
  const optimizers = itemOptimizers(ofSource, rate);
  /** Both losses on target sequences of one length. */
  const training = (length: number): Training<Weights> => ({
    inputs: mtlInputs(setting, length),
    loss: (model, batch) =>
      jointLoss(model, shape, batch, {
        lambda,
        target: (h) => targetLoss(masked(h, batch.vectorMask), model.head, batch),
        source: () => itemLoss(model, shape, within(SOURCE, batch)),
      }),
    tuned: ({ trunk, head, softmax }) => [trunk, head, softmax],
    ...optimizers,
  });
  const signatures = { ...trainings(lengths, training), ...scorings(setting) };
  return Program.compile<Weights>(start, signatures, precision);
}

/** The softmax layer over source items is not kept. */
export function mtlRecipe(record: MtlRecord, task: Task): OpponentRecipe {
  const setting = mtlIn(record, task);
  return opponentOf<Weights>({
    task,
    record,
    fresh: (seed) => freshMTL(setting, seed),
    compile: (start) => compileMTL(setting, start),
    stepsOf: (seed, from) => mtlSteps(setting, seed, from),
    scoresOf: (program, users) => scoreUsers(program, setting, users),
    keptIn: ({ trunk, head }) => countWeights([trunk, head]),
  });
}
