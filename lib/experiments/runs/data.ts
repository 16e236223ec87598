/** The data that a record names, out of the tasks of a data set. */
import { UserError } from '../../base/userError';
import { pretrainedOn, type Source } from '../../data/tasks/source';
import type { Task } from '../../data/tasks/tasks';
import { sourceFingerprint, taskFingerprint, withShares } from '../records/fingerprints';
import type { TaskRecord, TrunkRecord } from '../records/record';

/** The tasks of a data set. */
export type Tasks = readonly Task[];

const refused = (what: string): never => {
  throw new UserError(`${what}: expected the data that the plan was made of; run the command again`);
};

/** The task of a record, with its shares. Throws a UserError where it is not the one that was planned. */
export function taskOf(record: TaskRecord, tasks: Tasks): Task {
  const whole = tasks.find(({ name }) => name === record.task);
  const task = whole && withShares(whole, record.training, record.trial);
  return task && taskFingerprint(task) === record.data ? task : refused(`task ${record.task}`);
}

/** The source of the record of a trunk. Throws a UserError where it is not the one that was planned. */
export const sourceOf = (record: TrunkRecord, tasks: Tasks): Source =>
  tasks
    .map(({ source }) => pretrainedOn(source))
    .find((source) => sourceFingerprint(source) === record.data) ?? refused(`source ${record.source}`);
