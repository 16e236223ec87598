/** What claims can be decided with the test users that there are, said before anything is trained. */
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import { chooseTasks } from '../methods/chosenTasks';
import { EQUIVALENCE_MARGIN } from '../metrics/pairedTests';
import { leastDecided, usersForLikeness } from '../metrics/power';
import { claimCount, type Question } from './questions';

/** Different users in the test parts of all seeds, counted once a task: splitting a large log takes a while. */
export function testUsersOf(seeds: readonly number[]): (task: Task) => number {
  const counted = new Map<Task, number>();
  const count = (task: Task) => {
    const users = seeds.flatMap((seed) => splitInstances(task, seed).test.map((i) => task.instances[i].user));
    return new Set(users).size;
  };
  return (task) => {
    const users = counted.get(task) ?? count(task);
    counted.set(task, users);
    return users;
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
  usersOf: (task: Task) => number,
): string[] {
  const claims = claimCount(tasks, questions);
  const better = asked(tasks, questions, 'superiority').flatMap((task) => {
    const users = usersOf(task);
    const least = leastDecided({ metric: task.metric, users, claims });
    return least === undefined ? [] : [`${decimals(least)} ${task.metric} on ${task.name} (${users} users)`];
  });
  const alike = asked(tasks, questions, 'equivalence').flatMap((task) => {
    const needed = usersForLikeness({ metric: task.metric, claims });
    if (needed === undefined) return [];
    return [`${task.name} ${needed.toLocaleString('en')} (there are ${usersOf(task).toLocaleString('en')})`];
  });
  return [
    ...(better.length === 0
      ? []
      : [`${claims} claims; a difference is decided with 80 % power from ${better.join(', ')} on`]),
    ...(alike.length === 0
      ? []
      : [`alike within ± ${EQUIVALENCE_MARGIN} can be shown from so many users on: ${alike.join(', ')}`]),
  ];
}

/** The same for what notebooks ask, each line once under its question's name. */
export function powerOf(
  asks: readonly { readonly question: string; readonly together: readonly Question[] }[],
  tasks: readonly Task[],
  seeds: readonly number[],
): string[] {
  const usersOf = testUsersOf(seeds);
  const lines = asks.flatMap(({ question, together }) =>
    powerLines(tasks, together, usersOf).map((line) => `  ${question}: ${line}`),
  );
  return [...new Set(lines)];
}
