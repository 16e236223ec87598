/** The most frequent labels. */
import { splitInstances } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import { outcomesOf, type TaskOutcomes } from '../../training/fitTask';
import { atOnce, type Parts } from '../../training/parts';
import type { CountingRecord } from '../records/record';
import { accountOfCounts } from './accounts';
import { measuredBy, type Recipe } from './recipe';

/**
 * LabelCS and item popularity: scores every user by the counts of the labels in the training part. A class's score is
 * log(count + 1), so that no probability is 0.
 */
export function mostFrequent(task: Task, seed: number): TaskOutcomes {
  const counts = new Float32Array(task.labels.length);
  for (const i of splitInstances(task, seed).train) counts[task.instances[i].label]++;
  const scores = task.kind === 'classify' ? counts.map((count) => Math.log(count + 1)) : counts;
  function* scoresOf(users: readonly number[]): Parts<Map<number, Float32Array>> {
    yield;
    return new Map(users.map((user) => [user, scores]));
  }
  return atOnce(outcomesOf(task, seed, scoresOf));
}

/** Counts, and takes no step. */
export const countingRecipe = (_: CountingRecord, task: Task): Recipe<TaskOutcomes> => ({
  steps: 0,
  run: async (seed) => mostFrequent(task, seed),
  measure: (found, seconds) => {
    const parameters = accountOfCounts(task.labels.length);
    return { ...measuredBy(task, found), parameters, curve: [], stoppedAt: 0, seconds };
  },
  dispose: () => {},
});
