import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../lib/data/tasks/tasks';
import { tf } from '../../lib/engine/native';
import { Program } from '../../lib/engine/program/program';
import type { Weight } from '../../lib/engine/weights';
import {
  type Classified,
  distanceOf,
  metricsOf,
  type Outcome,
  outcomes,
  SCORED_ROWS,
  scoreUsers,
  scoringOn,
} from '../../lib/training/evaluate';
import { atOnce } from '../../lib/training/parts';
import { taskWith } from '../data/tasks/taskWith';
import { shapeOf } from '../model/tinyModel';

/** Scores of user 0 for four labels; his known targets are 0 and 3. */
const scores = new Map([[0, Float32Array.of(5, 9, 1, 7)]]);

const ranksOf = (task: Task, instances: number[], rows = scores) =>
  atOnce(outcomes(task, instances, rows, 1)).map((one) => one.kind === 'ranked' && [one.rank, one.fullRank]);

test('competitors are 99 labels that are no known target of the user, or the given ones; the pool is all such labels', () => {
  const split = { train: [], valid: [], test: [0] };
  const given = { ...taskWith(4, [[3]]), given: { split, negatives: [Int32Array.of(2, 0)] } };
  const allEqual = new Map([[0, new Float32Array(300)]]);
  const label0CompetesWith1And2 = ranksOf(taskWith(4, [[0, 3]]), [0, 1]);
  assert.deepEqual(label0CompetesWith1And2.flat(), [2, 2, 2, 2]);
  assert.deepEqual(ranksOf(given, [0]).flat(), [1, 2]);
  assert.deepEqual(ranksOf(taskWith(300, [[0, 1]]), [0], allEqual).flat(), [100, 299]);
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

const ranked = (rank: number, fullRank: number): Outcome => ({ kind: 'ranked', instance: 0, rank, fullRank });

test('the predicted class is the first of the highest score; far from right is the log-loss of the odds, or log rank', () => {
  const task: Task = { ...taskWith(4, [[1], [2]]), kind: 'classify' };
  const row = Float32Array.of(700, 700 + Math.LN2, 700, 700 + Math.LN2); // odds 1 : 2 : 1 : 2; large scores overflow nothing
  const found = atOnce(outcomes(task, [0, 1], new Map([0, 1].map((user) => [user, row])), 1));
  assert.ok(found.every((outcome) => (outcome as Classified).predicted === 1));
  assert.ok(Math.abs(distanceOf(found) - (Math.log(3) + Math.log(6)) / 2) < 1e-4);
  assert.equal(distanceOf([ranked(1, 1), ranked(100, 100)]), Math.log(100) / 2);
});

test('recommendation is measured among 1 + 99 and in the whole pool', () => {
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

/** A program whose score of label t is the id at position t. */
function echo(width: number) {
  const weights: { w: Weight } = { w: { shape: [], values: Float32Array.of(0) } };
  const ids = { dtype: 'int32', shape: [SCORED_ROWS, width] } as const;
  return Program.compile(weights, {
    [scoringOn(2)]: {
      inputs: { ids },
      outputs: ({ w }, { ids }) => ({ scores: tf.add(tf.cast(ids, 'float32'), w) }),
    },
  });
}

test('every user gets the scores of his own sequence, over more users than are scored at once', () => {
  const users = Array.from({ length: SCORED_ROWS + 6 }, (_, user) => user);
  const task = taskWith(3, []);
  const source = { ...task.source, sequences: users.map((user) => Int32Array.of(user, user + 1)) };
  const program = echo(3);
  const of = { task: { ...task, source }, model: { shape: shapeOf('causal') } };
  const found = atOnce(scoreUsers(program, of, [5, ...users]));
  program.dispose();
  assert.equal(found.size, users.length);
  for (const user of users) assert.deepEqual(found.get(user), Float32Array.of(user, user + 1, 7));
});
