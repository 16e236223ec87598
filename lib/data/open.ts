import { UserError } from '../base/userError';
import type { Card, Timeline } from './card/card';
import { type Dataset, datasetOf, loadDataset, withKeys } from './loading/dataset';
import { locate } from './loading/locate';
import { openFolder } from './reading/text/folder';
import type { Source } from './tasks/source';
import { requireParts } from './tasks/split';
import { buildTasks, type Task } from './tasks/tasks';

/** A data set and its tasks, checked. `timeline`: in place of the card's; null: none. Throws a UserError. */
export const openDataset = (nameOrPath: string, timeline?: Timeline | null) =>
  withTasks(loadDataset(nameOrPath, timeline));

/** Whether a seed tests a fold of instances, of users, or of users whom no trunk of that seed has read. */
export type Folds = 'instances' | 'users' | 'unread users';

/** Tasks with other folds; those of a source still share it. Throws a UserError where a task's test part is given. */
export function withFolds(tasks: readonly Task[], folds: Folds): readonly Task[] {
  if (folds === 'instances') return tasks;
  const given = tasks.find((task) => task.given ?? task.parts);
  if (given)
    throw new UserError(
      `parameters.folds: ${folds}; expected instances, as the test part of ${given.name} is given`,
    );
  const sources = new Map(tasks.map(({ source }) => [source, { ...source, unread: true }]));
  return tasks.map((task) => ({
    ...{ ...task, foldsByUser: true },
    source: folds === 'users' ? task.source : (sources.get(task.source) as Source),
  }));
}

/** The timeline that the card of a data set has. Throws a UserError for an unknown data set and a wrong card. */
export const timelineIn = (nameOrPath: string): Timeline | undefined => locate(nameOrPath).card.timeline;

/** Throws a UserError where a card and the files of a folder make no data set. */
export function requireWorks(folder: string, card: Card): void {
  withTasks(datasetOf(openFolder(folder), card));
}

function withTasks(dataset: Dataset) {
  const tasks: readonly Task[] = buildTasks(dataset);
  for (const task of tasks) requireParts(task);
  return { dataset, tasks };
}

/** Other tasks of a data set, given as in its card. Throws a UserError. */
export function tryTasks(dataset: Dataset, tasks: object): Task[] {
  const card = withKeys({ path: dataset.folder }, dataset.card, { tasks });
  return buildTasks({ ...dataset, card });
}
