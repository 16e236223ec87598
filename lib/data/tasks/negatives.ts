import { below, type Random, random } from '../../base/random';
import type { Task } from './tasks';

/** How many labels the true one is ranked against (the paper, section 4.1). */
export const EVALUATION_NEGATIVES = 99;

/**
 * The labels that each of the given instances of a recommendation task is ranked against: those of the split file, or
 * 99 distinct ones that are no known target of the user, or all such labels where fewer remain.
 * A draw depends on the seed, the user and the label only, not on which instances are asked for together.
 */
export function evaluationNegatives(task: Task, instances: readonly number[], seed: number): Int32Array[] {
  const last = caches.get(task);
  const cache = last?.seed === seed ? last : { seed, drawn: new Map<number, Int32Array>() };
  caches.set(task, cache);
  return instances.map((index) => {
    const given = task.given?.negatives[index];
    if (given && given.length > 0) return given;
    const before = cache.drawn.get(index);
    if (before) return before;
    const { user, label } = task.instances[index];
    const stream = random(seed, 'negatives', task.name, task.source.users[user], task.labels[label]);
    const drawn = drawOthers(task.labels.length, task.known[user], stream);
    if (cache.drawn.size < CACHED) cache.drawn.set(index, drawn);
    return drawn;
  });
}

/** The pool that an instance is ranked in, its label and all that are no known target of its user, and how many are sampled of it. */
export function samplingOf({ instances, known, labels, given }: Task, index: number) {
  const pool = labels.length - known[instances[index].user].length + 1;
  const own = given?.negatives[index]?.length;
  return { pool, sample: Math.min(own || EVALUATION_NEGATIVES, pool - 1) };
}

/** Instances whose negatives are cached between evaluations, in some 26 MB. */
const CACHED = 1 << 16;

/** A task's negatives by instance, for the last seed. */
const caches = new WeakMap<Task, { readonly seed: number; readonly drawn: Map<number, Int32Array> }>();

/** Distinct labels outside `known`, by Floyd's algorithm over the ranks of the labels that remain. */
function drawOthers(labelCount: number, known: readonly number[], stream: Random): Int32Array {
  const remaining = labelCount - known.length;
  const ranks = new Set<number>();
  for (let last = Math.max(0, remaining - EVALUATION_NEGATIVES); last < remaining; last++) {
    const rank = below(last + 1, stream);
    ranks.add(ranks.has(rank) ? last : rank);
  }
  const ascending = [...known].sort((a, b) => a - b);
  return Int32Array.from(ranks, (rank) =>
    ascending.reduce((label, own) => (own <= label ? label + 1 : label), rank),
  );
}

/** A label other than the positive one, uniform over the rest; it looks at no other label of the user. */
export function trainingNegative(labelCount: number, positive: number, stream: Random): number {
  const rank = below(labelCount - 1, stream);
  return rank < positive ? rank : rank + 1;
}
