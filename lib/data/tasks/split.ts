import { permutation, random, uniform } from '../../base/random';
import { UserError } from '../../base/userError';
import { pretrainedOn, type Source } from './source';
import type { Task } from './tasks';

/** Indices into a task's instances; disjoint, and all of them unless `training` or `trial` leaves some out. */
export type Split = Readonly<Record<'train' | 'valid' | 'test', readonly number[]>>;

/** Parts of a split file, and per instance the labels that it is ranked against (may be none). */
export type GivenSplit = { readonly split: Split; readonly negatives: readonly Int32Array[] };

/** Share of the users who are for choosing: they train or validate, and are never tested. */
const CHOOSING = 0.2;
/** Of the other users' instances so many folds are tested, each once in as many seeds: a pass. */
const FOLDS = 3;
/** Validation instances: this share of all (the paper, section 4.1) or `WANTED`, whichever is larger. */
const VALID = 0.03;
const WANTED = 200;
/** Validation instances that early stopping needs. */
const ENOUGH = 100;
/** Share of the source users that a trunk is validated on. */
const SOURCE_VALID = 0.1;

/** All of a task that its split depends on. */
type Splittable = Pick<
  Task,
  'name' | 'instances' | 'given' | 'parts' | 'training' | 'trial' | 'foldsByUser'
> & { readonly source: Pick<Source, 'name' | 'users'> };

/** Whether a user is for choosing, by a hash of their id alone. */
export const isChoosing = (user: string): boolean => uniform(random(0, 'choosing', user)) < CHOOSING;

/**
 * Tested are the parts of a split file or after the time of a timeline, the same for all seeds; else a fold of the instances of all but
 * choosing users. Choosing users who are not tested validate, as far as needed, and train. Of the training instances the task's share
 * is used, chosen by the seed: a smaller share is part of a larger one.
 */
export function splitInstances(task: Splittable, seed: number): Split {
  const { name, instances, trial = false, training } = task;
  const { learnt, valid: given, test } = partsOf(task, seed);
  const userOf = userIn(task);
  const tested = new Set(test.map(userOf));
  const choosing = learnt.filter((i) => isChoosing(userOf(i)) && !tested.has(userOf(i)));
  const wanted = Math.max(WANTED, Math.round(VALID * instances.length));
  const isLost = task.given !== undefined && given.length + choosing.length < ENOUGH; // nothing would stop by so few
  const lacking = given.length >= WANTED || isLost ? 0 : wanted - given.length;
  const order = permutation(choosing.length, random(seed, 'validation', name));
  const joining = new Set(order.slice(0, trial ? undefined : lacking).map((place) => choosing[place]));
  const all = learnt.filter((i) => !joining.has(i));
  const used = permutation(all.length, random(seed, 'training part', name));
  const count = training === undefined ? all.length : Math.max(1, Math.round(all.length * training));
  return {
    train: used.slice(0, count).map((place) => all[place]),
    valid: [...given, ...joining],
    test: trial ? [] : test,
  };
}

/** Takes a share of the training instances; validation and test parts stay as they are. */
export function withTraining<T extends Splittable>(task: T, share: number): T {
  if (share > 0 && share <= 1) return { ...task, training: share };
  throw new UserError(`training ${share}: expected a share of the training instances, above 0 and at most 1`);
}

/** Whether the validation part is large enough for early stopping. */
export const carriesChoice = ({ valid }: Pick<Split, 'valid'>): boolean => valid.length >= ENOUGH;

const userIn =
  ({ source, instances }: Splittable) =>
  (i: number): string =>
    source.users[instances[i].user];

/** What is tested, what a split file validates on, and the others; a trial leaves out no fold. */
function partsOf(task: Splittable, seed: number) {
  const { given, parts } = task;
  if (given) return { ...given.split, learnt: given.split.train };
  if (parts) return { learnt: parts.learnt, valid: [], test: parts.tested };
  const test = task.trial ? [] : testedIn(task, seed);
  const tested = new Set(test);
  return { learnt: [...task.instances.keys()].filter((i) => !tested.has(i)), valid: [], test };
}

/** A third of the values: seeds 1 to 3 have the folds of a first pass, 4 to 6 those of a second one. */
function fold<T>(values: readonly T[], seed: number, name: string): Set<T> {
  const pass = Math.ceil(seed / FOLDS);
  const order = permutation(values.length, random(pass, 'folds', name));
  const own = (seed + FOLDS - 1) % FOLDS;
  return new Set(order.filter((_, place) => place % FOLDS === own).map((place) => values[place]));
}

/** Users of a source whom a seed tests where folds are by user, the same for all of its tasks. */
const foldOfUsers = ({ name, users }: Splittable['source'], seed: number): Set<string> =>
  fold(
    users.filter((user) => !isChoosing(user)),
    seed,
    name,
  );

/** The instances that a seed tests. */
function testedIn(task: Splittable, seed: number): number[] {
  const userOf = userIn(task);
  const others = [...task.instances.keys()].filter((i) => !isChoosing(userOf(i)));
  if (!task.foldsByUser) return [...fold(others, seed, task.name)].sort((a, b) => a - b);
  const users = foldOfUsers(task.source, seed);
  return others.filter((i) => users.has(userOf(i)));
}

/** Source users whom a trunk is validated on: a tenth of all, out of the choosing users. */
function validatingUsers({ users }: Pick<Source, 'users'>): number {
  return Math.min(Math.round(users.length * SOURCE_VALID), users.filter(isChoosing).length);
}

/** How many source users train a trunk: a share of those who do not validate it and may be read, the same number for every seed. */
export function trainingUsers(source: Pick<Source, 'users' | 'unread'>, share = 1): number {
  const { users, unread = false } = source;
  const untouched = unread ? Math.ceil(users.filter((user) => !isChoosing(user)).length / FOLDS) : 0;
  return Math.max(1, Math.round((users.length - validatingUsers(source) - untouched) * share));
}

/**
 * 90/10 of the source users (indices into source.users), those who validate being choosing users drawn by the seed; of the others the
 * share that is asked for, a smaller one being part of a larger one.
 */
export function splitSource(source: Source, seed: number, share = 1): { train: number[]; valid: number[] } {
  const order = permutation(source.users.length, random(seed, 'source-split', source.name));
  const choosing = order.filter((user) => isChoosing(source.users[user]));
  const valid = choosing.slice(0, validatingUsers(source));
  const validating = new Set(valid);
  const tested = source.unread ? foldOfUsers(source, seed) : new Set();
  const others = order.filter((user) => !validating.has(user) && !tested.has(source.users[user]));
  return { train: others.slice(0, trainingUsers(source, share)), valid };
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
    throw refused(
      'source users for choosing, a fifth by a hash of their ids',
      `none of ${source.users.length}`,
    );
}
