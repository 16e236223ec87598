import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../lib/data/tasks/tasks';
import { drawn, streamsOf } from '../../lib/training/inputs';
import type { BatchSize } from '../../lib/training/packing';
import { negatives, ownLabels, readUsers } from '../../lib/training/taskInputs';
import { taskWith } from '../data/tasks/taskWith';
import { shapeOf } from '../model/tinyModel';

/** User 0 has labels 0 and 2, user 1 has label 1. */
const twoUsers = taskWith(3, [[0, 2], [1]]);
const size = { users: 3, labels: 5 };
const groups = [
  { user: 1, instances: [2] },
  { user: 0, instances: [0, 1] },
];
const model = { shape: shapeOf('causal') };
const inputsOf = (task: Task, size: BatchSize) => [
  readUsers({ task, model }, size, 2),
  ownLabels(task, size),
  negatives(task, size),
];
const draw = (seed: number) => drawn(inputsOf(twoUsers, size), groups, streamsOf(seed, 'test'));

test('a batch has each user once, and for each label its user, a weight and another label', () => {
  const { ids, owner, labels, weights, negatives } = draw(1);
  assert.deepEqual([...ids], [1, 2, 7, 1, 2, 7, 0, 0, 7]);
  assert.deepEqual([...owner], [0, 1, 1, 0, 0]);
  assert.deepEqual([...labels], [1, 0, 2, 0, 0]);
  assert.deepEqual([...weights], [1, 1, 1, 0, 0]);
  assert.equal(negatives.length, 5);
  for (const i of [0, 1, 2]) {
    assert.ok(negatives[i] !== labels[i] && negatives[i] >= 0 && negatives[i] < 3);
  }
  assert.deepEqual(draw(1), { ids, owner, labels, weights, negatives });
});

test('training negatives are uniform over all labels but the instance’s own', () => {
  const task = taskWith(3, [[0, 2]]);
  const streams = streamsOf(1, 'test');
  const one = [{ user: 0, instances: [0] }];
  const found = Array.from({ length: 300 }, () => drawn(inputsOf(task, size), one, streams).negatives[0]);
  const twos = found.filter((label) => label === 2).length;
  assert.ok(found.every((label) => label === 1 || label === 2));
  // The user's other known target, 2, is drawn too. 150 ± 3 standard deviations of √75.
  assert.ok(twos > 124 && twos < 176, `${twos}`);
});
