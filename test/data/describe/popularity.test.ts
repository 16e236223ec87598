import assert from 'node:assert/strict';
import { test } from 'node:test';
import { popularityMetrics } from '../../../lib/data/describe/popularity';
import { taskWith } from '../tasks/taskWith';

/** Counts in the training part: v0 3, v1 2, v2 2, v3 1, v4 … v7 0. */
const TRAINING = [
  [0, 1],
  [0, 1],
  [0, 2],
  [2, 3],
];
const labels = (...ids: number[]) => Int32Array.from(ids);

/** HR@5 and MRR@5, then in the full pool, of test instances of one user each; `negatives` belong to them. */
function baselineOf(tested: readonly number[][], negatives: readonly Int32Array[]) {
  const task = taskWith(8, [...TRAINING, ...tested]);
  const train = Array.from({ length: 8 }, (_, i) => i);
  const test = tested.flat().map((_, i) => 8 + i);
  const given = {
    split: { train, valid: [], test },
    negatives: [...train.map(() => labels()), ...negatives],
  };
  return Object.values(popularityMetrics({ ...task, given }, 1));
}

test('popularity is ranked among the negatives and among all labels, ties against it', () => {
  // Among the negatives v1 (2) is behind v0 (3) and its tie v2: rank 3; among all labels too.
  assert.deepEqual(baselineOf([[1]], [labels(0, 2, 3, 4)]), [1, 1 / 3, 1, 1 / 3]);
  // v5 (0) is behind the four counted and its ties v4, v6 and v7: rank 8 of all, 2 against v4 alone.
  assert.deepEqual(baselineOf([[5]], [labels(4)]), [1, 1 / 2, 0, 0]);
});

test('the other known targets of a user are no competitors in the full pool', () => {
  // v3 (1) is behind v0, v1 and v2, of which the user knows v0: rank 3. v0 is first; v3 was never before it.
  assert.deepEqual(baselineOf([[3, 0]], [labels(4), labels(4)]), [1, 1, 1, (1 / 3 + 1) / 2]);
});

test('a mean is over test instances', () => {
  const [hr, mrr] = baselineOf([[0], [7]], [labels(1), labels(0, 1, 2, 3, 4, 5)]);
  assert.deepEqual([mrr, hr], [1 / 2, 1 / 2]);
});
