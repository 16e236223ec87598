import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../../lib/datasets/tasks/source';
import { splitInstances, splitSource, withTraining } from '../../../lib/datasets/tasks/split';

const task = { name: 'Videos', instances: new Array(943), given: undefined };
const source: Source = {
  name: 'Videos',
  items: [],
  users: new Array(943).fill('u'),
  sequences: [],
  preceding: [],
  length: 9,
};

test('943 instances are split 660, 28 and 255, disjoint and complete', () => {
  const { train, valid, test: rest } = splitInstances(task, 1);
  assert.deepEqual([train.length, valid.length, rest.length], [660, 28, 255]);
  assert.equal(new Set([...train, ...valid, ...rest]).size, 943);
});

test('943 source users are split 849 and 94, disjoint and complete', () => {
  const { train, valid } = splitSource(source, 1);
  assert.deepEqual([train.length, valid.length], [849, 94]);
  assert.equal(new Set([...train, ...valid]).size, 943);
});

test('the same seed gives the same split, another seed or task another one', () => {
  assert.deepEqual(splitInstances(task, 1), splitInstances(task, 1));
  assert.notDeepEqual(splitInstances(task, 1), splitInstances(task, 2));
  assert.notDeepEqual(splitInstances(task, 1), splitInstances({ ...task, name: 'Age' }, 1));
  assert.deepEqual(splitSource(source, 1), splitSource(source, 1));
  assert.notDeepEqual(splitSource(source, 1), splitSource(source, 2));
});

test('a split is at random: no part is a run of neighbours', () => {
  const { valid } = splitInstances(task, 1);
  const span = Math.max(...valid) - Math.min(...valid);
  assert.ok(span > 700, `28 of 943 random indices span ${span}`);
});

test('a given split stands whatever the seed', () => {
  const given = { split: { train: [2], valid: [1], test: [0] }, negatives: [] };
  assert.equal(splitInstances({ ...task, given }, 1), given.split);
  assert.equal(splitInstances({ ...task, given }, 2), given.split);
});

test('a tenth of 660 training instances is part of three tenths of them; validation and test stay', () => {
  const whole = splitInstances(task, 1);
  const [tenth, more] = [0.1, 0.3].map((share) => splitInstances(withTraining(task, share), 1));
  assert.deepEqual([tenth.train.length, more.train.length], [66, 198]);
  assert.deepEqual(more.train.slice(0, 66), tenth.train);
  assert.ok(more.train.every((i) => whole.train.includes(i)));
  for (const { valid, test: rest } of [tenth, more])
    assert.deepEqual([valid, rest], [whole.valid, whole.test]);
});

test('of a given split the seed chooses the share', () => {
  const given = { split: { train: [5, 6, 7, 8], valid: [1], test: [0] }, negatives: [] };
  const halves = [1, 2, 3, 4].map(
    (seed) => splitInstances(withTraining({ ...task, given }, 0.5), seed).train,
  );
  assert.ok(halves.every((half) => half.length === 2 && half.every((i) => given.split.train.includes(i))));
  assert.ok(new Set(halves.map(String)).size > 1);
});

test('a share of 0 or above 1 is refused', () => {
  for (const share of [0, 1.5, Number.NaN]) {
    assert.throws(() => withTraining(task, share), {
      message: `training ${share}: expected a share of the training instances, above 0 and at most 1`,
    });
  }
});
