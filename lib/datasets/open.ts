import { UserError } from '../userError';
import type { Card, Timeline } from './card/card';
import { type Dataset, datasetOf, loadDataset, withKeys } from './loading/dataset';
import { locate } from './loading/locate';
import { openFolder } from './reading/text/folder';
import { requireParts } from './tasks/split';
import { buildTasks, type Task } from './tasks/tasks';
import { learntBefore } from './tasks/timeline';

/**
 * A data set with its tasks, checked as far as that goes without training; with another timeline than the card's, if one is given, or
 * with none. Throws a UserError for what is wrong.
 */
export function openDataset(
  nameOrPath: string,
  timeline?: Timeline | null,
): {
  readonly dataset: Dataset;
  readonly tasks: readonly Task[];
} {
  return withTasks(loadDataset(nameOrPath, timeline));
}

/** The timeline that the card of a data set has. Throws a UserError for an unknown data set and a wrong card. */
export const timelineIn = (nameOrPath: string): Timeline | undefined => locate(nameOrPath).card.timeline;

/** Throws a UserError where a card does not make a data set of the files in a folder; nothing is written there. */
export function requireWorks(folder: string, card: Card): void {
  withTasks(datasetOf(openFolder(folder), card));
}

function withTasks(dataset: Dataset) {
  const tasks = buildTasks(dataset);
  for (const task of tasks) requireDivided(dataset, task);
  return { dataset, tasks };
}

/** As `requireParts`, with the time of a timeline in the message: it is what leaves a part empty. */
function requireDivided(dataset: Dataset, task: Task): void {
  try {
    requireParts(task);
  } catch (error) {
    const learnt = learntBefore(dataset);
    if (learnt === undefined || !(error instanceof UserError)) throw error;
    const users = task.kind === 'classify' ? ', of users who were last there then,' : '';
    throw new UserError(
      `${error.message}; on the timeline what lies before ${learnt.time}${users} is learnt, the rest is tested`,
    );
  }
}

/** Other tasks of a data set that was read, given as in its card; nothing is written. Throws a UserError where one is wrong. */
export function tryTasks(dataset: Dataset, tasks: object): Task[] {
  const card = withKeys({ path: dataset.folder }, dataset.card, { tasks });
  return buildTasks({ ...dataset, card });
}
