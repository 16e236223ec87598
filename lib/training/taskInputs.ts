/**
 * Inputs of a task from groups of its training instances: the users, each once, and their labels.
 * Letters: U users, B labels, T length with [TCL]. Unused users have no items, unused labels the weight 0.
 */

import type { Random } from '../base/random';
import { trainingNegative } from '../data/tasks/negatives';
import type { Task } from '../data/tasks/tasks';
import { float32, int32 } from '../engine/graph/signature';
import { tokens, type UserModelShape, userIds } from '../model/userModel';
import { filledUp, type Input } from './inputs';
import { type BatchSize, type Group, instancesIn } from './packing';

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
  const { shape, representation } = model;
  return {
    looks: { ids: int32(U, length + tokens(shape, representation)) },
    draw: (groups) => {
      const read = Array.from({ length: U }, (_, row) => sequences[groups[row]?.user] ?? NOBODY);
      return { ids: userIds(read, shape, length, representation) };
    },
  };
}

/** Labels [B], the row of each one's user in `owner` [B], and weights [B]. */
export function ownLabels({ instances }: Pick<Task, 'instances'>, { labels: B }: BatchSize): Input<Groups> {
  return {
    looks: { owner: int32(B), labels: int32(B), weights: float32(B) },
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
    looks: { negatives: int32(B) },
    draw: (groups, { labels }, streams) => {
      const stream = streams('training negatives');
      const used = (labels as Int32Array).subarray(0, instancesIn(groups));
      const found = used.map((label) => other(label, stream));
      return { negatives: filledUp(found, B) };
    },
  };
}
