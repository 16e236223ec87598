import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cooccurrenceScores, countCooccurrence, countsKept } from '../../lib/baselines/itemCooccurrence';
import type { Task } from '../../lib/datasets/tasks/tasks';
import { assertClose } from '../tensorflow/bothWays';

/** Four training users and a fifth that is tested; items 1 to 4, labels 0 to 3. */
const sequences = [[1, 2, 1], [1, 3], [2, 3], [3], [1, 2, 4]].map((items) => Int32Array.from(items));
const instances = [
  { user: 0, label: 0 },
  { user: 0, label: 1 },
  { user: 1, label: 0 },
  { user: 2, label: 2 },
  { user: 3, label: 0 },
  { user: 4, label: 3 },
];
const task: Task = {
  name: 'Four users',
  kind: 'recommend',
  metric: 'HR@5',
  source: {
    name: 'Four users',
    items: ['a', 'b', 'c', 'd'],
    users: ['u0', 'u1', 'u2', 'u3', 'u4'],
    sequences,
    preceding: sequences.map(() => new Int32Array(0)),
    length: 3,
  },
  labels: ['y0', 'y1', 'y2', 'y3'],
  instances,
  known: [[0, 1], [0], [2], [0], [3]],
  given: undefined,
  dropped: [],
};
const counted = countCooccurrence(task, [0, 1, 2, 3, 4]);

test('all that scoring reads is stored', () => {
  // seven pairs of item and label with a count each, and starts, users (padding too) and totals
  assert.equal(countsKept(counted), 7 + 7 + 6 + 5 + 4);
});

test('co-occurrence counts training instances by item and label, a repeated item once', () => {
  const of = (item: number) => {
    const [from, to] = [counted.starts[item], counted.starts[item + 1]];
    return [...counted.labels.subarray(from, to)].map((label, i) => [label, counted.counts[from + i]]);
  };
  assert.deepEqual(of(1), [
    [0, 2],
    [1, 1],
  ]);
  assert.deepEqual(of(2), [
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  assert.deepEqual(of(3), [
    [0, 2],
    [2, 1],
  ]);
  assert.deepEqual(of(4), []);
  assert.deepEqual([...counted.users], [0, 2, 2, 3, 0]);
  assert.deepEqual([...counted.totals], [3, 1, 1, 0]);
});

test('cosine: c / √(users · instances), added up over the items of the user', () => {
  const scores = cooccurrenceScores(counted, sequences[4], { item: 0.5, label: 0.5, shrink: 0 });
  const cosine = (c: number, users: number, total: number) => c / Math.sqrt(users * total);
  const expected = [cosine(2, 2, 3) + cosine(1, 2, 3), cosine(1, 2, 1) + cosine(1, 2, 1), cosine(1, 2, 1), 0];
  assertClose(scores, expected, 1e-6);
});

test('conditional probability: the share of an item’s users who have the label', () => {
  const scores = cooccurrenceScores(counted, Int32Array.of(3), { item: 1, label: 0, shrink: 0 });
  assertClose(scores, [2 / 3, 0, 1 / 3, 0], 1e-6);
});

test('shrinking counts that many users more for each item', () => {
  const scores = cooccurrenceScores(counted, Int32Array.of(3), { item: 1, label: 0, shrink: 5 });
  assertClose(scores, [2 / 8, 0, 1 / 8, 0], 1e-6);
});

test('a repeated item of the user counts once, and an unknown one gives nothing', () => {
  const similarity = { item: 1, label: 0, shrink: 0 };
  assert.deepEqual(
    cooccurrenceScores(counted, Int32Array.of(3, 3, 4), similarity),
    cooccurrenceScores(counted, Int32Array.of(3), similarity),
  );
});
