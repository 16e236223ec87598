import path from 'node:path';
import { z } from 'zod';
import { classCounts, domainOverlaps, itemPopularity, sequenceLengths } from '../data/describe/aggregates';
import { describeDataset } from '../data/describe/describe';
import { openDataset } from '../data/open';
import { requireNoLeak } from '../data/tasks/leakage';
import type { Task } from '../data/tasks/tasks';
import { checkedParameters } from '../experiments/workbench/folder';
import { publishedFrom } from '../report/export';
import type { Figure } from '../report/figure/smallMultiples';
import type { Table } from '../report/table/table';
import { table1 } from '../report/table/table1';
import { inProject } from '../setup/tools/project';
import { publish } from './show';

const schema = z.strictObject({
  /** A known name, or a folder or zip archive with a data set. */
  data: z.string(),
  /** Where tables and figures go; null for figures/runs/<data>-data. */
  out: z.string().nullable(),
});

/** A data set to look at, checked as for training. Throws a UserError that says what is wrong with it or the parameters. */
export function openData(parameters: Readonly<Record<string, unknown>>) {
  const { data, out: given } = checkedParameters(schema, parameters);
  const { dataset, tasks } = openDataset(data);
  for (const task of tasks) requireNoLeak(task, 1);
  const description = describeDataset(dataset, tasks);
  const out = inProject(given ?? path.join('figures', 'runs', `${dataset.name}-data`));
  const from = publishedFrom({ dataset, preset: { name: 'none' } }, []);
  return {
    tasks,
    description,
    /** Aggregates in columns for a data frame: they identify no user and no item. */
    counts: {
      sequenceLengths: () => sequenceLengths(tasks),
      itemPopularity: () => itemPopularity(tasks),
      domainOverlaps: () => domainOverlaps(tasks),
      classCounts: (task: Task) => classCounts([task]),
    },
    /** Table 1: the size of each task. */
    table1: (): Table => table1(description.tasks),
    /** Shows tables and figures and writes them in every format. */
    publish: async (...things: readonly (Table | Figure)[]): Promise<void> => {
      for (const thing of things) await publish(thing, out, from);
    },
  };
}
