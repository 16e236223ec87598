/** Power of claims with the test users of the data, computed before anything is trained. */
import { ndtri } from 'cephes';
import { counted, whole } from '../base/counted';
import { splitInstances } from '../data/tasks/split';
import type { Task } from '../data/tasks/tasks';
import { chooseTasks } from '../experiments/methods/chosenTasks';
import { LEVEL, POWER } from '../metrics/pairedTests';
import { claimCount, type Question } from './questions';

/** For what notebooks ask together, each under its question's name: a line of the least differences that are decided. */
export function powerOf(
  asks: readonly { readonly question: string; readonly together: readonly Question[] }[],
  tasks: readonly Task[],
  seeds: readonly number[],
): string[] {
  const usersOf = testUsersBy(seeds);
  const lines = asks.flatMap(({ question, together }) => {
    const claims = claimCount(tasks, together);
    const asked = together.filter(({ kind }) => kind === 'superiority');
    const chosen = new Set(asked.flatMap(({ on = 'all' }) => chooseTasks(tasks, on).tasks));
    const found = [...chosen].flatMap((task) => {
      const { metric, name } = task;
      const users = usersOf(task);
      const least = leastDecided({ seeds: seeds.length, users, claims, metric });
      const where = `${metric} on ${name} (${whole(users)} test users)`;
      return least === undefined ? [] : [`${least.toFixed(3)} ${where}`];
    });
    const count = `${counted(claims, 'claim')}, ${counted(seeds.length, 'seed')}`;
    const said = `  ${question}: ${count}; least difference decided with 80 % power: ${found.join(', ')}`;
    return found.length === 0 ? [] : [said];
  });
  return [...new Set(lines)];
}

/** Users whom three seeds test: others test them again. Splits each task once, since a large log takes a while. */
function testUsersBy(seeds: readonly number[]): (task: Task) => number {
  const known = new Map<Task, number>();
  return (task) => {
    const tested = () => seeds.slice(0, 3).flatMap((seed) => splitInstances(task, seed).test);
    const usersOf = () => new Set(tested().map((i) => task.source.users[task.instances[i].user])).size;
    const found = known.get(task) ?? usersOf();
    known.set(task, found);
    return found;
  };
}

/** How a task is tested: by how many seeds and users. */
type Testing = Readonly<Record<'seeds' | 'users', number>>;

/** Standard deviations of two methods' difference: s between the test users of a seed, b between seeds beyond what users explain. */
type Spread = Readonly<Record<'users' | 'seeds', number>>;

/**
 * By metric, of five seeds on MovieLens-1M: s the median over claims, b from the mean of its square. HR@5: 31 claims on
 * ColdRec-1, 3,579 test users a seed; MRR@5: 34 on ColdRec-2, 3,958; Acc: 81 on profiles, 1,631. Quartiles of s: 0.24 and
 * 0.27 of HR@5, 0.19 and 0.27 of MRR@5, 0.34 and 0.44 of Acc.
 */
export const SPREADS: Readonly<Record<string, Spread>> = {
  'HR@5': { users: 0.25, seeds: 0.003 },
  'MRR@5': { users: 0.24, seeds: 0.005 },
  Acc: { users: 0.38, seeds: 0.007 },
};

/** `claims` are asked together, at 5 % over all of them. */
type Design = Testing & { readonly metric: string; readonly claims: number };

/** Standard error of a difference: the variance is b² / S + s² / n with S seeds and n users, s² / n with one seed. */
export function errorOf(spread: Spread, { users: n, seeds: S }: Testing): number {
  const between = S === 1 ? 0 : spread.seeds ** 2 / S;
  return Math.sqrt(between + spread.users ** 2 / n);
}

/**
 * The least difference in the metric that is decided with a power of 80 %: (z₁₋α/₂ + z₀.₈) · error of a two-sided test at
 * α = 5 % / claims. Undefined for a metric whose spread is not known.
 */
export function leastDecided(design: Design): number | undefined {
  const spread = SPREADS[design.metric];
  return spread && (ndtri(1 - LEVEL / design.claims / 2) + ndtri(POWER)) * errorOf(spread, design);
}
