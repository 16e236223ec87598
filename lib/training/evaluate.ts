/** Letters: E rows scored at once, |Y| labels. */

import { mean } from 'simple-statistics';
import { evaluationNegatives } from '../data/tasks/negatives';
import { bucketOf } from '../data/tasks/sequences';
import type { Task } from '../data/tasks/tasks';
import type { Batch, Program } from '../engine/program/program';
import { accuracy, macroAuc, macroF1 } from '../metrics/classification';
import type { Metrics } from '../metrics/metrics';
import { hitRate, ndcg, rankOf, reciprocalRank } from '../metrics/ranking';
import { userIds } from '../model/userModel';
import type { Parts } from './parts';
import type { TaskModel } from './taskInputs';

/** Rows of a scoring batch, and instances that are ranked between yields to the event loop. */
export const SCORED_ROWS = 64;

/** Ranks among the label and its negatives (99, fewer, or a split file's), and among all but other known targets. */
type Ranked = {
  readonly kind: 'ranked';
  readonly instance: number;
  readonly rank: number;
  readonly fullRank: number;
};
export type Classified = {
  readonly kind: 'classified';
  readonly instance: number;
  readonly predicted: number;
  /** p of each class, the softmax of the scores. */
  readonly probabilities: readonly number[];
  /** −log p of the instance's class. */
  readonly logLoss: number;
};
export type Outcome = Ranked | Classified;

/** The indices in order, E at once; the last batch is filled up with its first index and says how many count. */
export function* orderedBatches(indices: readonly number[]): Generator<{ indices: number[]; count: number }> {
  for (let start = 0; start < indices.length; start += SCORED_ROWS) {
    const part = indices.slice(start, start + SCORED_ROWS);
    const filler = Array.from({ length: SCORED_ROWS - part.length }, () => part[0]);
    yield { indices: [...part, ...filler], count: part.length };
  }
}

/** Scores [|Y|] of each of the users, each scored once; `batchOf` makes the batch of E users that a scoring signature takes. */
export function* scoreBatches<W>(
  program: Program<W>,
  signature: string,
  users: readonly number[],
  batchOf: (users: readonly number[]) => Batch,
): Parts<Map<number, Float32Array>> {
  const scores = new Map<number, Float32Array>();
  for (const { indices, count } of orderedBatches([...new Set(users)])) {
    const rows = program.run(signature, batchOf(indices)).scores; // [E, |Y|]
    const width = rows.length / SCORED_ROWS;
    for (let i = 0; i < count; i++) scores.set(indices[i], rows.slice(i * width, (i + 1) * width));
    yield;
  }
  return scores;
}

/** The signature that scores users by source sequences of one length. */
export const scoringOn = (length: number) => `score-${length}`;

/**
 * Scores [|Y|] of users of a task, in batches of the shortest of `lengths` (absent: the source's) that holds
 * a user's sequence.
 * `completed` adds further inputs to a batch of users whose sequences have that length.
 */
export function* scoreUsers<W>(
  program: Program<W>,
  { task, model, lengths = [task.source.length] }: TaskModel & { readonly lengths?: readonly number[] },
  users: readonly number[],
  completed: (length: number, users: readonly number[], batch: Batch) => Batch = (_l, _u, batch) => batch,
): Parts<Map<number, Float32Array>> {
  const { sequences } = task.source;
  const of = (length: number) => users.filter((user) => bucketOf(sequences[user], lengths) === length);
  const scores = new Map<number, Float32Array>();
  for (const length of lengths) {
    const found = yield* scoreBatches(program, scoringOn(length), of(length), (chosen) => {
      const read = chosen.map((user) => sequences[user]);
      return completed(length, chosen, { ids: userIds(read, model, length) });
    });
    for (const [user, row] of found) scores.set(user, row);
  }
  return scores;
}

/** The outcome of each instance from the scores of its user. Negatives depend on the seed, not on the model. */
export function* outcomes(
  task: Task,
  instances: readonly number[],
  scores: ReadonlyMap<number, Float32Array>,
  seed: number,
): Parts<Outcome[]> {
  const negatives = task.kind === 'recommend' ? evaluationNegatives(task, instances, seed) : [];
  const found: Outcome[] = [];
  for (const [i, instance] of instances.entries()) {
    const row = scores.get(task.instances[instance].user) as Float32Array;
    found.push(outcome(task, instance, row, negatives[i]));
    if (found.length % SCORED_ROWS === 0) yield;
  }
  return found;
}

/** The outcome of an instance from a row of scores [|Y|]. */
function outcome(task: Task, instance: number, row: Float32Array, negatives: ArrayLike<number>): Outcome {
  const { user, label } = task.instances[instance];
  if (task.kind === 'classify') return { kind: 'classified', instance, ...classified(row, label) };
  const rankAmong = (others: ArrayLike<number>) =>
    rankOf(
      row[label],
      Float32Array.from(others, (y) => row[y]),
    );
  const known = task.known[user].filter((y) => y !== label);
  // The row holds the label itself.
  const fullRank = rankOf(row[label], row) - 1 - (rankAmong(known) - 1);
  return { kind: 'ranked', instance, rank: rankAmong(negatives), fullRank };
}

/** The class of the highest score in a row [|Y|], its softmax, and the cross-entropy of the label. */
function classified(row: Float32Array, label: number) {
  const highest = Math.max(...row);
  const odds = Array.from(row, (score) => Math.exp(score - highest));
  const sum = odds.reduce((total, one) => total + one, 0);
  return {
    predicted: row.indexOf(highest),
    probabilities: odds.map((one) => one / sum),
    logLoss: Math.log(sum) + highest - row[label],
  };
}

/** Mean −log p of the class, or mean log rank among 1 + 99: falls before a class changes or an item enters the top five. */
export const distanceOf = (found: readonly Outcome[]): number =>
  mean(found.map((outcome) => (outcome.kind === 'classified' ? outcome.logLoss : Math.log(outcome.rank))));

/** The metrics of a task's kind; none without instances. */
export function metricsOf(task: Task, found: readonly Outcome[]): Metrics {
  if (found.length === 0) return {};
  if (task.kind === 'classify') {
    const outcomes = found as readonly Classified[];
    const predicted = outcomes.map((outcome) => outcome.predicted);
    const probabilities = outcomes.map((outcome) => outcome.probabilities);
    const actual = found.map(({ instance }) => task.instances[instance].label);
    const auc = macroAuc(probabilities, actual, task.labels.length);
    return {
      Acc: accuracy(predicted, actual),
      MacroF1: macroF1(predicted, actual, task.labels.length),
      ...(auc === undefined ? {} : { AUC: auc }),
      LogLoss: mean(outcomes.map((outcome) => outcome.logLoss)),
    };
  }
  const ranks = found.map((outcome) => (outcome as Ranked).rank);
  const fullRanks = found.map((outcome) => (outcome as Ranked).fullRank);
  return {
    'HR@5': hitRate(ranks, 5),
    'MRR@5': reciprocalRank(ranks, 5),
    'NDCG@5': ndcg(ranks, 5),
    'HR@5/full': hitRate(fullRanks, 5),
    'MRR@5/full': reciprocalRank(fullRanks, 5),
  };
}
