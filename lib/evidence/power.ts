/** What claims can be decided with the test users that there are, said before anything is trained. */
import { counted } from '../counted';
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import { chooseTasks } from '../methods/chosenTasks';
import { EQUIVALENCE_MARGIN } from '../metrics/pairedTests';
import { type Design, leastDecided, usersForLikeness } from '../metrics/power';
import { claimCount, type Question } from './questions';

/** How a task is tested: by so many seeds, on so many users each, on the same where its data set says which. */
export type Testing = (task: Task) => Required<Pick<Design, 'seeds' | 'users' | 'crossed'>>;

/** Users are those of the first seed: the others test about as many. Splitting a large log takes a while, so each task is split once. */
export function testingBy(seeds: readonly number[]): Testing {
  const known = new Map<Task, ReturnType<Testing>>();
  return (task) => {
    const { test } = known.has(task) ? { test: [] } : splitInstances(task, seeds[0]);
    const found = known.get(task) ?? {
      seeds: seeds.length,
      users: new Set(test.map((i) => task.source.users[task.instances[i].user])).size,
      crossed: task.given !== undefined || task.parts !== undefined,
    };
    known.set(task, found);
    return found;
  };
}

/** The questions of one kind on each task, as many claims as they make. */
function asked(tasks: readonly Task[], questions: readonly Question[], kind: Question['kind']) {
  const on = questions
    .filter((question) => question.kind === kind)
    .flatMap((question) => chooseTasks(tasks, question.on ?? 'all').tasks);
  return [...new Set(on)];
}

const decimals = (value: number) => value.toFixed(3);

/**
 * What questions that are asked together can decide: a line of the least differences, and one for what is claimed to be alike.
 * Nothing where nothing is asked of these tasks.
 */
export function powerLines(
  tasks: readonly Task[],
  questions: readonly Question[],
  testing: Testing,
): string[] {
  const claims = claimCount(tasks, questions);
  const better = asked(tasks, questions, 'superiority').flatMap((task) => {
    const own = testing(task);
    const least = leastDecided({ metric: task.metric, claims, ...own });
    if (least === undefined) return [];
    return [
      `${decimals(least)} ${task.metric} on ${task.name} (${own.users.toLocaleString('en')} users a seed)`,
    ];
  });
  const alike = asked(tasks, questions, 'equivalence').flatMap((task) => {
    const own = testing(task);
    const needed = usersForLikeness({ metric: task.metric, claims, ...own });
    if (needed === undefined) return [];
    const enough = Number.isFinite(needed) ? needed.toLocaleString('en') : 'none, with more seeds only';
    return [`${task.name} ${enough} (there are ${own.users.toLocaleString('en')})`];
  });
  const seeds = counted(Math.max(...tasks.map((task) => testing(task).seeds)), 'seed');
  return [
    ...(better.length === 0
      ? []
      : [
          `${counted(claims, 'claim')}, ${seeds}; a difference is decided with 80 % power from ${better.join(', ')} on`,
        ]),
    ...(alike.length === 0
      ? []
      : [
          `alike within ± ${EQUIVALENCE_MARGIN} can be shown from so many users a seed on: ${alike.join(', ')}`,
        ]),
  ];
}

/** The same for what notebooks ask, each line once under its question's name. */
export function powerOf(
  asks: readonly { readonly question: string; readonly together: readonly Question[] }[],
  tasks: readonly Task[],
  seeds: readonly number[],
): string[] {
  const testing = testingBy(seeds);
  const lines = asks.flatMap(({ question, together }) =>
    powerLines(tasks, together, testing).map((line) => `  ${question}: ${line}`),
  );
  return [...new Set(lines)];
}
