import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userIds } from '../../lib/model/userModel';
import { random } from '../../lib/random';
import { orderedBatches } from '../../lib/training/evaluate';
import { maskedItemBatch, nextItemBatch } from '../../lib/training/itemInputs';
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
  const items = { shape, length: 5, rule: 'paper' } as const;
  const { ids, positions, labels, weights } = maskedItemBatch(sequences, items, random(1, 'masks'));
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
