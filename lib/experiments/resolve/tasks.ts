/** The records of methods on a task, but for their seeds. */
import { pretrainedOn } from '../../data/tasks/source';
import type { Task } from '../../data/tasks/tasks';
import { type TrunkShape, weightsOf } from '../../model/trunks/trunk';
import type { Tuning } from '../methods/budgets';
import {
  type Against,
  type Experiment,
  extentOf,
  type FineTuning,
  fusedTasks,
  type Rank,
} from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { sizedAs, tunedAs } from '../methods/space';
import { opponentBudget, opponentOf } from '../opponents/opponents';
import { courseOf } from '../records/courses';
import { taskFingerprint } from '../records/fingerprints';
import { itemRankOf, sizedPatches } from '../records/patches';
import {
  type CountingRecord,
  type FineTuningRecord,
  type OpponentRecord,
  spread,
  type TaskRecord,
  type Unseeded,
} from '../records/record';
import { lengthsOf, sampledOf, trunkShape } from '../records/trunks';

/** A record of a task before its seed, and its passes over the training instances; 0 of what takes none. */
export type Resolved<R extends TaskRecord = TaskRecord> = {
  readonly record: Unseeded<R>;
  readonly passes: number;
};

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
  trial: task.trial ?? false,
});

/** Weights that FineAll tunes: a trunk of this shape and a classifier of |Y| labels. */
export function fineAllWeights(shape: TrunkShape, labels: number): number {
  return weightsOf(shape) + labels * (shape.channels + 1);
}

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
    itemRank: itemRankOf(experiment.itemRank, shape),
    pastRank: itemRankOf(pastRankOn(task, experiment), shape),
    sampledLabels: loss === 'cross-entropy' ? sampledOf(task.labels, preset) : null,
    lengths: lengthsOf(source, preset),
    precision: preset.precision ?? 'float32',
    from: null,
    fused: fused ? fusedTasks(fused) : [],
    fusedFrom: [],
  };
  return { record, passes };
}

const pastRankOn = ({ kind }: Task, { pastRank }: FineTuning): Rank | undefined => {
  if (typeof pastRank !== 'object' || !('classify' in pastRank)) return pastRank;
  return kind === 'classify' ? pastRank.classify : undefined;
};

/** An opponent with the budget that was chosen for it. */
function opponentRecord(task: Task, experiment: Against, preset: Preset): Resolved {
  const { model } = experiment;
  const budget = opponentBudget(preset, experiment, task.kind);
  const { fields, passes } = opponentOf(model).resolve(task, budget, preset);
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  const record = { kind: 'opponent', model, ...onTask(task), fineAll, ...fields };
  return { record: record as Unseeded<OpponentRecord>, passes };
}

/** An experiment on a task that has the experiment's share of its training instances. */
export function taskRecord(task: Task, experiment: Experiment, preset: Preset): Resolved {
  if (experiment.kind === 'fine-tuning') return fineTuningRecord(task, experiment, preset);
  if (experiment.kind === 'opponent') return opponentRecord(task, experiment, preset);
  const record: Unseeded<CountingRecord> = { kind: 'most frequent', ...onTask(task) };
  return { record, passes: 0 };
}
