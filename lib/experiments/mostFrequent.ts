import { splitInstances } from '../datasets/split';
import type { Task } from '../datasets/tasks';
import { type Outcome, outcomes } from '../training/evaluate';

/** LabelCS and item popularity: every user gets the labels by their count in the training part. */
export function mostFrequent(
  task: Task,
  seed: number,
): { readonly test: Outcome[]; readonly valid: Outcome[] } {
  const split = splitInstances(task, seed);
  const counts = new Float32Array(task.labels.length);
  for (const i of split.train) counts[task.instances[i].label]++;
  const scores = new Map(task.instances.map(({ user }) => [user, counts]));
  return {
    valid: outcomes(task, split.valid, scores, seed),
    test: outcomes(task, split.test, scores, seed),
  };
}
