/** Claims to be answered: that one method is better than another, or as good as it. */
import { isDeepStrictEqual } from 'node:util';
import type { TaskFacts } from '../data/tasks/facts';
import { chooseTasks, type Wanted } from '../experiments/methods/chosenTasks';
import { isSame, type Method, requireMethod } from '../experiments/methods/identity';

/** The first method is claimed to be better than the second, or as good as it, on some tasks; absent: on all that ran. */
export type Question = {
  readonly kind: 'superiority' | 'equivalence';
  readonly first: Method;
  readonly second: Method;
  readonly on?: Wanted;
  /** The paper does not claim it. */
  readonly beyond?: true;
};

const question =
  (kind: Question['kind'], where: string) =>
  (first: Method, second: Method): Question => {
    for (const method of [first, second]) requireMethod(method, where);
    return { kind, first, second };
  };

/** The claims that the first method is better than the second, and that it is as good. */
export const better = question('superiority', 'better');
export const alike = question('equivalence', 'alike');

/** Asks questions of these tasks alone. */
export const asked = (on: Wanted, questions: readonly Question[]): Question[] =>
  questions.map((question) => ({ ...question, on }));

/** Marks questions that the paper does not claim. */
export const beyondPaper = (questions: readonly Question[]): Question[] =>
  questions.map((question) => ({ ...question, beyond: true }));

/** How many claims questions make of a data set: one on each task that they are asked of. */
export const claimCount = (
  tasks: readonly Pick<TaskFacts, 'name' | 'kind'>[],
  questions: readonly Question[],
): number => questions.flatMap(({ on = 'all' }) => chooseTasks(tasks, on).tasks).length;

/** Whether both ask the same, whatever methods are called. */
export const isSameQuestion = (a: Question, b: Question): boolean =>
  isDeepStrictEqual([a.kind, a.on], [b.kind, b.on]) && isSame(a.first, b.first) && isSame(a.second, b.second);

/** The share of the training instances that both methods learn from; undefined where shares differ. */
export function sharedBy({ first, second }: Question): number | undefined {
  const { training = 1 } = first;
  return training === (second.training ?? 1) ? training : undefined;
}
