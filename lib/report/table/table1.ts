import type { TaskDescription } from '../../datasets/describe/describe';
import { publishedTable1 } from '../../paper/published';
import type { Column, Table } from './table';

/** What Table 1 says of one task. */
export type TaskSize = Pick<
  TaskDescription,
  'task' | 'users' | 'sourceInstances' | 'targetInstances' | 'sourceItems' | 'labels'
>;

const PAPER: readonly { readonly column: Column; readonly values: Readonly<Record<string, number>> }[] = [
  { column: { key: 'paperUsers', label: 'Paper, users' }, values: publishedTable1.users },
  { column: { key: 'paperItems', label: 'Paper, source items' }, values: publishedTable1.sourceItems },
  { column: { key: 'paperLabels', label: 'Paper, target labels' }, values: publishedTable1.labels },
];

/** Table 1: the size of each task, beside the paper's where the data has a task of the paper. */
export function table1(tasks: readonly TaskSize[]): Table {
  const shared = tasks.some(({ task }) => Object.hasOwn(publishedTable1.users, task));
  const paper = shared ? PAPER : [];
  return {
    name: 'table1-data',
    caption: 'The tasks: instances of source and target domain, source items and target labels.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'users', label: 'Users' },
      { key: 'sourceInstances', label: 'Source instances' },
      { key: 'targetInstances', label: 'Target instances' },
      { key: 'sourceItems', label: 'Source items' },
      { key: 'labels', label: 'Target labels' },
      ...paper.map(({ column }) => column),
    ],
    rows: tasks.map(({ task, users, sourceInstances, targetInstances, sourceItems, labels }) => ({
      ...{ task, users, sourceInstances, targetInstances, sourceItems, labels },
      ...Object.fromEntries(
        paper.map(({ column, values }) => [column.key, Object.hasOwn(values, task) ? values[task] : null]),
      ),
    })),
    ...(shared ? { note: publishedTable1.note } : {}),
  };
}
