import type { TaskDescription } from '../../data/describe/describe';
import { publishedTable1 } from '../../data/paper/published';
import { columnsOf, type Table } from './table';

/** Row of Table 1. */
export type TaskSize = Pick<
  TaskDescription,
  'task' | 'users' | 'sourceInstances' | 'targetInstances' | 'sourceItems' | 'labels'
>;

type Published = Readonly<Record<string, number>>;
const { users: paperUsers, sourceItems: paperItems, labels: paperLabels } = publishedTable1;

function inPaper(task: string) {
  const of = (values: Published) => (Object.hasOwn(values, task) ? values[task] : null);
  return { paperUsers: of(paperUsers), paperItems: of(paperItems), paperLabels: of(paperLabels) };
}

/** Table 1: the size of each task, beside the paper's where the data has a task of the paper. */
export function table1(tasks: readonly TaskSize[]): Table {
  const isShared = tasks.some(({ task }) => Object.hasOwn(paperUsers, task));
  return {
    name: 'table1-data',
    caption: 'The tasks: instances of source and target domain, source items and target labels.',
    columns: columnsOf({
      ...{ task: 'Task', users: 'Users', sourceInstances: 'Source instances' },
      ...{ targetInstances: 'Target instances', sourceItems: 'Source items', labels: 'Target labels' },
      ...(isShared && { paperUsers: 'Paper, users', paperItems: 'Paper, source items' }),
      ...(isShared && { paperLabels: 'Paper, target labels' }),
    }),
    rows: tasks.map(({ task, users, sourceInstances, targetInstances, sourceItems, labels }) => ({
      ...{ task, users, sourceInstances, targetInstances, sourceItems, labels },
      ...(isShared && inPaper(task)),
    })),
    ...(isShared && { note: publishedTable1.note }),
  };
}
