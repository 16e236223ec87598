import { pretrainedOn } from './source';
import { carriesChoice, splitInstances, trainingUsers } from './split';
import type { Task } from './tasks';

/** What tables and figures say of a task beside its results. */
export type TaskFacts = Pick<Task, 'name' | 'kind' | 'metric'> & {
  /** Name of the source that its trunks are pre-trained on. */
  readonly source: string;
  /** Whether a split file names the labels that an instance is ranked against. */
  readonly isGiven: boolean;
  /** Whether its trainings stop early. */
  readonly stopsEarly: boolean;
  /** Users that a trunk of all users is pre-trained on. */
  readonly pretrainingUsers: number;
};

export function factsOf(task: Task): TaskFacts {
  const split = splitInstances(task, 1);
  return {
    ...{ name: task.name, kind: task.kind, metric: task.metric, source: task.source.name },
    isGiven: task.given?.negatives.some(({ length }) => length > 0) ?? false,
    stopsEarly: carriesChoice(split),
    pretrainingUsers: trainingUsers(pretrainedOn(task.source)),
  };
}
