/** How each opponent of RQ3 is run: methods over a bag of source items, co-occurrence, MTL, and the most frequent labels. */

import { byChoice } from '../../base/choice';
import { random } from '../../base/random';
import { splitInstances } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import { countWeights, type Tree, type Weight } from '../../engine/weights';
import { SCORED_ROWS, scoreBatches } from '../../training/evaluate';
import type { Watch } from '../../training/fit';
import { outcomesOf, type TaskOutcomes } from '../../training/fitTask';
import {
  compileFeatureModel,
  type FeatureModel,
  featureIds,
  featureInputs,
} from '../../training/opponents/features';
import { cooccurrenceScores, countCooccurrence, countsKept } from '../../training/opponents/itemCooccurrence';
import { bagOfItems, deepFM, neuFM } from '../../training/opponents/models';
import { atOnce, type Parts, paced } from '../../training/parts';
import type { Budget } from '../methods/budgets';
import type { Baseline } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { sizeOf, taskBatches, taskSteps, trainingOn } from './batches';
import { mtlOf, mtlRecipe } from './mtl';
import { type OpponentRecipe, opponentOf } from './recipe';
import { courseOf, declaredPrecision, trunkShape } from './settings';

/** Everything besides task, seed and code that decides the numbers of an opponent. */
export function declarationOf(task: Task, { model }: Baseline, preset: Preset) {
  const { channels, grouping, softmax, patience, baselines } = preset;
  const budget = baselines[model][task.kind];
  if (model === 'item co-occurrence') return { budget };
  if (model !== 'MTL') return { budget, patience, grouping, softmax, channels };
  const shape = trunkShape(task.source, preset, 'causal');
  const pretraining = preset.pretraining.causal;
  return { budget, grouping, softmax, shape, pretraining, ...declaredPrecision(preset) };
}

/** A method over a bag of source items; catalogues are large above the limit of the full softmax. */
function featureRecipe<W>(
  task: Task,
  model: FeatureModel<W>,
  budget: Budget & { readonly dropout?: number },
  preset: Preset,
): OpponentRecipe {
  const { grouping, channels, softmax } = preset;
  const { source, labels } = task;
  const { sequences, length } = source;
  const { rate, dropout = 0 } = budget;
  const course = courseOf(task, budget, preset);
  const batches = taskBatches({ task, grouping, labelsPerBatch: course.batch }, [length]);
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
  const batchOf = (users: readonly number[]) => ({
    ids: featureIds(
      users.map((user) => sequences[user]),
      length,
    ),
  });
  return opponentOf<W>({
    task,
    course,
    fresh: (seed) => model.fresh(training.sizes, random(seed, 'baseline', task.name)),
    compile: (start) => compileFeatureModel(training, trainingOn(length), start),
    stepsOf: (seed, from) => taskSteps(batches, () => featureInputs(training), seed, from),
    scoresOf: (program, users) => scoreBatches(program, 'score', users, batchOf),
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

const recipes: Readonly<Record<Baseline['model'], RecipeOf>> = byChoice({
  'item co-occurrence': cooccurrenceRecipe,
  'bag of items': (task: Task, preset: Preset) => {
    const budget = preset.baselines['bag of items'][task.kind];
    return featureRecipe(task, bagOfItems(budget.decay), budget, preset);
  },
  NeuFM: (task: Task, preset: Preset) =>
    featureRecipe(task, neuFM, preset.baselines.NeuFM[task.kind], preset),
  DeepFM: (task: Task, preset: Preset) =>
    featureRecipe(task, deepFM, preset.baselines.DeepFM[task.kind], preset),
  MTL: (task: Task, preset: Preset) => mtlRecipe(mtlOf(task, preset)),
});

/** Runs an opponent on a task. */
export const opponentRecipe = (task: Task, { model }: Baseline, preset: Preset): OpponentRecipe =>
  recipes[model](task, preset);

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
