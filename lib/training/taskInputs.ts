/**
 * Which training instances of a task make a batch, and its inputs: the users, each once, and their labels.
 * Letters: U users, B labels, T length with [TCL]. Unused users have no items, unused labels the weight 0.
 */
import { permutation, type Random, type RandomState, resumed, stateOf } from '../base/random';
import { trainingNegative } from '../data/tasks/negatives';
import type { Task } from '../data/tasks/tasks';
import { float32, int32 } from '../engine/graph/signature';
import { tokens, type UserModelShape, userIds } from '../model/userModel';
import { filledUp, type Input } from './inputs';

/** A user and the instances that share one encoding. */
export type Group = { readonly user: number; readonly instances: readonly number[] };

/** The fixed size of a batch: users that are encoded, and labels. */
export type BatchSize = { readonly users: number; readonly labels: number };

/** Groups that fit a batch, all of one bucket. */
export type Packed = { readonly length: number; readonly groups: readonly Group[] };

/** Instances grouped by user, who is encoded once for at most `labels` of them. */
export function groupsOf(
  task: Pick<Task, 'instances'>,
  instances: readonly number[],
  labels: number,
): Group[] {
  const byUser = new Map<number, number[]>();
  for (const i of instances) {
    const { user } = task.instances[i];
    byUser.set(user, [...(byUser.get(user) ?? []), i]);
  }
  return [...byUser].flatMap(([user, own]) =>
    Array.from({ length: Math.ceil(own.length / labels) }, (_, i) => ({
      user,
      instances: own.slice(i * labels, (i + 1) * labels),
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

type Groups = readonly Group[];

/** A task and how its users are read. */
export type TaskModel = { readonly task: Task; readonly model: UserModelShape };

/** Padding of the users of a batch. */
const NOBODY = new Int32Array(0);

/** ids [U, T] of source sequences of at most `length` items. */
export function readUsers(
  { task, model }: TaskModel,
  { users: U }: BatchSize,
  length: number,
): Input<Groups> {
  const { sequences } = task.source;
  return {
    specs: { ids: int32(U, length + tokens(model)) },
    draw: (groups) => {
      const read = Array.from({ length: U }, (_, row) => sequences[groups[row]?.user] ?? NOBODY);
      return { ids: userIds(read, model, length) };
    },
  };
}

/** Labels [B], the row of each one's user in `owner` [B], and weights [B]. */
export function ownLabels({ instances }: Pick<Task, 'instances'>, { labels: B }: BatchSize): Input<Groups> {
  return {
    specs: { owner: int32(B), labels: int32(B), weights: float32(B) },
    draw: (groups) => {
      const labels = groups.flatMap((group) => group.instances.map((i) => instances[i].label));
      const owner = groups.flatMap((group, row) => group.instances.map(() => row));
      return {
        owner: filledUp(owner, B),
        labels: filledUp(labels, B),
        weights: Float32Array.from({ length: B }, (_, i) => (i < labels.length ? 1 : 0)),
      };
    },
  };
}

/** Another label for one, from 0 to |Y| − 1. */
export type DrawNegative = (label: number, stream: Random) => number;

/** A sampled negative for each label, [B]; absent `draw`: uniform over the others. */
export function negatives(task: Task, { labels: B }: BatchSize, draw?: DrawNegative): Input<Groups> {
  const Y = task.labels.length;
  const other = draw ?? ((label, stream) => trainingNegative(Y, label, stream));
  return {
    specs: { negatives: int32(B) },
    draw: (groups, { labels }, streams) => {
      const stream = streams('training negatives');
      const used = (labels as Int32Array).subarray(0, instancesIn(groups));
      const found = used.map((label) => other(label, stream));
      return { negatives: filledUp(found, B) };
    },
  };
}
