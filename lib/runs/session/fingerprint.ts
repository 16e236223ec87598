import { createHash } from 'node:crypto';
import type { Source } from '../../datasets/tasks/source';
import type { Task } from '../../datasets/tasks/tasks';
import { DIGITS, fingerprint } from '../../files/fingerprint';
import { headlineOf } from '../../paper/tasks';

/** Worked out once for each value: a source holds the sequences of all users. */
function once<T extends object>(digitsOf: (value: T) => string): (value: T) => string {
  const known = new WeakMap<T, string>();
  return (value) => {
    const digits = known.get(value) ?? digitsOf(value);
    known.set(value, digits);
    return digits;
  };
}

/** The name belongs to it, since the random streams of a source are drawn by name. */
export const sourceFingerprint = once((source: Source): string => {
  const { name, items, users, sequences, preceding, length, before } = source;
  const hash = createHash('sha256').update(JSON.stringify([name, items, users, length]));
  for (const part of [...sequences, ...preceding]) hash.update(part).update('/');
  if (before) hash.update(sourceFingerprint(before));
  return hash.digest('hex').slice(0, DIGITS);
});

/** A state is kept by the metric that stands for the task, so one that is not the usual one belongs to it. */
export const taskFingerprint = once(({ source, dropped: _, metric, ...task }: Task) => {
  const own = metric === headlineOf(task.name, task.kind) ? {} : { metric };
  return fingerprint({ ...task, ...own, source: sourceFingerprint(source) });
});
