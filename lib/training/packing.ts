/** Which training instances make a batch. */
import type { Task } from '../datasets/tasks/tasks';
import { permutation, type Random } from '../random';

/** What shares one encoding in a training batch: all training instances of a user, or none with another. */
export type Grouping = 'user' | 'instance';

/** A user and those of his instances that share his encoding. */
export type Group = { readonly user: number; readonly instances: readonly number[] };

/** The fixed size of a batch: users that are encoded, and labels. */
export type BatchSize = { readonly users: number; readonly labels: number };

/** Groups that fit a batch, all of one bucket. */
export type Packed = { readonly length: number; readonly groups: readonly Group[] };

const pieces = (instances: readonly number[], size: number) =>
  Array.from({ length: Math.ceil(instances.length / size) }, (_, i) =>
    instances.slice(i * size, (i + 1) * size),
  );

/** The instances by what shares an encoding; no group is larger than a batch of `labels`. */
export function groupsOf(
  task: Pick<Task, 'instances'>,
  instances: readonly number[],
  grouping: Grouping,
  labels: number,
): Group[] {
  const size = grouping === 'user' ? labels : 1;
  const byUser = new Map<number, number[]>();
  for (const i of instances) {
    const { user } = task.instances[i];
    const own = byUser.get(user);
    if (own) own.push(i);
    else byUser.set(user, [i]);
  }
  return [...byUser].flatMap(([user, own]) => pieces(own, size).map((instances) => ({ user, instances })));
}

/** Training instances of some groups. */
export const instancesIn = (groups: readonly Group[]) =>
  groups.reduce((sum, { instances }) => sum + instances.length, 0);

/** A batch of `labels` labels and of as many users as have that many on average. */
export function batchSizeFor(groups: readonly Group[], labels: number): BatchSize {
  return { users: Math.ceil((labels * groups.length) / instancesIn(groups)), labels };
}

/**
 * Endless passes over the groups, each in a new random order. Each group goes to the open batch of its bucket; one
 * that no longer fits completes that batch and opens the next. A batch may straddle two passes.
 */
export function* packedBatches(
  groups: readonly Group[],
  lengthOf: (user: number) => number,
  sizeOf: (length: number) => BatchSize,
  stream: Random,
): Generator<Packed, never> {
  if (groups.length === 0) throw new Error('no instance to train on');
  const open = new Map<number, Group[]>();
  for (;;) {
    for (const at of permutation(groups.length, stream)) {
      const group = groups[at];
      const length = lengthOf(group.user);
      const batch = open.get(length) ?? [];
      const complete = !fits(group, batch, sizeOf(length));
      if (complete) yield { length, groups: batch };
      open.set(length, complete ? [group] : [...batch, group]);
    }
  }
}

function fits(group: Group, batch: readonly Group[], { users, labels }: BatchSize): boolean {
  return batch.length < users && instancesIn(batch) + group.instances.length <= labels;
}
