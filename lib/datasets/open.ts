import { join } from 'node:path';
import { parseCard } from './card/card';
import { type Dataset, loadDataset } from './loading/dataset';
import { requireParts } from './tasks/split';
import { buildTasks, type Task } from './tasks/tasks';

/** A data set with its tasks, checked as far as that goes without training; throws a UserError for what is wrong. */
export function openDataset(nameOrPath: string): {
  readonly dataset: Dataset;
  readonly tasks: readonly Task[];
} {
  const dataset = loadDataset(nameOrPath);
  const tasks = buildTasks(dataset);
  tasks.forEach(requireParts);
  return { dataset, tasks };
}

/** Other tasks of a data set that was read, given as in its card; nothing is written. Throws a UserError where one is wrong. */
export function tryTasks(dataset: Dataset, tasks: object): Task[] {
  const card = parseCard(join(dataset.folder, 'dataset.json'), JSON.stringify({ ...dataset.card, tasks }));
  return buildTasks({ ...dataset, card });
}
