/** How long a task is trained for. */
import { carriesChoice, splitInstances } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import { batchIn, evaluationsIn, type Length, stepsIn } from '../methods/budgets';
import type { Preset } from '../methods/presets';

/** Steps and evaluations of a budget on a task at most, the same for every seed: all splits have the same sizes. */
export function courseOf(task: Task, budget: Length, { patience }: Pick<Preset, 'patience'>) {
  const split = splitInstances(task, 0);
  const batch = batchIn(budget, split.train.length);
  const batches = split.train.length / batch;
  const stopsEarly = carriesChoice(split);
  const steps = stepsIn(budget, batches, stopsEarly);
  const evaluations = Math.min(steps, evaluationsIn(budget, stopsEarly));
  return { passes: steps / batches, course: { batch, steps, evaluations, patience } };
}
