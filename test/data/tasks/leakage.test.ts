import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireNoLeak } from '../../../lib/data/tasks/leakage';
import type { Split } from '../../../lib/data/tasks/split';
import type { Task } from '../../../lib/data/tasks/tasks';
import { taskWith } from './taskWith';

const clean = taskWith(4, [[0, 1], [2]]); // instances: u0 v0, u0 v1, u1 v2
const split = { train: [0], valid: [1], test: [2] };

/** The task with a given split, and with negatives by instance. */
const given = (task: Task, parts: Split, ...negatives: number[][]): Task => ({
  ...task,
  given: { split: parts, negatives: task.instances.map((_, i) => Int32Array.from(negatives[i] ?? [])) },
});
const withInstance = (user: number, label: number): Task => {
  return { ...clean, instances: [...clean.instances, { user, label }] };
};
/** A source whose items are one that is no target and the second target. */
const leaky = { ...clean.source, items: ['a', 'v3'] };
const pretraining = { ...leaky, users: ['p', 'q'], sequences: [[1], [1, 2]].map((s) => Int32Array.from(s)) };

test('a clean task passes; the same pair twice in one part is no leak', () => {
  requireNoLeak(clean, 1);
  requireNoLeak(given(clean, split, [], [2, 3], [0]), 1);
  requireNoLeak(given(withInstance(1, 2), { ...split, test: [2, 3] }), 1);
});

test('pairs are told apart by user and label, not by their sum or product', () => {
  const other = taskWith(4, [[3], [0], [1, 3]]); // numbered 3, 4, 9 and 11
  requireNoLeak(given(other, { train: [0, 2], valid: [1], test: [3] }), 1);
});

const leaks: readonly (readonly [leak: string, task: Task, rows: string])[] = [
  [
    'a target item in a source sequence',
    { ...clean, source: leaky },
    'target item v3 in the source sequence of user u0; target item v3 in the source sequence of user u1',
  ],
  [
    'a target item that only pre-training sees',
    { ...clean, source: { ...clean.source, before: pretraining } },
    'target item v3 in the source sequence of user q',
  ],
  [
    'a pair in two parts of the split',
    given(withInstance(0, 1), { ...split, test: [2, 3] }),
    'user u0 label v1 in valid and test',
  ],
  [
    'a user with a class in two parts of the split',
    given({ ...withInstance(1, 0), kind: 'classify' }, { train: [0, 1], valid: [2], test: [3] }),
    'user u1 label v0 in valid and test',
  ],
  [
    'a known target among the negatives',
    given(clean, split, [], [0], [3]),
    'negative v0 of user u0 label v1 is a known target',
  ],
];

for (const [leak, task, rows] of leaks) {
  test(`${leak} is an error that names the rows`, () => {
    const message = `leakage in task Videos: ${rows}`;
    assert.throws(() => requireNoLeak(task, 1), { name: 'UserError', message });
  });
}

test('many leaks are named by the first five and a count', () => {
  const many = taskWith(1, new Array(7).fill([0]));
  const task = { ...many, source: { ...many.source, items: ['a', 'v0'] } };
  assert.throws(() => requireNoLeak(task, 1), /of user u4; 2 more$/);
});
