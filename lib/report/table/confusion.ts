import { UserError } from '../../base/userError';
import type { Task } from '../../data/tasks/tasks';
import { seedCount } from '../../evidence/aggregate';
import { type CompletedRun, runsOf } from '../../experiments/documents/completedRun';
import { instanceRows } from '../../experiments/documents/document';
import { identityOf, type Method } from '../../experiments/methods/identity';
import { confusion } from '../../metrics/classification';
import type { Table } from './table';

/**
 * The confusion matrix of a method on a task that classifies: test instances by their class (rows) and the predicted class
 * (columns), all seeds summed. Throws a UserError where the method has not run there or the task has no classes.
 */
export function confusionTable(
  { out, results }: Pick<CompletedRun, 'out' | 'results'>,
  { name: task, kind, labels }: Pick<Task, 'name' | 'kind' | 'labels'>,
  method: Method,
): Table {
  const runs = runsOf(results, task, method);
  if (kind !== 'classify') throw new UserError(`${task}: a confusion matrix needs a task that classifies`);
  if (runs.length === 0) throw new UserError(`${task}: no results of ${identityOf(method)}`);
  const rows = runs.flatMap((run) => instanceRows(out, run));
  const strange = rows.flatMap((row) => [row.label, row.predicted]).find((label) => !labels.includes(label));
  if (strange !== undefined)
    throw new UserError(`${task}: class ${strange} of a result is not one of ${labels.join(', ')}`);
  const classesOf = (column: 'label' | 'predicted') => rows.map((row) => labels.indexOf(row[column]));
  const counts = confusion(classesOf('predicted'), classesOf('label'), labels.length);
  return {
    name: `confusion-${task}-${method.label}`.replace(/[^A-Za-z0-9-]+/g, '-').replace(/-$/, ''),
    caption: `${task}, ${method.label}: test instances by class (rows) and predicted class (columns), ${seedCount(runs)} summed.`,
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
