import { join } from 'node:path';
import { type Card, parseCard } from './card/card';
import { type Dataset, datasetOf, loadDataset } from './loading/dataset';
import { openFolder } from './reading/text/folder';
import { requireParts } from './tasks/split';
import { buildTasks, type Task } from './tasks/tasks';

/** A data set with its tasks, checked as far as that goes without training; throws a UserError for what is wrong. */
export function openDataset(nameOrPath: string): {
  readonly dataset: Dataset;
  readonly tasks: readonly Task[];
} {
  return withTasks(loadDataset(nameOrPath));
}

/** Throws a UserError where a card does not make a data set of the files in a folder; nothing is written there. */
export function requireWorks(folder: string, card: Card): void {
  withTasks(datasetOf(openFolder(folder), card));
}

function withTasks(dataset: Dataset) {
  const tasks = buildTasks(dataset);
  tasks.forEach(requireParts);
  return { dataset, tasks };
}

/** Other tasks of a data set that was read, given as in its card; nothing is written. Throws a UserError where one is wrong. */
export function tryTasks(dataset: Dataset, tasks: object): Task[] {
  const card = parseCard(join(dataset.folder, 'dataset.json'), JSON.stringify({ ...dataset.card, tasks }));
  return buildTasks({ ...dataset, card });
}
