import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../lib/datasets/tasks/tasks';
import { atOnce } from '../../lib/parts';
import { tf } from '../../lib/tensorflow/native';
import { rankInPool } from '../../lib/tensorflow/ops/rank';
import { Program } from '../../lib/tensorflow/program/program';
import type { Weight } from '../../lib/tensorflow/weights';
import {
  type Classified,
  distanceOf,
  lastItemRank,
  lastItemRanks,
  metricsOf,
  type Outcome,
  outcomes,
  SCORED_ROWS,
  scoreUsers,
  scoringOn,
} from '../../lib/training/evaluate';
import { taskWith } from '../datasets/tasks/taskWith';
import { shapeOf } from '../model/tinyModel';

/** Scores of user 0 for four labels; his known targets are 0 and 3. */
const scores = new Map([[0, Float32Array.of(5, 9, 1, 7)]]);

test('a known target of the user is no competitor: label 0 competes with 1 and 2 only', () => {
  assert.deepEqual(atOnce(outcomes(taskWith(4, [[0, 3]]), [0, 1], scores, 1)), [
    { kind: 'ranked', instance: 0, rank: 2, fullRank: 2 },
    { kind: 'ranked', instance: 1, rank: 2, fullRank: 2 },
  ]);
});

test('given negatives are the only competitors, the whole pool stays all labels that are no known target', () => {
  const task: Task = {
    ...taskWith(4, [[3]]),
    given: { split: { train: [], valid: [], test: [0] }, negatives: [Int32Array.of(2, 0)] },
  };
  assert.deepEqual(atOnce(outcomes(task, [0], scores, 1)), [
    { kind: 'ranked', instance: 0, rank: 1, fullRank: 2 },
  ]);
});

test('there are 99 competitors where the pool is larger', () => {
  const labels = 300;
  const allEqual = new Map([[0, new Float32Array(labels)]]);
  const [found] = atOnce(outcomes(taskWith(labels, [[0, 1]]), [0], allEqual, 1));
  assert.deepEqual(found, { kind: 'ranked', instance: 0, rank: 100, fullRank: 299 });
});

test('the competitors depend on the seed, not on the model', () => {
  const task = taskWith(300, [[0]]);
  const rank = (seed: number, sign: 1 | -1) => {
    const row = Float32Array.from({ length: 300 }, (_, y) => sign * (y === 0 ? 150.5 : y));
    const [found] = atOnce(outcomes(task, [0], new Map([[0, row]]), seed));
    return found.kind === 'ranked' ? found.rank : 0;
  };
  // Reversing all scores turns r − 1 better competitors of 99 into 99 − (r − 1).
  assert.equal(rank(1, -1), 101 - rank(1, 1));
  assert.ok(new Set([1, 2, 3, 4].map((seed) => rank(seed, 1))).size > 1);
});

test('the predicted class is the one of the highest score, the first of equals', () => {
  const task: Task = { ...taskWith(4, [[1], [2]]), kind: 'classify' };
  const rows = new Map([
    [0, Float32Array.of(5, 9, 1, 7)],
    [1, Float32Array.of(2, 3, 3, 1)],
  ]);
  assert.deepEqual(
    atOnce(outcomes(task, [0, 1], rows, 1)).map((outcome) => (outcome as Classified).predicted),
    [1, 1],
  );
});

test('how far outcomes are from right: the log-loss of odds 1 : 2 : 1, and the log of ranks', () => {
  const task: Task = { ...taskWith(3, [[1], [2]]), kind: 'classify' };
  const row = Float32Array.of(700, 700 + Math.LN2, 700); // large scores overflow nothing
  const found = atOnce(outcomes(task, [0, 1], new Map([0, 1].map((user) => [user, row])), 1));
  assert.ok(Math.abs(distanceOf(found) - (Math.log(2) + Math.log(4)) / 2) < 1e-4);
  const ranked = (rank: number): Outcome => ({ kind: 'ranked', instance: 0, rank, fullRank: rank });
  assert.equal(distanceOf([ranked(1), ranked(100)]), Math.log(100) / 2);
});

test('recommendation is measured among 1 + 99 and in the whole pool', () => {
  const ranked = (rank: number, fullRank: number): Outcome => ({
    kind: 'ranked',
    instance: 0,
    rank,
    fullRank,
  });
  assert.deepEqual(metricsOf(taskWith(9, [[0]]), [ranked(1, 3), ranked(3, 6)]), {
    'HR@5': 1,
    'MRR@5': (1 + 1 / 3) / 2,
    'NDCG@5': (1 + 1 / 2) / 2,
    'HR@5/full': 1 / 2,
    'MRR@5/full': 1 / 6,
  });
});

