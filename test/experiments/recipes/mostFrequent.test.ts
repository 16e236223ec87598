import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../lib/data/tasks/tasks';
import { mostFrequent } from '../../../lib/experiments/recipes/counting';
import type { Classified, Outcome } from '../../../lib/training/evaluate';
import { taskWith } from '../../data/tasks/taskWith';

/** Seven users with one of four labels each; the first four train: label 1 twice, 0 and 3 once, 2 never. */
const base = taskWith(4, [[1], [1], [0], [3], [2], [1], [3]]);
/** An instance and the class that it is taken for. */
const predictedOf = (outcome: Outcome) => [outcome.instance, (outcome as Classified).predicted];

const given = { split: { train: [0, 1, 2, 3], valid: [4], test: [5, 6] }, negatives: [] };

test('LabelCS predicts the most frequent label of the training part for everyone', () => {
  const task: Task = { ...base, kind: 'classify', given };
  const { valid, test: tested } = mostFrequent(task, 1);
  const predicted = [...valid, ...tested].map(predictedOf);
  assert.equal(predicted.join(' '), '4,1 5,1 6,1');
});

test('popularity ranks labels by their count in the training part, equal counts against the true one', () => {
  assert.deepEqual(mostFrequent({ ...base, given }, 1), {
    valid: [{ kind: 'ranked', instance: 4, rank: 4, fullRank: 4 }],
    test: [
      { kind: 'ranked', instance: 5, rank: 1, fullRank: 1 },
      { kind: 'ranked', instance: 6, rank: 3, fullRank: 3 },
    ],
  });
});

test('labels of validation and test do not count', () => {
  const moved = { ...given, split: { train: [4], valid: [], test: [0] } };
  const { test: tested } = mostFrequent({ ...base, kind: 'classify', given: moved }, 1);
  assert.deepEqual(tested.map(predictedOf), [[0, 2]]);
});
