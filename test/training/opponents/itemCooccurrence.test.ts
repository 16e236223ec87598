import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../lib/data/tasks/tasks';
import {
  cooccurrenceScores,
  countCooccurrence,
  countsKept,
} from '../../../lib/training/opponents/itemCooccurrence';
import { taskWith } from '../../data/tasks/taskWith';
import { assertClose } from '../../engine/bothWays';

/** Four training users and a fifth that is tested; items 1 to 4, labels 0 to 3. */
const sequences = [[1, 2, 1], [1, 3], [2, 3], [3], [1, 2, 4]].map((items) => Int32Array.from(items));
const made = taskWith(4, [[0, 1], [0], [2], [0], [3]]);
const task: Task = { ...made, source: { ...made.source, items: ['a', 'b', 'c', 'd'], sequences } };
const counted = countCooccurrence(task, [0, 1, 2, 3, 4]);

test('co-occurrence counts training instances by item and label, a repeated item once, and stores all that scoring reads', () => {
  const of = (item: number) => {
    const [from, to] = [counted.starts[item], counted.starts[item + 1]];
    return [...counted.labels.subarray(from, to)].map((label, i) => `${label}: ${counted.counts[from + i]}`);
  };
  assert.deepEqual([1, 2, 3, 4].map(of), [['0: 2', '1: 1'], ['0: 1', '1: 1', '2: 1'], ['0: 2', '2: 1'], []]);
  assert.deepEqual([...counted.users], [0, 2, 2, 3, 0]);
  assert.deepEqual([...counted.totals], [3, 1, 1, 0]);
  // Seven pairs of item and label with a count each, and starts, users (padding too) and totals.
  assert.equal(countsKept(counted), 7 + 7 + 6 + 5 + 4);
});

test('cosine: c / √(users · instances), added up over the items of the user', () => {
  const scores = cooccurrenceScores(counted, sequences[4], { item: 0.5, label: 0.5, shrink: 0 });
  const cosine = (c: number, users: number, total: number) => c / Math.sqrt(users * total);
  const expected = [cosine(2, 2, 3) + cosine(1, 2, 3), cosine(1, 2, 1) + cosine(1, 2, 1), cosine(1, 2, 1), 0];
  assertClose(scores, expected, 1e-6);
});

test('conditional probability: the share of an item’s users who have the label; shrinking adds that many users', () => {
  const of = (shrink: number, ...items: number[]) =>
    cooccurrenceScores(counted, Int32Array.from(items), { item: 1, label: 0, shrink });
  assertClose(of(0, 3), [2 / 3, 0, 1 / 3, 0], 1e-6);
  assertClose(of(5, 3), [2 / 8, 0, 1 / 8, 0], 1e-6);
  assert.deepEqual(of(0, 3, 3, 4), of(0, 3), 'a repeated item counts once, an unknown one gives nothing');
});
