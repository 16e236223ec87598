import { hitRate, rankOf, reciprocalRank } from '../../metrics/ranking';
import { evaluationNegatives } from '../tasks/negatives';
import { splitInstances } from '../tasks/split';
import type { Task } from '../tasks/tasks';
import { countsOf } from './aggregates';

/**
 * Ranks the test items of a seed by their count in its training part, among 1 + 99 items, and among all but the user's
 * other known targets (`/full`); ties are against the true item.
 */
export function popularityMetrics(task: Task, seed: number) {
  const { train, test } = splitInstances(task, seed);
  const counts = countsOf([train.map((index) => task.instances[index].label)], task.labels.length);
  const ranked = counts.slice().sort();
  const below = new Map([...ranked.entries()].reverse().map(([rarer, count]) => [count, rarer]));
  const ranks = new Float64Array(test.length);
  const fullRanks = new Float64Array(test.length);
  for (const [i, index] of test.entries()) {
    const { user, label } = task.instances[index];
    const [negatives] = evaluationNegatives(task, [index], seed);
    const others = task.known[user].filter((other) => other !== label && counts[other] >= counts[label]);
    ranks[i] = rankOf(
      counts[label],
      negatives.map((negative) => counts[negative]),
    );
    fullRanks[i] = counts.length - (below.get(counts[label]) as number) - others.length;
  }
  return {
    'HR@5': hitRate(ranks, 5),
    'MRR@5': reciprocalRank(ranks, 5),
    'HR@5/full': hitRate(fullRanks, 5),
    'MRR@5/full': reciprocalRank(fullRanks, 5),
  };
}
