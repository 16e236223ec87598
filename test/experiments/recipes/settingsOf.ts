/** Settings and recipes of the tiny tasks, out of the records that presets come to. */
import { pretrainedOn, type Source } from '../../../lib/data/tasks/source';
import type { Task } from '../../../lib/data/tasks/tasks';
import type { Against, Experiment, FineTuning } from '../../../lib/experiments/methods/experiment';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { mtlIn, pretrainingIn, tuningIn } from '../../../lib/experiments/recipes/settings';
import type { MtlRecord, TaskRecord } from '../../../lib/experiments/records/record';
import { trunkRecord } from '../../../lib/experiments/records/trunks';
import { type Job, resolveOne } from '../../../lib/experiments/resolve/resolve';
import { fineTuningRecord, taskRecord } from '../../../lib/experiments/resolve/tasks';
import type { TrunkName } from '../../../lib/model/trunks/names';

export const pretrainingOf = (source: Source, preset: Preset, trunk: TrunkName, share = 1) =>
  pretrainingIn(trunkRecord(source, preset, trunk, share).record, pretrainedOn(source));

export const tuningOf = (task: Task, experiment: FineTuning, preset: Preset) =>
  tuningIn(fineTuningRecord(task, experiment, preset).record, task);

export const mtlOf = (task: Task, preset: Preset, experiment: Against) =>
  mtlIn(taskRecord(task, experiment, preset).record as MtlRecord, task);

/** One seed of an experiment on a task. */
export const jobOf = (task: Task, experiment: Experiment, preset: Preset, seed = 1): Job =>
  resolveOne(task, experiment, { data: 'made-up', preset }, seed);

export const recordOf = <R extends TaskRecord = TaskRecord>(
  task: Task,
  experiment: Experiment,
  preset: Preset,
  seed = 1,
): R => jobOf(task, experiment, preset, seed).record as R;
