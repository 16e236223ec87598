import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../../lib/data/tasks/source';
import { carriesChoice, splitInstances, splitSource, withTraining } from '../../../lib/data/tasks/split';

const task = { name: 'Videos', instances: new Array(943), given: undefined };
const users = new Array<string>(943).fill('u');
const source: Source = { name: 'Videos', items: [], users, sequences: [], preceding: [], length: 9 };

test('of 943 instances 255 are tested; 172 of the 660 to train on join the 28 to validate with', () => {
  const { train, valid, test: rest } = splitInstances(task, 1);
  assert.deepEqual([train.length, valid.length, rest.length], [488, 200, 255]);
  assert.equal(new Set([...train, ...valid, ...rest]).size, 943);
});

test('training instances join validation only where 3 % are too few, and never more than three tenths of them', () => {
  const sizes = (count: number) => {
    const { train, valid, test: rest } = splitInstances({ ...task, instances: new Array(count) }, 1);
    return [train.length, valid.length, rest.length];
  };
  assert.deepEqual(sizes(10_000), [7000, 300, 2700]);
  assert.deepEqual(sizes(2000), [1260, 200, 540]);
  assert.deepEqual(sizes(500), [350, 15, 135]);
});

test('a stop is chosen on 200 instances, not on 199', () => {
  const carries = [199, 200].map((count) => carriesChoice({ valid: new Array(count) }));
  assert.deepEqual(carries, [false, true]);
});

test('what is held out of the training part joins validation, and nothing is tested', () => {
  const whole = splitInstances(task, 1);
  const study = splitInstances({ ...task, heldOut: 0.25 }, 1);
  assert.deepEqual([study.train.length, study.valid.length, study.test.length], [366, 322, 0]);
  assert.ok(whole.test.every((i) => !study.train.includes(i) && !study.valid.includes(i)));
});

test('of the training part of a split file a random share is held out', () => {
  const train = Array.from({ length: 1000 }, (_, i) => i);
  const given = { split: { train, valid: [1000], test: [1001] }, negatives: [] };
  const heldOut = (seed: number) => splitInstances({ ...task, given, heldOut: 0.2 }, seed);
  const [one, other] = [1, 2].map(heldOut);
  assert.deepEqual([one.train.length, one.valid.length, one.test.length], [800, 201, 0]);
  assert.deepEqual(
    [...one.train, ...one.valid].sort((a, b) => a - b),
    [...train, 1000],
  );
  assert.ok(Math.min(...one.valid) < 50 && one.valid.join() !== other.valid.join());
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
  const { valid } = splitInstances({ ...task, instances: new Array(10_000) }, 1);
  const span = Math.max(...valid) - Math.min(...valid);
  assert.ok(span > 9000, `300 of 10,000 random indices span ${span}`);
});

test('a given split stands whatever the seed', () => {
  const given = { split: { train: [2], valid: [1], test: [0] }, negatives: [] };
  assert.equal(splitInstances({ ...task, given }, 1), given.split);
  assert.equal(splitInstances({ ...task, given }, 2), given.split);
});

test('a tenth of 488 training instances is part of three tenths of them; validation and test stay', () => {
  const whole = splitInstances(task, 1);
  const [tenth, more] = [0.1, 0.3].map((share) => splitInstances(withTraining(task, share), 1));
  assert.deepEqual([tenth.train.length, more.train.length], [49, 146]);
  assert.deepEqual(more.train.slice(0, 49), tenth.train);
  assert.ok(more.train.every((i) => whole.train.includes(i)));
  for (const { valid, test: rest } of [tenth, more])
    assert.deepEqual([valid, rest], [whole.valid, whole.test]);
});

test('of a given split the seed chooses the share', () => {
  const given = { split: { train: [5, 6, 7, 8], valid: [1], test: [0] }, negatives: [] };
  const half = withTraining({ ...task, given }, 0.5);
  const halves = [1, 2, 3, 4].map((seed) => splitInstances(half, seed).train);
  assert.ok(halves.every((half) => half.length === 2 && half.every((i) => given.split.train.includes(i))));
  assert.ok(new Set(halves.map(String)).size > 1);
});

test('a share of 0 or above 1 is refused', () => {
  for (const share of [0, 1.5, Number.NaN])
    assert.throws(() => withTraining(task, share), new RegExp(`training ${share}: `));
});
