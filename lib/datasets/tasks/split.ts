import { permutation, random } from '../../random';
import { UserError } from '../../userError';
import type { Source } from './source';

/** Indices into a task's instances; disjoint, and together all of them. */
export interface Split {
  readonly train: readonly number[];
  readonly valid: readonly number[];
  readonly test: readonly number[];
}

/** What a split file gives: the parts, and per instance the labels that it is to be ranked against (may be none). */
export interface GivenSplit {
  readonly split: Split;
  readonly negatives: readonly Int32Array[];
}

/** Shares of the target instances (the paper, section 4.1); the rest is for testing. */
const TRAIN = 0.7;
const VALID = 0.03;
/** Share of the source users whose sequences train the trunk; the rest validates it. */
const SOURCE_TRAIN = 0.9;

type Splittable = {
  readonly name: string;
  readonly instances: readonly unknown[];
  readonly given: GivenSplit | undefined;
  /** Share of the training instances that are used; all if absent. */
  readonly training?: number;
};

/**
 * 70/3/27 of the instances at random from the seed, or the given split whatever the seed. Of the training instances
 * the task's share, chosen by the seed: a smaller share is part of a larger one.
 */
export function splitInstances(task: Splittable, seed: number): Split {
  const split = task.given?.split ?? randomSplit(task, seed);
  if (task.training === undefined) return split;
  const { train } = split;
  const order = permutation(train.length, random(seed, 'training part', task.name));
  const used = Math.max(1, Math.round(train.length * task.training));
  return { ...split, train: order.slice(0, used).map((i) => train[i]) };
}

/** The same task with a share of its training instances; validation and test parts stay as they are. */
export function withTraining<T extends Splittable>(task: T, share: number): T {
  if (share > 0 && share <= 1) return { ...task, training: share };
  throw new UserError(`training ${share}: expected a share of the training instances, above 0 and at most 1`);
}

function randomSplit(task: Splittable, seed: number): Split {
  const count = task.instances.length;
  const order = permutation(count, random(seed, 'split', task.name));
  const trainEnd = Math.round(count * TRAIN);
  const validEnd = trainEnd + Math.round(count * VALID);
  return {
    train: order.slice(0, trainEnd),
    valid: order.slice(trainEnd, validEnd),
    test: order.slice(validEnd),
  };
}

/** 90/10 of the source users (indices into source.users), at random from the seed. */
export function splitSource(source: Source, seed: number): { train: number[]; valid: number[] } {
  const order = permutation(source.users.length, random(seed, 'source-split', source.name));
  const trainEnd = Math.round(order.length * SOURCE_TRAIN);
  return { train: order.slice(0, trainEnd), valid: order.slice(trainEnd) };
}

/**
 * Makes sure that a task can be trained and tested at all, whatever the seed: at least one instance in the training
 * and in the test part, and a source user held out from pre-training. Throws a UserError that says what is missing.
 */
export function requireParts(task: Splittable & { readonly source: Source }): void {
  const { train, test } = splitInstances(task, 1);
  if (train.length === 0 || test.length === 0) {
    throw new UserError(
      `task ${task.name}: expected instances to train and to test on, found ${train.length} and ${test.length}`,
    );
  }
  if (splitSource(task.source, 1).valid.length === 0) {
    throw new UserError(
      `task ${task.name}: expected at least 6 source users, found ${task.source.users.length}`,
    );
  }
}
