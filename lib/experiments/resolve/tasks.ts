/** The records of methods on a task, but for their seeds. */
import { pretrainedOn } from '../../data/tasks/source';
import { carriesChoice, splitInstances } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import { type TrunkShape, weightsOf } from '../../model/trunks/trunk';
import {
  type BaselineBudgets,
  batchIn,
  evaluationsIn,
  type Length,
  onShare,
  stepsIn,
  type Tuning,
} from '../methods/budgets';
import { type Baseline, type Experiment, extentOf, type FineTuning, fusedTasks } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { opponentBudget, sizedAs, tunedAs } from '../methods/space';
import { taskFingerprint } from './fingerprints';
import { itemRankOf, sizedPatches } from './patches';
import type {
  CooccurrenceRecord,
  CountingRecord,
  FeatureRecord,
  FineTuningRecord,
  MtlRecord,
  TaskRecord,
} from './record';
import { spread, type Unseeded } from './record';
import { batchesOfPass, lengthsOf, sampledOf, sourceChoices, trunkShape } from './trunks';

/** A record of a task before its seed, and its passes over the training instances; 0 of what takes none. */
export type Resolved<R extends TaskRecord = TaskRecord> = {
  readonly record: Unseeded<R>;
  readonly passes: number;
};

/** Steps and evaluations of a budget on a task at most, the same for every seed: all splits have the same sizes. */
export function courseOf(task: Task, budget: Length, { patience }: Pick<Preset, 'patience'>) {
  const split = splitInstances(task, 0);
  const batch = batchIn(budget, split.train.length);
  const batches = split.train.length / batch;
  const stopsEarly = carriesChoice(split);
  const steps = stepsIn(budget, batches, stopsEarly);
  const evaluations = Math.min(steps, evaluationsIn(budget, stopsEarly));
  return { passes: steps / batches, course: { batch, steps, evaluations, patience } };
}

/** The budget of the task's kind and of the experiment's setting, with what tuning chose for the experiment. */
export function budgetOf(kind: Task['kind'], experiment: FineTuning, preset: Preset): Tuning {
  const budget = { ...preset[kind], ...(experiment.setting === 'best' ? preset.best[kind] : {}) };
  const choice = preset.chosen[kind][tunedAs(experiment)] ?? {};
  const { rate, everything = rate, part = rate, squeeze: _, ...chosen } = choice;
  const rates = { everything: everything ?? budget.rates.everything, part: part ?? budget.rates.part };
  return { ...budget, ...chosen, rates };
}

/** Keys of a record on any task. */
const onTask = (task: Task) => ({
  task: task.name,
  data: taskFingerprint(task),
  training: task.training ?? 1,
  heldOut: task.heldOut ?? null,
});

/** Weights that FineAll tunes: a trunk of this shape and a classifier of |Y| labels. */
export function fineAllWeights(shape: TrunkShape, labels: number): number {
  return weightsOf(shape) + labels * (shape.channels + 1);
}

/** Keys of the record of an opponent. */
const beside = (task: Task, preset: Preset) => ({
  ...onTask(task),
  fineAll: fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length),
});

/** A method that starts from a trunk: its patches at the size that was chosen, the rate of what is tuned. */
export function fineTuningRecord(
  task: Task,
  declared: FineTuning,
  preset: Preset,
): Resolved<FineTuningRecord> {
  const experiment = sizedAs(declared, preset, task.kind);
  const { trunk, start, representation, tcl, tuned, loss, negatives, fused } = experiment;
  const source = pretrainedOn(task.source);
  const shape = trunkShape(source, preset, trunk);
  const { rates, dropout, decay = 0, ...length } = budgetOf(task.kind, experiment, preset);
  const { course, passes } = courseOf(task, length, preset);
  const record: Unseeded<FineTuningRecord> = {
    kind: 'fine-tuning',
    ...onTask(task),
    ...shape,
    ...{ start, representation, tcl, dropout, decay, ...course, rate: rates[extentOf(experiment)] },
    ...spread('patches', sizedPatches(experiment, shape)),
    ...spread('tuned', tuned),
    ...spread('loss', loss),
    ...spread('negatives', negatives),
    itemRank: itemRankOf(experiment, shape),
    sampledLabels: loss === 'cross-entropy' ? sampledOf(task.labels, preset) : null,
    lengths: lengthsOf(source, preset),
    precision: preset.precision ?? 'float32',
    from: null,
    fused: fused ? fusedTasks(fused) : [],
    fusedFrom: [],
  };
  return { record, passes };
}

/** A trunk that learns the task and its source together; its budget counts passes over the windows of the source. */
function mtlRecord(
  task: Task,
  { batch, rate, dropout, lambda, ...length }: BaselineBudgets['MTL']['recommend'],
  preset: Preset,
): Resolved<MtlRecord> {
  const source = pretrainedOn(task.source);
  const ofSource = preset.pretraining.nextItem;
  const steps = stepsIn({ batch, ...length }, batchesOfPass(source, ofSource, 1));
  const record: Unseeded<MtlRecord> = {
    ...{ kind: 'opponent', model: 'MTL', ...beside(task, preset) },
    ...trunkShape(source, preset, 'causal'),
    ...sourceChoices(source, preset, 'causal'),
    ...{ sourceBatch: ofSource.batch, sourceDropout: ofSource.dropout },
    ...{ batch, steps, evaluations: Math.min(steps, length.evaluations), patience: preset.patience },
    ...{ rate, dropout, lambda, sampledLabels: null },
    lengths: lengthsOf(source, preset),
    precision: preset.precision ?? 'float32',
  };
  return { record, passes: (steps * batch) / splitInstances(task, 0).train.length };
}

/** Of a budget of an opponent over a bag of items. */
type FeatureChoices = Pick<FeatureRecord, 'rate' | 'decay'> & Partial<Pick<FeatureRecord, 'dropout'>>;

/** An opponent with the budget that was chosen for it. */
function opponentRecord(task: Task, experiment: Baseline, preset: Preset): Resolved {
  const { model } = experiment;
  const budget = opponentBudget(preset, experiment, task.kind);
  if (model === 'item co-occurrence') {
    const similarity = budget as Pick<CooccurrenceRecord, 'item' | 'label' | 'shrink'>;
    return { record: { kind: 'opponent', model, ...beside(task, preset), ...similarity }, passes: 0 };
  }
  if (model === 'MTL') return mtlRecord(task, budget as BaselineBudgets['MTL']['recommend'], preset);
  const { rate, dropout = 0, decay, ...length } = budget as Length & FeatureChoices;
  const { course, passes } = courseOf(task, onShare(length, task.training), preset);
  const record: Unseeded<FeatureRecord> = {
    ...{ kind: 'opponent', model, ...beside(task, preset), ...course, rate, dropout },
    ...(decay === undefined ? {} : { decay }),
    channels: preset.channels,
    sampledItems: sampledOf(task.source.items, preset),
    sampledLabels: sampledOf(task.labels, preset),
  };
  return { record, passes };
}

/** An experiment on a task that has the experiment's share of its training instances. */
export function taskRecord(task: Task, experiment: Experiment, preset: Preset): Resolved {
  if (experiment.kind === 'fine-tuning') return fineTuningRecord(task, experiment, preset);
  if (experiment.kind === 'baseline') return opponentRecord(task, experiment, preset);
  const record: Unseeded<CountingRecord> = { kind: 'most frequent', ...onTask(task) };
  return { record, passes: 0 };
}
