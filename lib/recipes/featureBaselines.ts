/** Methods over a bag of source items, trained on the target instances alone. */
import { bagOfItems } from '../baselines/bagOfItems';
import { deepFM } from '../baselines/deepfm';
import {
  compileFeatureModel,
  type FeatureModel,
  type FeatureShape,
  featureBatch,
  TRAIN,
} from '../baselines/featureModel';
import { featureIds } from '../baselines/features';
import { neuFM } from '../baselines/neufm';
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Budget } from '../methods/budgets';
import type { Baseline } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { random } from '../random';
import type { Program } from '../tensorflow/program/program';
import { countWeights, type Tree, type Weight } from '../tensorflow/weights';
import { scoreIds } from '../training/evaluate';
import type { Step } from '../training/fit';
import { fitTask } from '../training/fitTask';
import { groupsOf, instancesIn, packedBatches, roomFor } from '../training/packing';
import type { Watch } from './pretrain';
import type { Runner } from './runner';

/** A model with its budget. */
type Setting<W> = {
  readonly model: FeatureModel<W>;
  readonly budget: Budget;
  /** How often a value that dropout may take is 0. */
  readonly dropout: number;
};

type ByFeatures = Extract<Baseline['model'], 'bag of items' | 'NeuFM' | 'DeepFM'>;

/** Compiles at the first seed and serves all. */
export function featureRunner(task: Task, model: ByFeatures, preset: Preset): Runner {
  if (model === 'bag of items') {
    const budget = preset.baselines[model][task.kind];
    return runnerOf({ model: bagOfItems(budget.decay), budget, dropout: 0 }, task, preset);
  }
  const budget = preset.baselines[model][task.kind];
  const { dropout } = budget;
  return model === 'NeuFM'
    ? runnerOf({ model: neuFM, budget, dropout }, task, preset)
    : runnerOf({ model: deepFM, budget, dropout }, task, preset);
}

/** The longest sequence; the labels of a batch and the users that have them; what large catalogues change. */
function shapeOf(task: Task, { grouping, channels, softmax }: Preset, { batch }: Budget): FeatureShape {
  const { source, labels } = task;
  const groups = groupsOf(task, splitInstances(task, 0).train, grouping, batch);
  return {
    items: source.items.length,
    labels: labels.length,
    channels,
    room: roomFor(groups, batch),
    length: source.length,
    large: { items: source.items.length > softmax.fullUpTo, labels: labels.length > softmax.fullUpTo },
    candidates: softmax.candidates,
  };
}

/** Endless batches of the training instances of a seed, in a new random order each pass. */
function* stepsOf<W>(
  { model, budget, dropout }: Setting<W>,
  task: Task,
  preset: Preset,
  seed: number,
): Generator<Step, never> {
  const shape = shapeOf(task, preset, budget);
  const D = model.droppable(shape.channels);
  const groups = groupsOf(task, splitInstances(task, seed).train, preset.grouping, budget.batch);
  const chosen = packedBatches(
    groups,
    () => shape.length,
    () => shape.room,
    random(seed, 'order', task.name),
  );
  const streams = {
    dropout: random(seed, 'dropout', task.name),
    candidates: random(seed, 'candidates', task.name),
  };
  for (;;) {
    const { groups } = chosen.next().value;
    const batch = featureBatch(task, groups, shape, { D, rate: dropout }, streams);
    yield { signature: TRAIN, batch, instances: instancesIn(groups) };
  }
}

function runnerOf<W>(setting: Setting<W>, task: Task, preset: Preset): Runner {
  const { model, budget } = setting;
  const shape = shapeOf(task, preset, budget);
  const { sequences } = task.source;
  let program: Program<W> | undefined;
  const run = async (seed: number, watch: Watch = {}) => {
    const start = model.fresh(shape, random(seed, 'baseline', task.name));
    program ??= compileFeatureModel(model, shape, budget.rate, start);
    const compiled = program;
    compiled.initialise(start);
    const taken = stepsOf(setting, task, preset, seed);
    const { steps, evaluations } = budget;
    const fitted = await fitTask(compiled, task, seed, {
      steps,
      evaluations,
      next: () => taken.next().value,
      scoresOf: (users) =>
        scoreIds(compiled, users, (chosen) =>
          featureIds(
            chosen.map((user) => sequences[user]),
            shape.length,
          ),
        ),
      ...watch,
    });
    const kept = countWeights(start as Tree<Weight>);
    return { ...fitted, kept, tuned: kept };
  };
  return { steps: budget.steps, run, dispose: () => program?.dispose() };
}
