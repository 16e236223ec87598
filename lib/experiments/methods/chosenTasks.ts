/** The tasks of a table, a figure or a claim, by the paper's names or by kind. */
import { UserError } from '../../base/userError';
import { paperTaskNames, paperTasks } from '../../data/paper/tasks';
import type { Task } from '../../data/tasks/tasks';

type Kind = Task['kind'];
type Named = Pick<Task, 'name' | 'kind'>;

/** All tasks, every task of a kind, or tasks by name: the paper's or the data set's own. */
export type Wanted = 'all' | Kind | readonly string[];

const PLURAL: Readonly<Record<Kind, string>> = {
  recommend: 'recommendation tasks',
  classify: 'profile tasks',
};
const list = new Intl.ListFormat('en');
const KINDS = ['recommend', 'classify'] as const;

export type Chosen<T> = {
  readonly tasks: readonly T[];
  /** A sentence for each kind of which tasks are missing. */
  readonly gaps: readonly string[];
};

/**
 * The wanted tasks of a data set. Where it has none of the wanted ones of a kind, all its tasks of that kind stand in. Throws a
 * UserError for a name that neither the data set nor the paper has.
 */
export function chooseTasks<T extends Named>(tasks: readonly T[], wanted: Wanted): Chosen<T> {
  if (wanted === 'all') return { tasks, gaps: [] };
  if (typeof wanted === 'string') {
    const found = tasks.filter(({ kind }) => kind === wanted);
    return { tasks: found, gaps: found.length > 0 ? [] : [`For want of ${PLURAL[wanted]}: left out.`] };
  }
  const named = wanted.map((name) => knownTask(tasks, name));
  const chosen = KINDS.map((kind) =>
    chooseOfKind(
      tasks.filter((task) => task.kind === kind),
      named.filter((task) => task.kind === kind).map(({ name }) => name),
    ),
  );
  const found = chosen.flatMap((choice) => choice.tasks);
  return { tasks: tasks.filter((task) => found.includes(task)), gaps: chosen.flatMap(({ gaps }) => gaps) };
}

/** A sentence on the paper's tasks that a data set lacks, if any. */
export function lackOf(tasks: readonly Named[]): readonly string[] {
  const lacking = paperTaskNames.filter((name) => !tasks.some((task) => task.name === name));
  return lacking.length === 0 ? [] : [`Of the paper’s tasks this data set lacks ${list.format(lacking)}.`];
}

function knownTask(tasks: readonly Named[], name: string): Named {
  const known = [...tasks, ...paperTasks];
  const found = known.find((task) => task.name === name);
  if (found) return found;
  const names = [...new Set(known.map((task) => task.name))];
  throw new UserError(`task ${name}: expected one of ${names.join(', ')}`);
}

function chooseOfKind<T extends Named>(tasks: readonly T[], wanted: readonly string[]): Chosen<T> {
  if (wanted.length === 0) return { tasks: [], gaps: [] };
  const named = tasks.filter(({ name }) => wanted.includes(name));
  const lacking = wanted.filter((name) => !named.some((task) => task.name === name));
  if (lacking.length === 0) return { tasks: named, gaps: [] };
  const standIns = named.length === 0 && tasks.length > 0;
  const instead = standIns ? `${list.format(tasks.map(({ name }) => name))} instead` : 'left out';
  return { tasks: standIns ? tasks : named, gaps: [`For want of ${list.format(lacking)}: ${instead}.`] };
}