test('classification is measured by accuracy, macro F1, AUC and log-loss', () => {
  const task: Task = { ...taskWith(2, [[0], [0], [1]]), kind: 'classify' };
  const found = [0, 1, 1].map(
    (predicted, instance): Outcome => ({
      ...{ kind: 'classified', instance, predicted, logLoss: instance / 2 },
      probabilities: [0.9 - instance / 10, 0.1 + instance / 10],
    }),
  );
  // F1 of class 0 is 2 · 1 / (2 + 1), that of class 1 is 2 · 1 / (1 + 2).
  // The one of class 1 has the highest probability of it: both areas are 1.
  assert.deepEqual(metricsOf(task, found), { Acc: 2 / 3, MacroF1: 2 / 3, AUC: 1, LogLoss: 0.5 });
  const alike = metricsOf(task, found.slice(0, 2));
  assert.equal('AUC' in alike, false, 'instances of one class have no area');
});

test('the last item of 2 1 3 ranks among all items by its score', () => {
  const rank = (...row: number[]) => lastItemRank(row, Int32Array.of(2, 1, 3));
  assert.equal(rank(0.1, 0.2, 0.9, 0.3), 1);
  assert.equal(rank(0.1, 0.4, 0.2, 0.3), 3);
  assert.equal(rank(1, 1, 1, 1), 4);
});

/** A program whose score of label t is the id at position t. */
function echo(width: number) {
  const weights: { w: Weight } = { w: { shape: [], values: Float32Array.of(0) } };
  const ids = { dtype: 'int32', shape: [SCORED_ROWS, width] } as const;
  const scoresOf = (w: tf.Tensor, given: tf.Tensor) => tf.add(tf.cast(given, 'float32'), w);
  return Program.compile(weights, {
    [scoringOn(2)]: { inputs: { ids }, outputs: ({ w }, { ids }) => ({ scores: scoresOf(w, ids) }) },
    lastItem: {
      inputs: { ids, labels: { dtype: 'int32', shape: [SCORED_ROWS] } },
      outputs: ({ w }, { ids, labels }) => {
        const [table, offset] = [tf.eye(width), tf.zeros([width])]; // label t is row t of the table
        return { ranks: rankInPool({ h: scoresOf(w, ids), table, offset }, labels) };
      },
    },
  });
}

test('every user gets the scores of his own sequence, over more users than are scored at once', () => {
  const count = SCORED_ROWS + 6;
  const task = taskWith(
    3,
    Array.from({ length: count }, () => [0]),
  );
  const sequences = Array.from({ length: count }, (_, user) => Int32Array.of(user, user + 1));
  const program = echo(3);
  const users = [5, ...Array.from({ length: count }, (_, user) => user)];
  const found = atOnce(
    scoreUsers(
      program,
      { task: { ...task, source: { ...task.source, sequences } }, model: { shape: shapeOf('causal') } },
      users,
    ),
  );
  program.dispose();
  assert.equal(found.size, count);
  for (let user = 0; user < count; user++)
    assert.deepEqual([...(found.get(user) ?? [])], [user, user + 1, 7]);
});

test('the last item is predicted from the items before it only', () => {
  const sequences = [Int32Array.of(3, 2, 1), Int32Array.of(1, 3), Int32Array.of(9, 3, 1, 3)];
  const source = { ...taskWith(3, []).source, sequences, length: 4 };
  const program = echo(3);
  const ranks = atOnce(lastItemRanks(program, source, shapeOf('causal'), [2, 0, 1]));
  program.dispose();
  // Scores [9 3 1], [0 3 2] and [0 0 1] of the items 1 2 3; the last items are 3, 1 and 3.
  assert.deepEqual(ranks, [3, 3, 1]);
});

test('without a direction of time the last item is masked, and its place is predicted', () => {
  const sequences = [Int32Array.of(3, 2, 1), Int32Array.of(1, 3)];
  const source = { ...taskWith(3, []).source, sequences, length: 3 };
  const program = echo(3);
  const ranks = atOnce(lastItemRanks(program, source, { ...shapeOf('non-causal'), items: 3 }, [0, 1]));
  program.dispose();
  // [MASK] is 5: scores [3 2 5] and [0 1 5] of the items 1 2 3; the last items are 1 and 3.
  assert.deepEqual(ranks, [2, 1]);
});
