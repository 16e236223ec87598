import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../lib/data/tasks/tasks';
import { easeScores, easeWeights, normalEquations } from '../../../lib/training/opponents/ease';
import { taskWith } from '../../data/tasks/taskWith';
import { assertClose } from '../../engine/bothWays';

/** Three training users and a fourth that is tested; items 1 and 2, labels 0 and 1. */
const sequences = [[1, 2, 1], [1], [2], [2]].map((items) => Int32Array.from(items));
const made = taskWith(2, [[0], [0], [1], [1]]);
const task: Task = { ...made, source: { ...made.source, items: ['a', 'b'], sequences } };
const train = [0, 1, 2];

test('the normal equations count training users by items and labels, a repeated item once', () => {
  const { gram, cross } = normalEquations(task, train);
  assert.deepEqual([...gram], [2, 1, 1, 2]);
  assert.deepEqual([...cross], [2, 0, 1, 1]);
});

test('the ridge regression is solved: ([2 1; 1 2] + I)⁻¹ [2 0; 1 1] = [3 −1; −1 3] [2 0; 1 1] / 8', () => {
  const weights = easeWeights(task, train, 1);
  assertClose(weights, [5 / 8, -1 / 8, 1 / 8, 3 / 8], 1e-6);
  assertClose(easeScores(weights, Int32Array.of(0, 1, 2, 2), 2), [6 / 8, 2 / 8], 1e-6);
  assertClose(easeScores(weights, Int32Array.of(3), 2), [0, 0], 0);
});
