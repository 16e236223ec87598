import { loadDataset } from '../datasets/dataset';
import { describeDataset } from '../datasets/describe';
import { formatDescription } from '../datasets/formatDescription';
import { requireParts } from '../datasets/split';
import { buildTasks } from '../datasets/tasks';
import { runCommand } from './runCommand';

interface Options {
  /** A name under data/ or an absolute folder. */
  readonly data: string;
  readonly json?: boolean;
}

async function printDescription({ data, json }: Options): Promise<number> {
  const dataset = loadDataset(data);
  const tasks = buildTasks(dataset);
  tasks.forEach(requireParts);
  const description = describeDataset(dataset, tasks);
  console.log(json ? JSON.stringify(description, null, 2) : formatDescription(description));
  return 0;
}

runCommand(printDescription);
