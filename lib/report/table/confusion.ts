import { UserError } from '../../base/userError';
import { seedCount } from '../../evidence/aggregate';
import { type CompletedRun, runsOf } from '../../experiments/documents/completedRun';
import { identityOf, type Method } from '../../experiments/methods/identity';
import type { Table } from './table';

/**
 * The confusion matrix of a method on a task that classifies: test instances by their class (rows) and the predicted class
 * (columns), all seeds summed. Throws a UserError where the method has not run there or the task has no classes.
 */
export function confusionTable(
  { results }: Pick<CompletedRun, 'results'>,
  task: string,
  method: Method,
): Table {
  const runs = runsOf(results, task, method);
  if (runs.length === 0) throw new UserError(`${task}: no results of ${identityOf(method)}`);
  const each = runs.map(({ confusion }) => {
    if (confusion) return confusion;
    throw new UserError(`${task}: a confusion matrix needs a task that classifies`);
  });
  const [{ classes }] = each;
  const sum = (i: number, j: number) => each.reduce((all, { counts }) => all + counts[i][j], 0);
  return {
    name: `confusion-${task}-${method.label}`.replace(/[^A-Za-z0-9-]+/g, '-').replace(/-$/, ''),
    caption: `${task}, ${method.label}: test instances by class (rows) and predicted class (columns), ${seedCount(runs)} summed.`,
    columns: [
      { key: 'class', label: 'Class' },
      ...classes.map((label, j) => ({ key: `predicted ${j}`, label })),
    ],
    rows: classes.map((label, i) => ({
      class: label,
      ...Object.fromEntries(classes.map((_, j) => [`predicted ${j}`, sum(i, j)])),
    })),
  };
}
