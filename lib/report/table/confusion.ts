import type { Task } from '../../datasets/tasks/tasks';
import type { Result } from '../../documents/document';
import { instanceRows } from '../../documents/store';
import { confusion } from '../../metrics/classification';
import { UserError } from '../../userError';
import { seedCount } from '../aggregate';
import type { Table } from './table';

/**
 * The confusion matrix of a method on a task that classifies: test instances by their class (rows) and the predicted class
 * (columns), all seeds summed. Throws a UserError where the method has not run there or the task has no classes.
 */
export function confusionTable(
  out: string,
  results: readonly Result[],
  { name: task, kind, labels }: Pick<Task, 'name' | 'kind' | 'labels'>,
  method: string,
): Table {
  const runs = results.filter((result) => result.task === task && result.method === method);
  if (kind !== 'classify') throw new UserError(`${task}: a confusion matrix needs a task that classifies`);
  if (runs.length === 0) throw new UserError(`${task}: no results of ${method}`);
  const rows = runs.flatMap((run) => instanceRows(out, run));
  const classesOf = (column: 'label' | 'predicted') => rows.map((row) => classOf(row[column], task, labels));
  const counts = confusion(classesOf('predicted'), classesOf('label'), labels.length);
  return {
    name: `confusion-${task}-${method}`.replace(/[^A-Za-z0-9-]+/g, '-').replace(/-$/, ''),
    caption: `${task}, ${method}: test instances by class (rows) and predicted class (columns), ${seedCount(runs)} summed.`,
    columns: [
      { key: 'class', label: 'Class' },
      ...labels.map((label, i) => ({ key: `predicted ${i}`, label })),
    ],
    rows: counts.map((row, i) => ({
      class: labels[i],
      ...Object.fromEntries(row.map((count, j) => [`predicted ${j}`, count])),
    })),
  };
}

function classOf(label: string, task: string, labels: readonly string[]): number {
  const place = labels.indexOf(label);
  if (place < 0)
    throw new UserError(`${task}: class ${label} of a result is not one of ${labels.join(', ')}`);
  return place;
}
