import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLeakage } from '../../lib/datasets/leakage';
import { taskWith } from './taskWith';

const task = taskWith(4, [[0, 1], [2]]); // instances: u0 v0, u0 v1, u1 v2
const split = { train: [0], valid: [1], test: [2] };

test('a clean task passes', () => {
  checkLeakage(task, split, [1, 2], [Int32Array.of(2, 3), Int32Array.of(0, 1, 3)]);
});

const leaks: readonly (readonly [string, Parameters<typeof checkLeakage>, string])[] = [
  [
    'a target item in a source sequence',
    [{ ...task, source: { ...task.source, items: ['a', 'v3'] } }, split, [], []],
    'target item v3 in the source sequence of user u0; target item v3 in the source sequence of user u1',
  ],
  [
    'a pair in two parts of the split',
    [{ ...task, instances: [...task.instances, { user: 0, label: 1 }] }, { ...split, test: [2, 3] }, [], []],
    'user u0 label v1 in valid and test',
  ],
  [
    'an index in two parts of the split',
    [task, { ...split, test: [0, 2] }, [], []],
    'user u0 label v0 in train and test',
  ],
  [
    'a known target among the negatives',
    [task, split, [2, 1], [Int32Array.of(0, 3), Int32Array.of(2, 0)]],
    'negative v0 of user u0 label v1 is a known target',
  ],
];

for (const [leak, inputs, message] of leaks) {
  test(`${leak} is an error that names the rows`, () => {
    assert.throws(() => checkLeakage(...inputs), {
      name: 'UserError',
      message: `leakage in task Videos: ${message}`,
    });
  });
}

test('many leaks are named by the first five and a count', () => {
  const leaky = taskWith(
    1,
    Array.from({ length: 7 }, () => [0]),
  );
  const source = { ...leaky.source, items: ['a', 'v0'] };
  assert.throws(() => checkLeakage({ ...leaky, source }, split, [], []), /of user u4; 2 more$/);
});
