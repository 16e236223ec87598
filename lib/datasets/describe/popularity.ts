import { hitRate, rankOf, reciprocalRank } from '../../metrics/ranking';
import { evaluationNegatives } from '../tasks/negatives';
import { splitInstances } from '../tasks/split';
import type { Task } from '../tasks/tasks';

/** What item popularity reaches on the test part of a recommendation task, in [0, 1]. */
export interface PopularityBaseline {
  /** Ranked among 1 + 99 items. */
  readonly 'HR@5': number;
  readonly 'MRR@5': number;
  /** Ranked among all items but the user's other known targets. */
  readonly 'HR@5/full': number;
  readonly 'MRR@5/full': number;
}

/** Ranks the test items of a seed by their count in its training part; an equal count is against the true item. */
export function popularityBaseline(task: Task, seed: number): PopularityBaseline {
  const { train, test } = splitInstances(task, seed);
  const counts = new Int32Array(task.labels.length);
  for (const index of train) counts[task.instances[index].label]++;
  const ascending = counts.slice().sort();
  const ranks = new Float64Array(test.length);
  const fullRanks = new Float64Array(test.length);
  test.forEach((index, i) => {
    const { user, label } = task.instances[index];
    const [negatives] = evaluationNegatives(task, [index], seed);
    const others = task.known[user].filter((other) => other !== label && counts[other] >= counts[label]);
    ranks[i] = rankOf(
      counts[label],
      negatives.map((negative) => counts[negative]),
    );
    fullRanks[i] = ascending.length - firstAtLeast(ascending, counts[label]) - others.length;
  });
  return {
    'HR@5': hitRate(ranks, 5),
    'MRR@5': reciprocalRank(ranks, 5),
    'HR@5/full': hitRate(fullRanks, 5),
    'MRR@5/full': reciprocalRank(fullRanks, 5),
  };
}

/** The first index of an ascending array whose value is at least `value`. */
function firstAtLeast(ascending: Int32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
