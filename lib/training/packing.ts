/** Which training instances make a batch. */

import { permutation, type Random, type RandomState, resumed, stateOf } from '../base/random';
import type { Task } from '../data/tasks/tasks';

/** Whether the training instances of a user share one encoding in a batch. */
export type Grouping = 'user' | 'instance';

/** A user and the instances that share one encoding. */
export type Group = { readonly user: number; readonly instances: readonly number[] };

/** The fixed size of a batch: users that are encoded, and labels. */
export type BatchSize = { readonly users: number; readonly labels: number };

/** Groups that fit a batch, all of one bucket. */
export type Packed = { readonly length: number; readonly groups: readonly Group[] };

/** Instances grouped by shared encoding, at most `labels` a group. */
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
    byUser.set(user, [...(byUser.get(user) ?? []), i]);
  }
  return [...byUser].flatMap(([user, own]) =>
    Array.from({ length: Math.ceil(own.length / size) }, (_, i) => ({
      user,
      instances: own.slice(i * size, (i + 1) * size),
    })),
  );
}

/** Training instances of some groups. */
export const instancesIn = (groups: readonly Group[]) =>
  groups.reduce((sum, { instances }) => sum + instances.length, 0);

/** A batch of `labels` labels and of as many users as have that many on average. */
export function batchSizeFor(groups: readonly Group[], labels: number): BatchSize {
  return { users: Math.ceil((labels * groups.length) / instancesIn(groups)), labels };
}

/** State of packing: the stream before the order of this pass was drawn, the place in it, and open batches by length. */
export type PackingState = {
  readonly pass: RandomState;
  readonly at: number;
  /** Groups by their places. */
  readonly open: readonly (readonly [length: number, groups: readonly number[]])[];
};

/**
 * Endless passes over the groups, each in a new random order. Each group joins the open batch of its bucket; if it does not fit,
 * that batch is complete and the next is opened. A batch may straddle two passes. `from` resumes a packing of the same groups.
 */
export function packedBatches(
  groups: readonly Group[],
  { lengthOf, sizeOf, stream }: Packer,
  from?: PackingState,
) {
  if (groups.length === 0) throw new Error('no instance to train on');
  const open = new Map<number, readonly number[]>(from?.open);
  let pass = from?.pass ?? stateOf(stream);
  let order = permutation(groups.length, from ? resumed(from.pass) : stream);
  let at = from?.at ?? 0;
  const next = (): Packed => {
    for (;;) {
      if (at === order.length) {
        pass = stateOf(stream);
        order = permutation(groups.length, stream);
        at = 0;
      }
      const own = order[at++];
      const length = lengthOf(groups[own].user);
      const batch = open.get(length) ?? [];
      const inside = batch.map((place) => groups[place]);
      const { users, labels } = sizeOf(length);
      const complete = inside.length >= users || instancesIn([...inside, groups[own]]) > labels;
      open.set(length, complete ? [own] : [...batch, own]);
      if (complete) return { length, groups: inside };
    }
  };
  return { next, state: (): PackingState => ({ pass, at, open: [...open] }) };
}

/** How groups become batches: the length of a user's, the size of those of a length, and what orders the passes. */
export type Packer = {
  readonly lengthOf: (user: number) => number;
  readonly sizeOf: (length: number) => BatchSize;
  readonly stream: Random;
};
