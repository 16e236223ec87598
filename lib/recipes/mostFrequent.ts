import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import { atOnce, type Parts } from '../parts';
import { outcomesOf, type TaskOutcomes } from '../training/fitTask';

/**
 * LabelCS and item popularity: every user gets the labels by their count in the training part. A class's score is the log of its
 * count and one more, so that its probability is its frequency and none is 0.
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
