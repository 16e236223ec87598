/** How each opponent of RQ3 is run. */
import { cooccurrenceScores, countCooccurrence, countsKept } from '../baselines/itemCooccurrence';
import { byChoice } from '../choice';
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Baseline } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { type Parts, paced } from '../parts';
import { SCORED_ROWS } from '../training/evaluate';
import type { Watch } from '../training/fit';
import { outcomesOf } from '../training/fitTask';
import { bagOfItemsRecipe, deepFMRecipe, neuFMRecipe } from './featureModels';
import { mtlRecipe } from './mtl';
import type { Recipe } from './recipe';
import { declaredPrecision, trunkShape } from './settings';

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

/** Counts, and nothing else: it takes no step. */
function cooccurrenceRecipe(task: Task, { baselines }: Preset): Recipe {
  const similarity = baselines['item co-occurrence'][task.kind];
  const { sequences } = task.source;
  const run = async (seed: number, { signal }: Watch = {}) => {
    const counted = countCooccurrence(task, splitInstances(task, seed).train);
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
  return { steps: 0, run, dispose: () => {} };
}

type RecipeOf = (task: Task, preset: Preset) => Recipe;

const recipes: Readonly<Record<Baseline['model'], RecipeOf>> = byChoice({
  'item co-occurrence': cooccurrenceRecipe,
  'bag of items': bagOfItemsRecipe,
  NeuFM: neuFMRecipe,
  DeepFM: deepFMRecipe,
  MTL: mtlRecipe,
});

/** Runs an opponent on a task; what is compiled serves all seeds until it is disposed of. */
export const opponentRecipe = (task: Task, { model }: Baseline, preset: Preset): Recipe =>
  recipes[model](task, preset);
