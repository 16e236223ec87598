import type { Task } from '../datasets/tasks/tasks';
import { say } from '../notebook/show';

type Kind = Task['kind'];

/** The paper's tasks; a data set under other names has tasks of the same kinds. */
const KIND_OF = {
  'ColdRec-1': 'recommend',
  'ColdRec-2': 'recommend',
  GenEst: 'classify',
  AgeEst: 'classify',
  LifeEst: 'classify',
} as const satisfies Record<string, Kind>;

export type PaperTask = keyof typeof KIND_OF;

/** What a table or figure asks for: tasks of the paper by name, or every task of a kind. */
export type Wanted = readonly PaperTask[] | Kind;

const PLURAL: Readonly<Record<Kind, string>> = {
  recommend: 'recommendation tasks',
  classify: 'profile tasks',
};
const list = new Intl.ListFormat('en');

/**
 * The tasks of a data set that a table or figure is made of, and a sentence on each gap.
 * Where none of a kind's named tasks is there, all tasks of that kind stand in for them; there may be none of these either.
 */
export function chooseTasks<T extends Pick<Task, 'name' | 'kind'>>(
  tasks: readonly T[],
  wanted: Wanted,
): { readonly tasks: readonly T[]; readonly gaps: readonly string[] } {
  if (typeof wanted === 'string') {
    const found = tasks.filter(({ kind }) => kind === wanted);
    return {
      tasks: found,
      gaps: found.length > 0 ? [] : [`This data set lacks ${PLURAL[wanted]}: left out.`],
    };
  }
  const kinds = [...new Set(wanted.map((name) => KIND_OF[name]))];
  const chosen = kinds.map((kind) =>
    chooseOfKind(
      tasks.filter((task) => task.kind === kind),
      wanted.filter((name) => KIND_OF[name] === kind),
    ),
  );
  const found = chosen.flatMap(({ found }) => found);
  return { tasks: tasks.filter((task) => found.includes(task)), gaps: chosen.flatMap(({ gaps }) => gaps) };
}

function chooseOfKind<T extends Pick<Task, 'name'>>(tasks: readonly T[], wanted: readonly string[]) {
  const named = tasks.filter(({ name }) => wanted.includes(name));
  const lacking = wanted.filter((name) => !named.some((task) => task.name === name));
  const found = named.length > 0 ? named : tasks;
  if (lacking.length === 0) return { found, gaps: [] };
  const instead =
    found === tasks && tasks.length > 0
      ? `${list.format(tasks.map(({ name }) => name))} instead`
      : 'left out';
  return { found, gaps: [`This data set lacks ${list.format(lacking)}: ${instead}.`] };
}

/**
 * The tasks that a table or figure is made of; says below the cell what the data set lacks. In a notebook:
 *
 *     const tasks = tasksFor(bench, ['ColdRec-1', 'AgeEst']);
 *     const { results } = await run({ ...bench, tasks, experiments: insertions, onProgress: … });
 *
 * With `'classify'` or `'recommend'` in the place of names: all tasks of that kind. Where nothing is left the list is
 * empty, `run` gives no results, and the table or figure of them is left out.
 */
export function tasksFor({ tasks }: { readonly tasks: readonly Task[] }, wanted: Wanted): readonly Task[] {
  const chosen = chooseTasks(tasks, wanted);
  for (const gap of chosen.gaps) say(gap);
  return chosen.tasks;
}

/** Says below the cell which of the paper's tasks a data set lacks, for tables and figures of all tasks. */
export function sayWhatIsMissing({ tasks }: { readonly tasks: readonly Task[] }): void {
  const all = Object.keys(KIND_OF) as PaperTask[];
  for (const gap of chooseTasks(tasks, all).gaps) say(gap);
}
