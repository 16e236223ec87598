import { join } from 'node:path';
import { parseCard } from './card/card';
import type { Dataset } from './loading/dataset';
import { buildTasks, type Task } from './tasks/tasks';

/** Other tasks of a data set that was read, given as in its card; nothing is written. Throws a UserError where one is wrong. */
export function tryTasks(dataset: Dataset, tasks: object): Task[] {
  const card = parseCard(join(dataset.folder, 'dataset.json'), JSON.stringify({ ...dataset.card, tasks }));
  return buildTasks({ ...dataset, card });
}
