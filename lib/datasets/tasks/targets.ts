import type { Dropped } from '../card/dropped';

/** One pair (u, y) to learn or predict. */
export interface Instance {
  /** Index in source.users. */
  readonly user: number;
  /** Index in the task's labels. */
  readonly label: number;
}

/** The target side of a task. */
export interface Targets {
  /** Item ids of the target domain, or class names. */
  readonly labels: readonly string[];
  /** In the order of source.users, a user's own in time order. */
  readonly instances: readonly Instance[];
  /** Recommend: per source user all his target labels in the data, not only the first g. Classify: empty. */
  readonly known: readonly (readonly number[])[];
  readonly dropped: readonly Dropped[];
}
