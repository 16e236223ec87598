/** The batches of training instances of a task. */
import { bucketOf } from '../datasets/tasks/sequences';
import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Step, Steps, StepsState } from '../training/fit';
import { drawn, type Input, streamsOf } from '../training/inputs';
import {
  type BatchSize,
  batchSizeFor,
  type Group,
  type Grouping,
  groupsOf,
  instancesIn,
  packedBatches,
} from '../training/packing';
import { byLength, trainingOn } from './buckets';

/** How the training instances of a task become batches, whatever the seed. */
export type TaskBatches = {
  readonly task: Task;
  readonly grouping: Grouping;
  readonly labelsPerBatch: number;
  /** The lengths of source sequences in a batch, ascending, and the size of a batch of each. */
  readonly lengths: readonly number[];
  readonly sizes: ReadonlyMap<number, BatchSize>;
};

type Groups = Omit<TaskBatches, 'lengths' | 'sizes'>;

/** The training instances of a seed, by what shares an encoding. */
function trainingGroups(of: Groups, seed: number): Group[] {
  return groupsOf(of.task, splitInstances(of.task, seed).train, of.grouping, of.labelsPerBatch);
}

/** The length of the batches that a user comes in. */
function bucketIn({ source }: Task, lengths: readonly number[]): (user: number) => number {
  return (user) => bucketOf(source.sequences[user], lengths);
}

/**
 * Batches of one length are of one size, since its users may have more labels than those of another.
 * One program serves all seeds, and their splits hardly differ in it: seed 0 stands for all.
 */
export function taskBatches(of: Groups, lengths: readonly number[]): TaskBatches {
  const all = trainingGroups(of, 0);
  const lengthOf = bucketIn(of.task, lengths);
  const sizeOf = (length: number) => {
    const inside = all.filter(({ user }) => lengthOf(user) === length);
    return batchSizeFor(inside.length > 0 ? inside : all, of.labelsPerBatch);
  };
  return { ...of, lengths, sizes: new Map(lengths.map((length) => [length, sizeOf(length)])) };
}

export const sizeOf = ({ sizes }: Pick<TaskBatches, 'sizes'>, length: number): BatchSize =>
  sizes.get(length) as BatchSize;

/** A step on a task: whose sequences its batch holds, of which length. */
export type TaskStep = Step & { readonly length: number; readonly users: readonly number[] };

/** Endless batches of users of one length with their training instances, in a new random order each pass. `from` is where they stood. */
export function taskSteps(
  batches: TaskBatches,
  inputsOf: (length: number) => readonly Input<readonly Group[]>[],
  seed: number,
  from?: StepsState,
): Steps<TaskStep> {
  const { task, lengths } = batches;
  const inputs = byLength(lengths, inputsOf);
  const streams = streamsOf(seed, task.name, from?.streams);
  const packer = {
    lengthOf: bucketIn(task, lengths),
    sizeOf: (length: number) => sizeOf(batches, length),
    stream: streams('order'),
  };
  const packing = packedBatches(trainingGroups(batches, seed), packer, from?.packing);
  const next = (): TaskStep => {
    const { length, groups } = packing.next();
    return {
      signature: trainingOn(length),
      batch: drawn(inputs(length), groups, streams),
      instances: instancesIn(groups),
      length,
      users: groups.map(({ user }) => user),
    };
  };
  return { next, state: () => ({ streams: streams.states(), packing: packing.state() }) };
}
