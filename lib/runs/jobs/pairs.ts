/** What planned experiments come to on a data set. */
import { isDeepStrictEqual } from 'node:util';
import type { Task } from '../../datasets/tasks/tasks';
import { chooseTasks } from '../../methods/chosenTasks';
import { requireDeclared } from '../../methods/declared';
import { drawsNegatives, type Experiment, type Planned } from '../../methods/experiment';
import { identityOf, requireMethod } from '../../methods/identity';
import { UserError } from '../../userError';

/** An experiment on a task. */
export type Pair = { readonly task: Task; readonly experiment: Experiment };

/**
 * Every experiment on every task that it is planned for, each pair once. Throws a UserError that names an experiment which
 * stands twice in one plan, of which something cannot be, or which another plan declares differently under the same identity.
 */
export function pairsOf(tasks: readonly Task[], planned: readonly Planned[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const { on, experiments } of planned) {
    requireEachOnce(experiments);
    for (const task of chooseTasks(tasks, on).tasks) {
      for (const experiment of experiments.filter((one) => isFor(task, one))) {
        const key = JSON.stringify([task.name, identityOf(experiment)]);
        const known = found.get(key);
        requireEffect(task, experiment);
        if (known) requireSame(known.experiment, experiment);
        else found.set(key, { task, experiment });
      }
    }
  }
  return [...found.values()];
}

/** The most frequent label has a name for each kind of task. */
const isFor = ({ kind }: Task, experiment: Experiment) =>
  experiment.kind !== 'most frequent' || experiment.of === kind;

function requireEachOnce(experiments: readonly Experiment[]): void {
  const seen = new Set<string>();
  for (const experiment of experiments) {
    requireMethod(experiment, 'experiments');
    requireDeclared(experiment);
    const identity = identityOf(experiment);
    if (seen.has(identity))
      throw new UserError(`${identity} stands twice among the experiments; expected each id once on a trunk`);
    seen.add(identity);
  }
}

/** What draws nothing would be another method in name alone. */
function requireEffect(task: Task, experiment: Experiment): void {
  if (experiment.kind !== 'fine-tuning' || !experiment.negatives || drawsNegatives(task, experiment)) return;
  throw new UserError(
    `${identityOf(experiment)} on ${task.name}: negatives ${experiment.negatives.name}: expected a loss that sets labels against ` +
      'negatives; this one sees all labels',
  );
}

function requireSame(one: Experiment, other: Experiment): void {
  if (!isDeepStrictEqual({ ...one, label: '' }, { ...other, label: '' }))
    throw new UserError(`${identityOf(one)} is declared in two ways; expected an id of its own for each`);
}
