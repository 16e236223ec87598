import type { Source } from '../../../lib/data/tasks/source';
import type { Task } from '../../../lib/data/tasks/tasks';

/** A task of a source by what is known of its users: known[u] are labels of user u, each of them an instance. */
export const taskOn = (
  source: Source,
  { name, kind, labels }: Pick<Task, 'name' | 'kind' | 'labels'>,
  known: readonly (readonly number[])[],
): Task => ({
  ...{ name, kind, labels, source, known, given: undefined, dropped: [] },
  metric: kind === 'recommend' ? 'HR@5' : 'Acc',
  instances: known.flatMap((own, user) => own.map((label) => ({ user, label }))),
});

/** Names that are numbered from 0. */
export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);

/** A recommendation task by the known targets of users with the same two items. */
export function taskWith(labelCount: number, known: readonly (readonly number[])[]): Task {
  const source: Source = {
    ...{ name: 'Videos', items: ['a', 'b'], length: 2 },
    users: numbered('u', known.length),
    sequences: known.map(() => Int32Array.of(1, 2)),
    preceding: known.map(() => new Int32Array(0)),
  };
  return taskOn(source, { name: 'Videos', kind: 'recommend', labels: numbered('v', labelCount) }, known);
}
