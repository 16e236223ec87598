/** From how many users of pre-training on one method is ahead of another. */
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import type { Method } from '../experiments/methods/identity';
import { untrained } from '../experiments/opponents/opponents';
import { estimateOf, type Interval, variationOf } from '../metrics/significance';
import type { RowsOf } from './instances';
import { testedOf } from './means';

/** 0 where the first is ahead at every number of users, Infinity where it is not at the largest. */
export type Crossing = Interval & {
  readonly users: number;
  /** Whether the one that is ahead at the largest number beats an untrained opponent: the interval of the difference is above 0; true where that did not run. */
  readonly isLearnt: boolean;
};

/** A pair of methods for each number of users, ascending. */
export type Pairs = readonly { readonly users: number; readonly first: Method; readonly second: Method }[];

/**
 * The number of users from which on the first method is ahead. Its 95 % interval is from where the upper ends of the intervals of
 * differences are above 0 for good to where the lower ends are.
 */
export function crossing(completed: CompletedRun, task: string, pairs: Pairs, rowsOf: RowsOf): Crossing {
  const counts = pairs.map(({ users }) => users);
  const compared = (first: Method, second: Method) => {
    const [one, other] = [first, second].map((method) => testedOf(completed, task, method, rowsOf));
    return estimateOf(variationOf(one, other));
  };
  const found = pairs.map(({ first, second }) => compared(first, second));
  const [users, low, high] = (['difference', 'high', 'low'] as const).map((end) =>
    crossingOf(
      counts,
      found.map((one) => one[end]),
    ),
  );
  const { first, second } = pairs[pairs.length - 1];
  const simple = untrained
    .map((method) => ({ ...method, training: second.training ?? 1 }))
    .find((method) => runsOf(completed.results, task, method).length > 0);
  const learnt = simple && compared(users === Number.POSITIVE_INFINITY ? second : first, simple);
  const isLearnt = learnt === undefined || learnt.low > 0;
  return { users, low, high, isLearnt };
}

/** Where differences become positive for good, between two numbers of users on a line over their logarithms. */
export function crossingOf(users: readonly number[], differences: readonly number[]): number {
  const behind = differences.map((difference) => difference <= 0).lastIndexOf(true);
  if (behind < 0) return 0;
  if (behind === differences.length - 1) return Number.POSITIVE_INFINITY;
  const [from, to] = [differences[behind], differences[behind + 1]];
  const share = -from / (to - from);
  return users[behind] * (users[behind + 1] / users[behind]) ** share;
}
