/** Results of runs, for notebooks, tables and claims. */
import { UserError } from '../../base/userError';
import type { TaskFacts } from '../../data/tasks/facts';
import { chooseTasks, type Wanted } from '../methods/chosenTasks';
import { distinct, identityOf, isSame, type Method } from '../methods/identity';
import { methodOf, type Result } from './document';

export type CompletedRun = {
  /** Where documents and the rows beside them lie. */
  readonly out: string;
  /** Of all tasks of the data set. */
  readonly tasks: readonly TaskFacts[];
  readonly results: readonly Result[];
  /** The documents of the trunks that the results start from. */
  readonly pretraining: readonly Result[];
};

/** The results on some of the tasks. */
export function completedOn(completed: CompletedRun, wanted: Wanted): CompletedRun {
  const names = chooseTasks(completed.tasks, wanted).tasks.map(({ name }) => name);
  return { ...completed, results: completed.results.filter(({ task }) => names.includes(task)) };
}

/** The documents of a method. */
export const resultsOf = (results: readonly Result[], method: Method): Result[] =>
  results.filter((result) => isSame(methodOf(result), method));

/** The documents of a method on a task, by seed. Throws a UserError if a seed occurs twice: the mean would count it twice. */
export function runsOf(results: readonly Result[], task: string, method: Method): Result[] {
  const runs = resultsOf(results, method).filter((result) => result.task === task);
  const seeds = runs.map(({ seed }) => seed);
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined)
    throw new UserError(`two results of ${identityOf(method)} on ${task} for seed ${twice}: expected one`);
  return runs.sort((a, b) => a.seed - b.seed);
}

/** The methods, then all others that ran, in order of occurrence. */
export const withOthers = (methods: readonly Method[], results: readonly Result[]): Method[] =>
  distinct([...methods, ...results.map(methodOf)]);
