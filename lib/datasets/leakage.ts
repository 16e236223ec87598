import { UserError } from '../userError';
import type { Split } from './split';
import type { Instance, Task } from './tasks';

/**
 * Makes sure that no answer can be read off the input: no target item in a source sequence, no pair in two parts of
 * the split, no known target among the negatives. `negatives[i]` belongs to the instance `evaluated[i]`.
 * Throws a UserError that names the offending rows.
 */
export function checkLeakage(
  task: Task,
  split: Split,
  evaluated: readonly number[],
  negatives: readonly Int32Array[],
): void {
  const leaks = [
    ...targetsInSource(task),
    ...pairsInTwoParts(task, split),
    ...knownNegatives(task, evaluated, negatives),
  ];
  if (leaks.length === 0) return;
  const shown = leaks.slice(0, 5).join('; ');
  throw new UserError(
    `leakage in task ${task.name}: ${shown}${leaks.length > 5 ? `; ${leaks.length - 5} more` : ''}`,
  );
}

function targetsInSource({ kind, source, labels }: Task): string[] {
  if (kind === 'classify') return [];
  const isLabel = new Set(labels);
  const leaking = new Set(source.items.flatMap((id, i) => (isLabel.has(id) ? [i + 1] : [])));
  if (leaking.size === 0) return [];
  return source.sequences.flatMap((sequence, user) =>
    [...sequence]
      .filter((id) => leaking.has(id))
      .map(
        (id) => `target item ${source.items[id - 1]} in the source sequence of user ${source.users[user]}`,
      ),
  );
}

function pairsInTwoParts(task: Task, split: Split): string[] {
  const partOf = new Map<string, string>();
  return Object.entries(split).flatMap(([part, indices]: [string, readonly number[]]) =>
    indices.flatMap((index) => {
      const pair = pairName(task, task.instances[index]);
      const earlier = partOf.get(pair) ?? part;
      partOf.set(pair, part);
      return earlier === part ? [] : [`${pair} in ${earlier} and ${part}`];
    }),
  );
}

function knownNegatives(
  task: Task,
  evaluated: readonly number[],
  negatives: readonly Int32Array[],
): string[] {
  return evaluated.flatMap((index, i) => {
    const instance = task.instances[index];
    const known = task.known[instance.user] ?? [];
    return [...negatives[i]]
      .filter((label) => known.includes(label))
      .map((label) => `negative ${task.labels[label]} of ${pairName(task, instance)} is a known target`);
  });
}

function pairName({ source, labels }: Task, { user, label }: Instance): string {
  return `user ${source.users[user]} label ${labels[label]}`;
}
