/** The opponents of RQ3 and the simple ones that small data calls for: experiments, and how each is run. */
import { cooccurrenceScores, countCooccurrence, countsKept } from '../baselines/itemCooccurrence';
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Baseline } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { outcomesOf } from '../training/fitTask';
import { featureRunner } from './featureBaselines';
import { mtlRunner } from './mtl';
import type { Runner } from './runner';
import { trunkShape } from './trunkShape';

const opponent = (name: string, method: string, model: Baseline['model']): Baseline => ({
  kind: 'baseline',
  name,
  method,
  model,
});

export const opponents = {
  ItemCooccurrence: opponent('ItemCooccurrence', 'Item co-occurrence', 'item co-occurrence'),
  BagOfItems: opponent('BagOfItems', 'Bag of items', 'bag of items'),
  NeuFM: opponent('NeuFM', 'NeuFM', 'NeuFM'),
  DeepFM: opponent('DeepFM', 'DeepFM', 'DeepFM'),
  MTL: opponent('MTL', 'MTL', 'MTL'),
} satisfies Record<string, Baseline>;

/** Everything besides task, seed and code that decides the numbers of an opponent. */
export function declarationOf(task: Task, { model }: Baseline, preset: Preset) {
  const { channels, grouping, softmax, baselines } = preset;
  const budget = baselines[model][task.kind];
  if (model === 'item co-occurrence') return { budget };
  return model === 'MTL'
    ? { budget, grouping, softmax, shape: trunkShape(task.source, preset, 'causal') }
    : { budget, grouping, softmax, channels };
}

/** Counts, and nothing else: it takes no step. */
function cooccurrenceRunner(task: Task, { baselines }: Preset): Runner {
  const similarity = baselines['item co-occurrence'][task.kind];
  const { sequences } = task.source;
  const run = async (seed: number) => {
    const counted = countCooccurrence(task, splitInstances(task, seed).train);
    const found = outcomesOf(
      task,
      seed,
      (users) =>
        new Map(users.map((user) => [user, cooccurrenceScores(counted, sequences[user], similarity)])),
    );
    return { ...found, curve: [], kept: countsKept(counted), tuned: 0 };
  };
  return { steps: 0, run, dispose: () => {} };
}

type Make = (task: Task, preset: Preset) => Runner;

const makers: Readonly<Record<Baseline['model'], Make>> = {
  'item co-occurrence': cooccurrenceRunner,
  'bag of items': (task, preset) => featureRunner(task, 'bag of items', preset),
  NeuFM: (task, preset) => featureRunner(task, 'NeuFM', preset),
  DeepFM: (task, preset) => featureRunner(task, 'DeepFM', preset),
  MTL: mtlRunner,
};

/** Runs an opponent on a task; what is compiled serves all seeds until it is disposed of. */
export const baselineRunner = (task: Task, { model }: Baseline, preset: Preset): Runner =>
  makers[model](task, preset);
