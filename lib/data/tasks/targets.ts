import type { Dropped } from '../card/dropped';

/** One pair (u, y) to learn or predict. */
export interface Instance {
  /** Place in source.users: with a timeline a user stands there several times. */
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
  /** Recommend: per place in source.users all its target labels in the data, beyond the first g too. Classify: empty. */
  readonly known: readonly (readonly number[])[];
  /** On a timeline: places in `instances`. */
  readonly parts?: TimeParts;
  readonly dropped: readonly Dropped[];
}

/** Instances before the time of a timeline, and the others, which are tested. */
export type TimeParts = { readonly learnt: readonly number[]; readonly tested: readonly number[] };

/** Divides places by their times. */
export function partsAt(times: readonly number[], at: number): TimeParts {
  const places = [...times.keys()];
  return {
    learnt: places.filter((place) => times[place] < at),
    tested: places.filter((place) => times[place] >= at),
  };
}
