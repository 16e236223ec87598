import { pretrainedOn } from './source';
import { carriesChoice, splitInstances, trainingUsers } from './split';
import type { Task } from './tasks';

/** What tables and figures say of a task beside its results. */
export type TaskFacts = Readonly<ReturnType<typeof factsOf>>;

export function factsOf(task: Task) {
  const { name, kind, metric } = task;
  return {
    ...{ name, kind, metric },
    /** Name of the source that its trunks are pre-trained on. */
    source: task.source.name,
    /** Whether a split file names the labels that an instance is ranked against. */
    isGiven: task.given?.negatives.some(({ length }) => length > 0) ?? false,
    /** Whether its trainings stop early. */
    stopsEarly: carriesChoice(splitInstances(task, 1)),
    /** Users that a trunk of all users is pre-trained on. */
    pretrainingUsers: trainingUsers(pretrainedOn(task.source)),
  };
}
