/** Digests of sources and tasks, each computed once: a source holds the sequences of all users. */
import { createHash } from 'node:crypto';
import { DIGITS, fingerprint } from '../../base/fingerprint';
import { headlineOf } from '../../data/paper/tasks';
import type { Source } from '../../data/tasks/source';
import { withTraining } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';

/** Computes once per value. */
function once<T extends object, R>(of: (value: T) => R): (value: T) => R {
  const known = new WeakMap<T, R>();
  return (value) => {
    const found = known.get(value) ?? of(value);
    known.set(value, found);
    return found;
  };
}

/** Includes the name, by which the random streams of a source are drawn. */
export const sourceFingerprint = once((source: Source): string => {
  const { name, items, users, sequences, preceding, length, before, unread } = source;
  const hash = createHash('sha256').update(JSON.stringify([name, items, users, length]));
  for (const part of [...sequences, ...preceding]) hash.update(part).update('/');
  if (before) hash.update(sourceFingerprint(before));
  if (unread) hash.update('unread');
  return hash.digest('hex').slice(0, DIGITS);
});

/** Includes a metric other than the usual one, since it chooses the state that is kept. */
export const taskFingerprint = once(({ source, dropped: _, metric, ...task }: Task) => {
  const own = metric === headlineOf(task.name, task.kind) ? {} : { metric };
  return fingerprint({ ...task, ...own, source: sourceFingerprint(source) });
});

/** Tasks with shares, by the task that they are of. */
const shared = once((_: Task) => new Map<string, Task>());

/** A share of the training instances of a task (1: all), and whether it is a trial; one object for each. */
export function withShares(task: Task, training: number, trial: boolean): Task {
  const own = !trial || task.trial ? task : { ...task, trial };
  if (training === 1 && own === task) return task;
  const known = shared(task);
  const name = `${training} ${trial}`;
  const found = known.get(name) ?? (training === 1 ? own : withTraining(own, training));
  known.set(name, found);
  return found;
}
