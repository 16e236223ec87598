import { permutation, random } from '../../base/random';
import { UserError } from '../../base/userError';
import { pretrainedOn, type Source } from './source';
import type { TimeParts } from './targets';
import type { Task } from './tasks';

/** Indices into a task's instances; disjoint, and all of them unless `training` or `heldOut` leaves some out. */
export type Split = Readonly<Record<'train' | 'valid' | 'test', readonly number[]>>;

/** Parts of a split file, and per instance the labels that it is ranked against (may be none). */
export type GivenSplit = { readonly split: Split; readonly negatives: readonly Int32Array[] };

/** Shares of the target instances (the paper, section 4.1); the rest is for testing. */
const TRAIN = 0.7;
const VALID = 0.03;
/** Validation instances that early stopping needs, and the share of the training part that may join them. */
const ENOUGH_TO_CHOOSE = 200;
const JOINS_AT_MOST = 0.3;
/** Share of the source users whose sequences train the trunk; the rest validates it. */
const SOURCE_TRAIN = 0.9;

type Splittable = {
  readonly name: string;
  readonly instances: readonly unknown[];
  readonly given: GivenSplit | undefined;
  /** Instances before the time of a timeline, and those that are tested. */
  readonly parts?: TimeParts;
  /** Share of the training instances that are used; all if absent. */
  readonly training?: number;
  /** Share of the training part that joins validation while nothing is tested. */
  readonly heldOut?: number;
};

/**
 * The given split, whatever the seed. Else, on a timeline, all after its time are tested and those before it divided 70/3 by the
 * seed; without one the seed divides all 70/3/27. Where 3 % are too few to stop by, some of the 70 % join them. Of the training
 * instances the task's share is used, chosen by the seed: a smaller share is part of a larger one.
 */
export function splitInstances(task: Splittable, seed: number): Split {
  const whole = task.given?.split ?? joined(randomSplit(task, seed));
  const split = task.heldOut === undefined ? whole : heldOutOf(task, whole, { share: task.heldOut, seed });
  if (task.training === undefined) return split;
  const { train } = split;
  const order = permutation(train.length, random(seed, 'training part', task.name));
  const used = Math.max(1, Math.round(train.length * task.training));
  return { ...split, train: order.slice(0, used).map((i) => train[i]) };
}

/** Takes a share of the training instances; validation and test parts stay as they are. */
export function withTraining<T extends Splittable>(task: T, share: number): T {
  if (share > 0 && share <= 1) return { ...task, training: share };
  throw new UserError(`training ${share}: expected a share of the training instances, above 0 and at most 1`);
}

/** Whether the validation part is large enough for early stopping. */
export const carriesChoice = ({ valid }: Pick<Split, 'valid'>): boolean => valid.length >= ENOUGH_TO_CHOOSE;

/** How many training instances join a validation part: as many as it lacks, or none if that is more than three tenths. */
export function joining({ train, valid }: { readonly train: number; readonly valid: number }): number {
  const lacking = Math.max(0, ENOUGH_TO_CHOOSE - valid);
  return lacking <= JOINS_AT_MOST * train ? lacking : 0;
}

/** A share of the training instances, at random, joins the validation part; nothing is tested. */
function heldOutOf(
  { name, given }: Splittable,
  whole: Split,
  { share, seed }: { readonly share: number; readonly seed: number },
): Split {
  const { train } = whole;
  const order = given && permutation(train.length, random(seed, 'held out', name)); // others are at random already
  const shuffled = order ? { ...whole, train: order.map((i) => train[i]) } : whole;
  return { ...moved(shuffled, Math.round(train.length * share)), test: [] };
}

/** The last `count` training instances join the validation part. */
function moved({ train, valid, test }: Split, count: number): Split {
  const end = train.length - count;
  return { train: train.slice(0, end), valid: [...train.slice(end), ...valid], test };
}

const joined = (split: Split): Split =>
  moved(split, joining({ train: split.train.length, valid: split.valid.length }));

/** How many instances a random split of that many gives to each part. */
export function partSizes(count: number) {
  const [train, valid] = [TRAIN, VALID].map((share) => Math.round(count * share));
  return { train, valid, test: count - train - valid };
}

/** How many of the instances before a time are for training and for validation. */
export function timedSizes({ learnt }: Pick<TimeParts, 'learnt'>) {
  const train = Math.round((learnt.length * TRAIN) / (TRAIN + VALID));
  return { train, valid: learnt.length - train };
}

function randomSplit({ name, instances, parts }: Splittable, seed: number): Split {
  const learnt = parts?.learnt ?? [...instances.keys()];
  const { train, valid } = parts ? timedSizes(parts) : partSizes(instances.length);
  const order = permutation(learnt.length, random(seed, 'split', name)).map((place) => learnt[place]);
  return {
    train: order.slice(0, train),
    valid: order.slice(train, train + valid),
    test: parts?.tested ?? order.slice(train + valid),
  };
}

/** How many source users train a trunk: a share of 90 %, the same number for every seed. */
export const trainingUsers = ({ users }: Pick<Source, 'users'>, share = 1): number =>
  Math.max(1, Math.round(Math.round(users.length * SOURCE_TRAIN) * share));

/**
 * 90/10 of the source users (indices into source.users), at random from the seed; of the 90 % the share that is asked for, a smaller
 * one being part of a larger one.
 */
export function splitSource(source: Source, seed: number, share = 1): { train: number[]; valid: number[] } {
  const order = permutation(source.users.length, random(seed, 'source-split', source.name));
  return { train: order.slice(0, trainingUsers(source, share)), valid: order.slice(trainingUsers(source)) };
}

/** Throws a UserError where a task has nothing to train or to test on, one class alone, or no source user held out from pre-training. */
export function requireParts(task: Task): void {
  const { train, test } = splitInstances(task, 1);
  const timeline = task.parts ? '; what a timeline has before its time is learnt, the rest is tested' : '';
  const refused = (expected: string, found: string) =>
    new UserError(`task ${task.name}: expected ${expected}, found ${found}${timeline}`);
  if (train.length === 0 || test.length === 0)
    throw refused('instances to train and to test on', `${train.length} and ${test.length}`);
  const [first, ...others] = new Set(task.instances.map(({ label }) => task.labels[label]));
  if (task.kind === 'classify' && others.length === 0)
    throw refused('users of the source in at least 2 classes', `${first} alone`);
  const source = pretrainedOn(task.source);
  if (splitSource(source, 1).valid.length === 0)
    throw refused('at least 6 source users', `${source.users.length}`);
}
