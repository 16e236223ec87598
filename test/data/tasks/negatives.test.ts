import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, permutation, random } from '../../../lib/base/random';
import { evaluationNegatives } from '../../../lib/data/tasks/negatives';
import { taskWith } from './taskWith';

test('negatives are 99 distinct labels, never a known target of the user', () => {
  const stream = random(0, 'test');
  const known = Array.from({ length: 200 }, () => permutation(150, stream).slice(0, 1 + below(60, stream)));
  const task = taskWith(150, known);
  const all = task.instances.map((_, i) => i);
  evaluationNegatives(task, all, 1).forEach((negatives, i) => {
    const own = known[task.instances[i].user];
    assert.equal(negatives.length, Math.min(99, 150 - own.length));
    assert.equal(new Set(negatives).size, negatives.length);
    assert.ok(negatives.every((label) => label >= 0 && label < 150 && !own.includes(label)));
  });
});

test('where fewer than 99 remain, all of them are negatives', () => {
  const task = taskWith(6, [[4, 0, 1]]);
  for (const negatives of evaluationNegatives(task, [0, 1, 2], 1))
    assert.deepEqual([...negatives].sort(), [2, 3, 5]);
});

test('every label that is not known is drawn about equally often', () => {
  const task = taskWith(198 + 2, new Array(1000).fill([0, 100]));
  const counts = new Array<number>(200).fill(0);
  const one = task.instances.map((_, i) => i);
  for (const negatives of evaluationNegatives(task, one, 1)) for (const label of negatives) counts[label]++;
  // 2,000 instances draw each of 198 labels with probability 1/2: 1,000 times, standard deviation 22
  for (const [label, count] of counts.entries())
    assert.ok(Math.abs(count - (label % 100 === 0 ? 0 : 1000)) < 5 * 22, `${label} ${count}`);
});

test('negatives depend on seed, user and label, not on what is asked for together', () => {
  const task = taskWith(500, [[1, 2], [3], [1]]);
  const together = evaluationNegatives(task, [0, 1, 2, 3], 1);
  assert.deepEqual(evaluationNegatives(task, [2], 1)[0], together[2]);
  assert.deepEqual(evaluationNegatives(task, [3, 0], 1), [together[3], together[0]]);
  assert.notDeepEqual(together[0], together[1]);
  assert.notDeepEqual(together[0], together[3]);
  assert.notDeepEqual(evaluationNegatives(task, [2], 2)[0], together[2]);
});
