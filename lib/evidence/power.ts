/** What claims can be decided with the test users that there are, said before anything is trained. */
import { counted } from '../base/counted';
import { splitInstances } from '../data/tasks/split';
import type { Task } from '../data/tasks/tasks';
import { chooseTasks } from '../experiments/methods/chosenTasks';
import { EQUIVALENCE_MARGIN } from '../metrics/pairedTests';
import { leastDecided, usersForLikeness } from '../metrics/power';
import { claimCount, type Question } from './questions';

const whole = (count: number) => count.toLocaleString('en');

/** The tasks that questions of a kind are asked of. */
const asked = (tasks: readonly Task[], questions: readonly Question[], wanted: Question['kind']): Task[] => [
  ...new Set(
    questions.flatMap(({ kind, on = 'all' }) => (kind === wanted ? chooseTasks(tasks, on).tasks : [])),
  ),
];

/**
 * For what notebooks ask together, each under its question's name: a line of the least differences that are decided, and one of
 * the users that equivalence needs.
 */
export function powerOf(
  asks: readonly { readonly question: string; readonly together: readonly Question[] }[],
  tasks: readonly Task[],
  seeds: readonly number[],
): string[] {
  const testing = testingBy(seeds);
  const lines = asks.flatMap(({ question, together }) => {
    const claims = claimCount(tasks, together);
    const better = asked(tasks, together, 'superiority').flatMap((task) => {
      const { users, ...design } = testing(task);
      const least = leastDecided({ metric: task.metric, claims, users, ...design });
      return least === undefined
        ? []
        : [`${least.toFixed(3)} ${task.metric} on ${task.name} (${whole(users)} users a seed)`];
    });
    const alike = asked(tasks, together, 'equivalence').flatMap((task) => {
      const { users, ...design } = testing(task);
      const needed = usersForLikeness({ metric: task.metric, claims, ...design });
      if (needed === undefined) return [];
      const enough = Number.isFinite(needed) ? whole(needed) : 'none, with more seeds only';
      return [`${task.name} ${enough} (there are ${whole(users)})`];
    });
    const count = `${counted(claims, 'claim')}, ${counted(seeds.length, 'seed')}`;
    return [
      ...(better.length === 0
        ? []
        : [`${count}; a difference is decided with 80 % power from ${better.join(', ')} on`]),
      ...(alike.length === 0
        ? []
        : [
            `alike within ± ${EQUIVALENCE_MARGIN} can be shown from so many users a seed on: ${alike.join(', ')}`,
          ]),
    ].map((line) => `  ${question}: ${line}`);
  });
  return [...new Set(lines)];
}

/** How a task is tested: by how many seeds and users; `crossed`: all seeds test the same users. */
type Testing = { readonly seeds: number; readonly users: number; readonly crossed: boolean };

/** By the users of the first seed: the others test about as many. Splits each task once, since a large log takes a while. */
function testingBy(seeds: readonly number[]): (task: Task) => Testing {
  const known = new Map<Task, Testing>();
  return (task) => {
    const before = known.get(task);
    if (before) return before;
    const { test } = splitInstances(task, seeds[0]);
    const found = {
      seeds: seeds.length,
      users: new Set(test.map((i) => task.source.users[task.instances[i].user])).size,
      crossed: task.given !== undefined || task.parts !== undefined,
    };
    known.set(task, found);
    return found;
  };
}
