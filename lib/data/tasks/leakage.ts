import { UserError } from '../../base/userError';
import { evaluationNegatives } from './negatives';
import { pretrainedOn, type Source } from './source';
import { type Split, splitInstances } from './split';
import type { Task } from './tasks';

/** Throws a UserError that names five leaks and counts the others. */
function refuse({ name }: Task, leaks: Iterable<string>): void {
  const shown: string[] = [];
  let count = 0;
  for (const leak of leaks) if (count++ < 5) shown.push(leak);
  if (count > 5) shown.push(`${count - 5} more`);
  if (count > 0) throw new UserError(`leakage in task ${name}: ${shown.join('; ')}`);
}

/** The seeds for which a task, which nobody changes, passed. */
const passed = new WeakMap<Task, Set<number>>();

/** Checks, once for a task and a seed, that no answer can be read off the input. Throws a UserError that names the rows. */
export function requireNoLeak(task: Task, seed: number): void {
  const seeds = passed.get(task) ?? new Set();
  if (seeds.has(seed)) return;
  const split = splitInstances(task, seed);
  for (const source of new Set([task.source, pretrainedOn(task.source)]))
    refuse(task, targetsInSource(task, source));
  refuse(task, pairsInTwoParts(task, split));
  if (task.kind === 'recommend') refuse(task, knownNegatives(task, [...split.valid, ...split.test], seed));
  passed.set(task, seeds.add(seed));
}

/**
 * Target items of a recommendation task in source sequences: in those that it reads and, since a trunk is pre-trained on all of
 * them, in those of any other user of the source.
 */
function* targetsInSource({ kind, labels }: Task, { items, users, sequences }: Source): Generator<string> {
  if (kind === 'classify') return;
  const isTarget = new Set(labels);
  const leaking = Uint8Array.from(['', ...items], (id) => (isTarget.has(id) ? 1 : 0));
  if (!leaking.includes(1)) return;
  for (const [user, sequence] of sequences.entries())
    for (const id of sequence)
      if (leaking[id] === 1)
        yield `target item ${items[id - 1]} in the source sequence of user ${users[user]}`;
}

/** Pairs of user and label, and users with a class, that stand in two parts of the split. */
function* pairsInTwoParts(task: Task, split: Split): Generator<string> {
  const partOf = new Map<number, string>();
  for (const part of ['train', 'valid', 'test'] as const)
    for (const index of split[part]) {
      const { user, label } = task.instances[index];
      const key = task.kind === 'classify' ? user : user * task.labels.length + label;
      const before = partOf.get(key) ?? part;
      if (before !== part) yield `${pairName(task, index)} in ${before} and ${part}`;
      partOf.set(key, before);
    }
}

/** Instances that are ranked against another known target of their user. */
function* knownNegatives(task: Task, evaluated: readonly number[], seed: number): Generator<string> {
  for (const index of evaluated) {
    const known = task.known[task.instances[index].user];
    for (const negative of evaluationNegatives(task, [index], seed)[0])
      if (known.includes(negative))
        yield `negative ${task.labels[negative]} of ${pairName(task, index)} is a known target`;
  }
}

function pairName({ source, labels, instances }: Task, index: number): string {
  const { user, label } = instances[index];
  return `user ${source.users[user]} label ${labels[label]}`;
}
