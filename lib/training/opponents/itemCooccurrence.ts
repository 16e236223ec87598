/**
 * Item-based collaborative filtering across domains (Sarwar et al. 2001; Deshpande & Karypis 2004): a label scores
 * high where training users who had it share source items with the user.
 * Letters: U(i) training users with source item i, n(y) training instances with label y, c(i, y) instances with both.
 */
import type { Task } from '../../data/tasks/tasks';

/** How a co-occurrence counts: c(i, y) / ((|U(i)| + shrink)^item · n(y)^label). Both ½ and no shrinking is cosine. */
export type Similarity = { readonly item: number; readonly label: number; readonly shrink: number };

/** Sparse counts by source item: those of item i are at starts[i] … starts[i + 1] − 1. */
type Cooccurrence = {
  readonly starts: Int32Array;
  readonly labels: Int32Array;
  readonly counts: Int32Array;
  /** |U(i)| by model id. */
  readonly users: Int32Array;
  /** n(y) */
  readonly totals: Int32Array;
};

/** Numbers that scoring needs. */
export const countsKept = ({ starts, labels, counts, users, totals }: Cooccurrence) =>
  starts.length + labels.length + counts.length + users.length + totals.length;

/** The distinct source items of each user with a training instance. */
function bagsOf({ source, instances }: Task, train: readonly number[]): ReadonlyMap<number, Int32Array> {
  const users = new Set(train.map((i) => instances[i].user));
  return new Map([...users].map((user) => [user, Int32Array.from(new Set(source.sequences[user]))]));
}

/** Counts the training instances of a task; no other label is looked at. */
export function countCooccurrence(task: Task, train: readonly number[]): Cooccurrence {
  const [items, Y] = [task.source.items.length + 1, task.labels.length];
  const bags = bagsOf(task, train);
  const [users, totals, starts] = [items, Y, items + 1].map((size) => new Int32Array(size));
  for (const bag of bags.values()) for (const item of bag) users[item]++;
  const own = train.map((i) => task.instances[i]);
  const bagOf = (user: number) => bags.get(user) as Int32Array;
  const pairs = new Float64Array(own.reduce((sum, { user }) => sum + bagOf(user).length, 0)); // i |Y| + y
  let end = 0;
  for (const { user, label } of own) {
    totals[label]++;
    for (const item of bagOf(user)) pairs[end++] = item * Y + label;
  }
  const [labels, counts]: [number[], number[]] = [[], []];
  for (const [at, pair] of pairs.sort().entries()) {
    if (at > 0 && pair === pairs[at - 1]) counts[counts.length - 1]++;
    else {
      labels.push(pair % Y);
      counts.push(1);
      starts[Math.floor(pair / Y) + 1]++;
    }
  }
  for (let item = 0; item < items; item++) starts[item + 1] += starts[item];
  return { starts, labels: Int32Array.from(labels), counts: Int32Array.from(counts), users, totals };
}

/** Scores [|Y|] of one user: the similarities of their distinct source items to each label, added up. */
export function cooccurrenceScores(
  { starts, labels, counts, users, totals }: Cooccurrence,
  sequence: Int32Array,
  { item: itemPower, label: labelPower, shrink }: Similarity,
): Float32Array {
  const scores = new Float32Array(totals.length);
  for (const item of new Set(sequence)) {
    const weight = 1 / (users[item] + shrink) ** itemPower;
    for (let at = starts[item]; at < starts[item + 1]; at++) scores[labels[at]] += counts[at] * weight;
  }
  return scores.map((score, y) => (score === 0 ? 0 : score / totals[y] ** labelPower));
}
