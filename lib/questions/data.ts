import path from 'node:path';
import { z } from 'zod';
import { type Description, describeDataset } from '../datasets/describe/describe';
import type { Dataset } from '../datasets/loading/dataset';
import { openDataset } from '../datasets/open';
import { requireNoLeak } from '../datasets/tasks/leakage';
import type { Task } from '../datasets/tasks/tasks';
import { inProject } from '../projectFolder';
import type { Table } from '../report/table/table';
import { checkedParameters } from '../runs/parameters';

const schema = z.object({
  /** A known name, or a folder or zip archive with a data set. */
  data: z.string(),
  /** Where tables and figures go; null for figures/runs/<data>-data. */
  out: z.string().nullable(),
});

/** A data set to look at, with everything that training would check about it. */
export interface OpenData {
  readonly dataset: Dataset;
  readonly tasks: readonly Task[];
  readonly description: Description;
  readonly out: string;
}

/** Loads and checks the data set that a notebook's parameters name; throws a UserError that says what is wrong. */
export function openData(parameters: Readonly<Record<string, unknown>>): OpenData {
  const { data, out } = checkedParameters(schema, parameters);
  const { dataset, tasks } = openDataset(data);
  for (const task of tasks) requireNoLeak(task, 1);
  return {
    dataset,
    tasks,
    description: describeDataset(dataset, tasks),
    out: inProject(out ?? path.join('figures', 'runs', `${dataset.name}-data`)),
  };
}

/** What there is to learn and to test for each task, and what needs no learning. */
export function baselinesTable({ tasks }: Description): Table {
  return {
    name: 'data-baselines',
    caption: 'Instances, and what the most frequent label reaches.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'instances', label: 'Instances' },
      { key: 'tested', label: 'Tested' },
      { key: 'labels', label: 'Labels' },
      { key: 'majority', label: 'Most frequent', digits: 1, style: 'percent' },
      { key: 'hr', label: 'HR@5', digits: 3 },
      { key: 'mrr', label: 'MRR@5', digits: 3 },
      { key: 'fullHr', label: 'HR@5, all items', digits: 3 },
      { key: 'fullMrr', label: 'MRR@5, all items', digits: 3 },
      { key: 'short', label: 'Users short of negatives' },
    ],
    rows: tasks.map((task) => ({
      task: task.task,
      instances: task.targetInstances,
      tested: task.testInstances,
      labels: task.labels,
      majority: task.majority,
      hr: task.popularity?.['HR@5'] ?? null,
      mrr: task.popularity?.['MRR@5'] ?? null,
      fullHr: task.popularity?.['HR@5/full'] ?? null,
      fullMrr: task.popularity?.['MRR@5/full'] ?? null,
      short: task.usersShortOfNegatives,
    })),
    note:
      'Most frequent: the share of the most frequent label. HR@5 and MRR@5: item popularity on the test part of seed 1, ' +
      'among 1 + 99 items and among all. Short of negatives: users for whom fewer than 99 remain.',
  };
}

/** Everything that no task uses. */
export function droppedTable({ name, dropped, tasks }: Description): Table {
  const notes = [
    ...dropped.map((note) => ({ where: name, ...note })),
    ...tasks.flatMap(({ task, dropped: own }) => own.map((note) => ({ where: task, ...note }))),
  ];
  return {
    name: 'data-dropped',
    caption: notes.length === 0 ? 'Nothing was dropped.' : 'What was dropped, and why.',
    columns: [
      { key: 'where', label: 'Task' },
      { key: 'what', label: 'What' },
      { key: 'why', label: 'Why' },
      { key: 'count', label: 'Count' },
    ],
    rows: notes,
  };
}
