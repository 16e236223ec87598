import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/random';
import {
  instanceBatch,
  nextItemBatch,
  orderedBatches,
  shuffledBatches,
  userIds,
} from '../../lib/training/batches';
import { taskWith } from '../datasets/taskWith';
import { shapeOf } from '../model/tinyModel';

/** The first `count` batches. */
function take(batches: Generator<number[], never>, count: number): number[][] {
  return Array.from({ length: count }, () => batches.next().value);
}

test('a pass takes each index once, and a batch may straddle two passes', () => {
  const batches = take(shuffledBatches([10, 20, 30, 40, 50], 3, random(1, 'order')), 5);
  assert.ok(batches.every((batch) => batch.length === 3));
  const flat = batches.flat();
  for (const start of [0, 5, 10]) {
    assert.deepEqual(flat.slice(start, start + 5).sort(), [10, 20, 30, 40, 50]);
  }
});

test('each pass has its own order, the same for the same seed', () => {
  const indices = Array.from({ length: 20 }, (_, i) => i);
  const passes = (seed: number) => take(shuffledBatches(indices, 20, random(seed, 'order')), 2);
  const [first, second] = passes(1);
  assert.notDeepEqual(first, second);
  assert.notDeepEqual(first, indices);
  assert.deepEqual(passes(1), [first, second]);
});

test('fewer instances than a batch holds come more than once', () => {
  const [batch] = take(shuffledBatches([7, 8], 5, random(1, 'order')), 1);
  assert.deepEqual(batch.slice(0, 4).sort(), [7, 7, 8, 8]);
  assert.equal(batch.length, 5);
});

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
  const task = { ...taskWith(5, [[1], [2]]) };
  const source = { ...task.source, sequences: [Int32Array.of(4), Int32Array.of(1, 2, 3, 4)], length: 3 };
  const ids = (direction: 'causal' | 'non-causal') => [
    ...userIds({ ...task, source }, [1, 0], shapeOf(direction)),
  ];
  assert.deepEqual(ids('causal'), [2, 3, 4, 7, 0, 0, 4, 7]);
  assert.deepEqual(ids('non-causal'), [7, 2, 3, 4, 7, 7, 0, 0, 4, 7]);
});

test('a recommendation batch has a user, a label and another label for each instance', () => {
  const task = taskWith(3, [[0, 2], [1]]);
  const draw = (seed: number) => instanceBatch(task, [2, 0, 1], shapeOf('causal'), random(seed, 'negatives'));
  const { ids, labels, negatives } = draw(1);
  assert.deepEqual([...ids], [1, 2, 7, 1, 2, 7, 1, 2, 7]);
  assert.deepEqual([...labels], [1, 0, 2]);
  assert.ok(negatives.every((negative, i) => negative !== labels[i] && negative >= 0 && negative < 3));
  assert.deepEqual(draw(1), { ids, labels, negatives });
});

test('training negatives are uniform over all labels but the instance’s own', () => {
  const task = taskWith(3, [[0, 2]]);
  const stream = random(1, 'negatives');
  const drawn = Array.from(
    { length: 300 },
    () => instanceBatch(task, [0], shapeOf('causal'), stream).negatives[0],
  );
  const twos = drawn.filter((label) => label === 2).length;
  assert.ok(drawn.every((label) => label === 1 || label === 2));
  // The user's other known target, 2, is drawn too. 150 ± 3 standard deviations of √75.
  assert.ok(twos > 124 && twos < 176, `${twos}`);
});

test('a classification batch has no negatives', () => {
  const task = { ...taskWith(3, [[0], [1]]), kind: 'classify' as const };
  const batch = instanceBatch(task, [1, 0], shapeOf('causal'), random(1, 'negatives'));
  assert.deepEqual(Object.keys(batch), ['ids', 'labels']);
  assert.deepEqual([...batch.labels], [1, 0]);
});
