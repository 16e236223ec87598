/** What claims can be decided with the test users that there are, said before anything is trained. */
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import { chooseTasks } from '../methods/chosenTasks';
import { EQUIVALENCE_MARGIN } from '../metrics/pairedTests';
import { leastDecided, usersForLikeness } from '../metrics/power';
import { claimCount, type Question } from './questions';

/** How many users each of so many seeds tests; splitting a large log takes a while, so each task is counted once. */
export type Testing = { readonly seeds: number; readonly usersOf: (task: Task) => number };

/** Of the first seed: the others test about as many. */
export function testingBy(seeds: readonly number[]): Testing {
  const counted = new Map<Task, number>();
  const count = (task: Task) =>
    new Set(splitInstances(task, seeds[0]).test.map((i) => task.source.users[task.instances[i].user])).size;
  const usersOf = (task: Task) => {
    const users = counted.get(task) ?? count(task);
    counted.set(task, users);
    return users;
  };
  return { seeds: seeds.length, usersOf };
}

/** The questions of one kind on each task, as many claims as they make. */
function asked(tasks: readonly Task[], questions: readonly Question[], kind: Question['kind']) {
  const on = questions
    .filter((question) => question.kind === kind)
    .flatMap((question) => chooseTasks(tasks, question.on ?? 'all').tasks);
  return [...new Set(on)];
}

const counted = (seeds: number) => `${seeds} seed${seeds === 1 ? '' : 's'}`;
const decimals = (value: number) => value.toFixed(3);

/**
 * What questions that are asked together can decide: a line of the least differences, and one for what is claimed to be alike.
 * Nothing where nothing is asked of these tasks.
 */
export function powerLines(
  tasks: readonly Task[],
  questions: readonly Question[],
  { seeds, usersOf }: Testing,
): string[] {
  const claims = claimCount(tasks, questions);
  const better = asked(tasks, questions, 'superiority').flatMap((task) => {
    const users = usersOf(task);
    const least = leastDecided({ metric: task.metric, users, seeds, claims });
    return least === undefined
      ? []
      : [`${decimals(least)} ${task.metric} on ${task.name} (${users.toLocaleString('en')} users)`];
  });
  const alike = asked(tasks, questions, 'equivalence').flatMap((task) => {
    const needed = usersForLikeness({ metric: task.metric, seeds, claims });
    if (needed === undefined) return [];
    const enough = Number.isFinite(needed) ? needed.toLocaleString('en') : 'none, with more seeds only';
    return [`${task.name} ${enough} (there are ${usersOf(task).toLocaleString('en')})`];
  });
  return [
    ...(better.length === 0
      ? []
      : [
          `${claims} claims, ${counted(seeds)}; a difference is decided with 80 % power from ${better.join(', ')} a seed on`,
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
