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

/** Where each item's part of a flat list begins, and the length of the list at the end. */
function startsOf(lengths: Int32Array): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) starts[i + 1] = starts[i] + length;
  return starts;
}

/** The labels that occur with each item, as often as they do. */
function occurrences({ source, instances }: Task, train: readonly number[]) {
  const items = source.items.length + 1;
  const bags = new Map<number, Int32Array>();
  for (const { user } of train.map((i) => instances[i]))
    if (!bags.has(user)) bags.set(user, Int32Array.from(new Set(source.sequences[user])));
  const [lengths, users] = [new Int32Array(items), new Int32Array(items)];
  for (const bag of bags.values()) for (const item of bag) users[item]++;
  for (const i of train) for (const item of bags.get(instances[i].user) as Int32Array) lengths[item]++;
  const starts = startsOf(lengths);
  const labels = new Int32Array(starts[items]);
  const next = starts.slice();
  for (const i of train) {
    const { user, label } = instances[i];
    for (const item of bags.get(user) as Int32Array) labels[next[item]++] = label;
  }
  return { starts, labels, users };
}

/** Counts the training instances of a task; no other label is looked at. */
export function countCooccurrence(task: Task, train: readonly number[]): Cooccurrence {
  const { starts, labels, users } = occurrences(task, train);
  const items = users.length;
  const distinct = new Int32Array(items);
  const [found, counts]: [number[], number[]] = [[], []];
  for (let item = 0; item < items; item++) {
    const own = labels.subarray(starts[item], starts[item + 1]).sort();
    for (const [at, label] of own.entries()) {
      if (at > 0 && own[at - 1] === label) counts[counts.length - 1]++;
      else {
        found.push(label);
        counts.push(1);
        distinct[item]++;
      }
    }
  }
  const totals = new Int32Array(task.labels.length);
  for (const i of train) totals[task.instances[i].label]++;
  const [labelsFound, countsFound] = [found, counts].map((list) => Int32Array.from(list));
  return { starts: startsOf(distinct), labels: labelsFound, counts: countsFound, users, totals };
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
