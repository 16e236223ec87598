import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/random';
import {
  instanceBatch,
  maskedItemBatch,
  nextItemBatch,
  orderedBatches,
  userIds,
} from '../../lib/training/batches';
import { taskWith } from '../datasets/taskWith';
import { shapeOf } from '../model/tinyModel';

test('in order, the last batch is filled up with its first index and says how many count', () => {
  assert.deepEqual(
    [...orderedBatches([5, 6, 7, 8, 9], 3)],
    [
      { indices: [5, 6, 7], count: 3 },
      { indices: [8, 9, 8], count: 2 },
    ],
  );
  assert.deepEqual([...orderedBatches([], 3)], []);
});

test('after each item comes the next one; padding is no label and weighs nothing', () => {
  const sequences = [Int32Array.of(3, 1), Int32Array.of(9, 2, 4, 1, 5)];
  const batch = nextItemBatch(sequences, 4);
  assert.deepEqual([...batch.ids], [0, 0, 3, 2, 4, 1]);
  // Row x − 1 of the softmax table is item x.
  assert.deepEqual([...batch.labels], [0, 2, 0, 3, 0, 4]);
  assert.deepEqual([...batch.weights], [0, 1, 1, 1, 1, 1]);
});

test('a user is a padded sequence that ends in [TCL]', () => {
  const sequences = [Int32Array.of(1, 2, 3, 4), Int32Array.of(4)];
  const ids = (direction: 'causal' | 'non-causal') => [...userIds(sequences, shapeOf(direction), 3)];
  assert.deepEqual(ids('causal'), [2, 3, 4, 7, 0, 0, 4, 7]);
  assert.deepEqual(ids('non-causal'), [7, 2, 3, 4, 7, 7, 0, 0, 4, 7]);
});

test('for the sum of all states a user is a padded sequence without a token', () => {
  const sequences = [Int32Array.of(1, 2, 3, 4), Int32Array.of(4)];
  assert.deepEqual([...userIds(sequences, shapeOf('non-causal'), 3, 'sum')], [2, 3, 4, 0, 0, 4]);
});

test('masked items are the labels of their places; a short sequence has fewer, the rest weighs nothing', () => {
  const sequences = [Int32Array.of(5, 2, 4, 1, 6), Int32Array.of(3)];
  const shape = shapeOf('non-causal');
  const { ids, positions, labels, weights } = maskedItemBatch(
    sequences,
    shape,
    5,
    'paper',
    random(1, 'masks'),
  );
  assert.deepEqual([...weights], [1, 1, 1, 0]);
  assert.deepEqual([...ids].slice(5), [0, 0, 0, 0, 8]);
  assert.deepEqual([positions[2], positions[3], labels[2], labels[3]], [4, 0, 2, 0]);
  const [first, second] = positions;
  assert.ok(first < second && second < 5);
  for (const [i, t] of [first, second].entries()) {
    assert.equal(ids[t], 8);
    assert.equal(labels[i], sequences[0][t] - 1);
  }
  assert.deepEqual(
    [...ids].slice(0, 5).filter((id) => id !== 8),
    [...sequences[0]].filter((_, t) => t !== first && t !== second),
  );
});

/** User 0 has labels 0 and 2, user 1 has label 1. */
const twoUsers = taskWith(3, [[0, 2], [1]]);
const room = { users: 3, labels: 5 };
const groups = [
  { user: 1, instances: [2] },
  { user: 0, instances: [0, 1] },
];
const draw = (seed: number) =>
  instanceBatch(twoUsers, groups, room, shapeOf('causal'), 2, random(seed, 'negatives'));

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

test('with one label for each user a batch is one row for each', () => {
  const single = [2, 0].map((i) => ({ user: twoUsers.instances[i].user, instances: [i] }));
  const full = { users: 2, labels: 2 };
  const batch = instanceBatch(twoUsers, single, full, shapeOf('causal'), 2, random(1, 'negatives'));
  assert.deepEqual([...batch.owner], [0, 1]);
  assert.deepEqual([...batch.labels], [1, 0]);
  assert.deepEqual([...batch.weights], [1, 1]);
});

test('training negatives are uniform over all labels but the instance’s own', () => {
  const task = taskWith(3, [[0, 2]]);
  const stream = random(1, 'negatives');
  const one = [{ user: 0, instances: [0] }];
  const drawn = Array.from(
    { length: 300 },
    () => instanceBatch(task, one, room, shapeOf('causal'), 2, stream).negatives[0],
  );
  const twos = drawn.filter((label) => label === 2).length;
  assert.ok(drawn.every((label) => label === 1 || label === 2));
  // The user's other known target, 2, is drawn too. 150 ± 3 standard deviations of √75.
  assert.ok(twos > 124 && twos < 176, `${twos}`);
});

test('without a stream to draw them from a batch has no negatives', () => {
  const batch = instanceBatch(twoUsers, groups, room, shapeOf('causal'), 2);
  assert.deepEqual(Object.keys(batch), ['ids', 'owner', 'labels', 'weights']);
});
