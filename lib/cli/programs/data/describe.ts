import { describeDataset } from '../../../data/describe/describe';
import { formatDescription } from '../../../data/describe/formatDescription';
import { openDataset } from '../../../data/open';
import { requireNoLeak } from '../../../data/tasks/leakage';
import { runCommand } from '../program';

type Options = { readonly data: string; readonly json?: boolean };

async function printDescription({ data, json }: Options): Promise<number> {
  const { dataset, tasks } = openDataset(data);
  for (const task of tasks) requireNoLeak(task, 1);
  const description = describeDataset(dataset, tasks);
  console.log(json ? JSON.stringify(description, null, 2) : formatDescription(description));
  return 0;
}

runCommand(printDescription);
