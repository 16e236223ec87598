import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  requireDisjointParts,
  requireNoLeak,
  requireNoTargetInSource,
  requireUnknownNegatives,
} from '../../../lib/datasets/tasks/leakage';
import type { Split } from '../../../lib/datasets/tasks/split';
import { taskWith } from './taskWith';

const task = taskWith(4, [[0, 1], [2]]); // instances: u0 v0, u0 v1, u1 v2
const split = { train: [0], valid: [1], test: [2] };

test('a clean task passes every check', () => {
  requireNoTargetInSource(task.source, [task]);
  requireDisjointParts(task, split);
  requireUnknownNegatives(
    task,
    [1, 2],
    (index) => [Int32Array.of(), Int32Array.of(2, 3), Int32Array.of(0)][index],
  );
  requireNoLeak(task, 1);
});

/** A task whose source vocabulary is its second target item and one that is none. */
const leaky = { ...task, source: { ...task.source, items: ['a', 'v3'] } };
const pretrainedOn = {
  ...task.source,
  users: ['p', 'q'],
  items: ['v2', 'c'],
  sequences: [[2], [2, 1]].map((s) => Int32Array.from(s)),
};
const twice: Split = { train: [0], valid: [1], test: [2, 3] };

const leaks: readonly (readonly [string, () => void, string])[] = [
  [
    'a target item in a source sequence',
    () => requireNoTargetInSource(leaky.source, [leaky]),
    'target item v3 in the source sequence of user u0; target item v3 in the source sequence of user u1',
  ],
  [
    'a target item that only pre-training sees, in the sequence of a user without instances',
    () => requireNoTargetInSource(pretrainedOn, [task]),
    'target item v2 in the source sequence of user q',
  ],
  [
    'a pair in two parts of the split',
    () => requireDisjointParts({ ...task, instances: [...task.instances, { user: 0, label: 1 }] }, twice),
    'user u0 label v1 in valid and test',
  ],
  [
    'an instance in two parts of the split',
    () => requireDisjointParts(task, { ...split, test: [0, 2] }),
    'user u0 label v0 in train and test',
  ],
  [
    'a known target among the negatives',
    () => requireUnknownNegatives(task, [2, 1], (index) => Int32Array.of(index === 1 ? 0 : 3)),
    'negative v0 of user u0 label v1 is a known target',
  ],
];

for (const [leak, check, message] of leaks) {
  test(`${leak} is an error that names the rows`, () => {
    assert.throws(check, { name: 'UserError', message: `leakage in task Videos: ${message}` });
  });
}

test('all is checked of a task before a run, given negatives included', () => {
  assert.throws(() => requireNoLeak(leaky, 1), /target item v3/);
  const negatives = [[], [0], []].map((labels) => Int32Array.from(labels));
  assert.throws(
    () => requireNoLeak({ ...task, given: { split, negatives } }, 1),
    /negative v0 of user u0 label v1/,
  );
  const both = { train: [0, 1], valid: [1], test: [2] };
  const none = negatives.map(() => Int32Array.of());
  assert.throws(
    () => requireNoLeak({ ...task, given: { split: both, negatives: none } }, 1),
    /v1 in train and valid/,
  );
});

test('the same pair twice in one part is no leak', () => {
  requireDisjointParts({ ...task, instances: [...task.instances, { user: 1, label: 2 }] }, twice);
});

test('pairs are told apart by user and label, not by their sum or product', () => {
  const other = taskWith(4, [[3], [0], [1, 3]]); // numbered 3, 4, 9 and 11
  requireDisjointParts(other, { train: [0, 2], valid: [1], test: [3] });
});

test('many leaks are named by the first five and a count', () => {
  const many = taskWith(
    1,
    Array.from({ length: 7 }, () => [0]),
  );
  const source = { ...many.source, items: ['a', 'v0'] };
  assert.throws(() => requireNoTargetInSource(source, [many]), /of user u4; 2 more$/);
});
