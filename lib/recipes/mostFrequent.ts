import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import { atOnce, type Parts } from '../parts';
import { outcomesOf, type TaskOutcomes } from '../training/fitTask';

/** LabelCS and item popularity: every user gets the labels by their count in the training part. */
export function mostFrequent(task: Task, seed: number): TaskOutcomes {
  const counts = new Float32Array(task.labels.length);
  for (const i of splitInstances(task, seed).train) counts[task.instances[i].label]++;
  function* scoresOf(users: readonly number[]): Parts<Map<number, Float32Array>> {
    yield;
    return new Map(users.map((user) => [user, counts]));
  }
  return atOnce(outcomesOf(task, seed, scoresOf));
}
