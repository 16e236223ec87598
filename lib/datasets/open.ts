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
