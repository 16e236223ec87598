/** Models over a bag of source items, as opponents. */
import { random } from '../../base/random';
import type { Task } from '../../data/tasks/tasks';
import { countWeights, type Tree, type Weight } from '../../engine/weights';
import { scoreBatches } from '../../training/evaluate';
import {
  compileFeatureModel,
  type FeatureModel,
  featureIds,
  featureInputs,
} from '../../training/opponents/features';
import { type ByKind, byKind, type Length, onShare } from '../methods/budgets';
import type { Level, Preset } from '../methods/presets';
import { taskSteps, trainingOn } from '../recipes/batches';
import { sizeOf, taskBatches } from '../recipes/settings';
import { courseOf } from '../records/courses';
import type { FeatureRecord } from '../records/record';
import { sampledOf } from '../records/trunks';
import { type OpponentRecipe, type Resolved, trainingOf } from './opponent';

/** Budget of a model that takes steps over a task. */
export type FeatureBudget = Length & {
  readonly rate: number;
  readonly dropout?: number;
  readonly decay?: number;
};

/** Passes cap a training; models that take steps over a task compare with each other. */
export const short = { batch: 64, passes: 32, fixed: 8, evaluations: 32, rate: 0.01 } as const;
/** Cuts of `short` for tiny budgets, and the paper's batch. */
export const tiny = { steps: 24, evaluations: 3 } as const;
export const long = { batch: 512, passes: 40, evaluations: 40 } as const;

const chosen = {
  recommend: { ...short, dropout: 0.5 },
  classify: { ...short, rate: 0.003, dropout: 0.5 },
};
/** The paper gives one rate for all that it compares. */
const paperRate = { recommend: 0.001, classify: 0.0001 };

/** Budgets of factorisation machines. */
export const factorBudgets: Readonly<Record<Level, ByKind<FeatureBudget>>> = {
  quick: byKind((kind) => ({ ...chosen[kind], ...tiny })),
  default: chosen,
  paper: byKind((kind) => ({ ...chosen[kind], ...long, rate: paperRate[kind] })),
};

/** From a share of the labels as many steps as from all. */
export function resolveFeatures(task: Task, budget: FeatureBudget, preset: Preset): Resolved<FeatureRecord> {
  const { rate, dropout = 0, decay, ...length } = budget;
  const { course, passes } = courseOf(task, onShare(length, task.training), preset);
  const fields = {
    ...{ ...course, rate, dropout, channels: preset.channels },
    ...(decay === undefined ? {} : { decay }),
    sampledItems: sampledOf(task.source.items, preset),
    sampledLabels: sampledOf(task.labels, preset),
  };
  return { fields, passes };
}

/** A method over a bag of source items; catalogues are large where their softmax is sampled. */
export function featureRecipe<W>(model: FeatureModel<W>, record: FeatureRecord, task: Task): OpponentRecipe {
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
  return trainingOf<W>({
    task,
    record,
    fresh: (seed) => model.fresh(training.sizes, random(seed, 'baseline', task.name)),
    compile: (start) => compileFeatureModel(training, trainingOn(length), start),
    stepsOf: (seed, from) => taskSteps(batches, () => featureInputs(training), seed, from),
    scoresOf: (program, users) => scoreBatches(program, 'score', users, (some) => ({ ids: idsOf(some) })),
    keptIn: (start) => countWeights(start as Tree<Weight>),
  });
}
