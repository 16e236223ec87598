import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../../lib/data/tasks/source';
import {
  carriesChoice,
  isChoosing,
  splitInstances,
  splitSource,
  trainingUsers,
  withTraining,
} from '../../../lib/data/tasks/split';

const sourceOf = (count: number): Source => ({
  ...{ name: 'Videos', items: [], sequences: [], preceding: [], length: 9 },
  users: Array.from({ length: count }, (_, user) => `user ${user}`),
});
/** So many users with an instance each, or several. */
const taskOf = (users: number, each = 1) => {
  const instances = Array.from({ length: users * each }, (_, i) => ({ user: i % users, label: 0 }));
  return { name: 'Videos', source: sourceOf(users), instances, given: undefined };
};
const task = taskOf(943);
const whose = ({ source, instances }: Pick<typeof task, 'source' | 'instances'>, part: readonly number[]) =>
  part.map((i) => source.users[instances[i].user]);
const sorted = (part: readonly number[]) => [...part].sort((a, b) => a - b);
const sizes = (of: Parameters<typeof splitInstances>[0], seed = 1) => {
  const { train, valid, test: rest } = splitInstances(of, seed);
  return [train.length, valid.length, rest.length];
};

test('a fifth of the users is for choosing, by their ids alone', () => {
  const { users } = sourceOf(10_000);
  assert.equal(users.filter(isChoosing).length, 2064);
  assert.deepEqual(['ann', 'bob'].map(isChoosing), [false, true]);
});

test('three seeds test each instance of the other users once, six twice', () => {
  const several = taskOf(943, 3);
  const others = [...several.instances.keys()].filter((i) => !isChoosing(whose(several, [i])[0]));
  const testedBy = (seeds: readonly number[]) => seeds.flatMap((seed) => splitInstances(several, seed).test);
  for (const seed of [1, 4, 7]) assert.deepEqual(sorted(testedBy([seed, seed + 1, seed + 2])), others);
  const [first, second] = [1, 4].map((seed) => sorted(splitInstances(several, seed).test));
  const shared = first.filter((i) => second.includes(i)).length / first.length;
  assert.ok(Math.abs(shared - 1 / 3) < 0.05, `another pass shares ${shared} of a fold`);
});

test('folds by user keep all instances of a user together', () => {
  const byUser = { ...taskOf(943, 3), foldsByUser: true };
  const folds = [1, 2, 3].map((seed) => new Set(whose(byUser, splitInstances(byUser, seed).test)));
  assert.equal(
    new Set(folds.flatMap((fold) => [...fold])).size,
    folds[0].size + folds[1].size + folds[2].size,
  );
});

test('a trunk of unread users has read nobody whom a task of its source tests, and as many in every seed', () => {
  const source = { ...sourceOf(943), unread: true };
  const tasks = [taskOf(943, 3), taskOf(500)].map((own, i) => ({
    ...own,
    name: `Task ${i}`,
    source,
    foldsByUser: true,
  }));
  for (const seed of [1, 2, 3, 4]) {
    const read = splitSource(source, seed);
    const users = new Set([...read.train, ...read.valid].map((user) => source.users[user]));
    for (const own of tasks) {
      const tested = whose(own, splitInstances(own, seed).test);
      assert.ok(tested.length > 100 && tested.every((user) => !users.has(user)));
    }
    assert.equal(read.train.length, trainingUsers(source));
  }
  assert.ok(trainingUsers(source) < 0.8 * trainingUsers(sourceOf(943)));
});

test('3 % of all or 200 instances validate, out of the fifth of the users; where it has fewer, all of it', () => {
  assert.deepEqual(sizes(taskOf(10_000)), [7054, 300, 2646]);
  assert.deepEqual(sizes(taskOf(2000)), [1268, 200, 532]);
  assert.deepEqual(sizes(taskOf(500)), [260, 110, 130]);
});

test('a stop is chosen on 100 instances, not on 99', () => {
  const carries = [99, 100].map((count) => carriesChoice({ valid: new Array(count) }));
  assert.deepEqual(carries, [false, true]);
});

const places = [...taskOf(943, 3).instances.keys()];
const timed = { learnt: places.filter((i) => i % 3 > 0), tested: places.filter((i) => i % 9 === 0) };
const given = (valid: number, tested: (i: number) => boolean) => {
  const rest = places.filter((i) => !tested(i));
  const split = { train: rest.slice(valid), valid: rest.slice(0, valid), test: places.filter(tested) };
  return { split, negatives: [] };
};
const ofUser = (i: number) => i % 943;
const kinds = {
  random: taskOf(943, 3),
  'random, one instance a user': task,
  'folds by user': { ...taskOf(943, 3), foldsByUser: true },
  timeline: { ...taskOf(943, 3), parts: timed },
  'split file by user': { ...taskOf(943, 3), given: given(17, (i) => ofUser(i) > 700) },
  'split file by instance': { ...taskOf(943, 3), given: given(0, (i) => i % 5 === 0 && ofUser(i) > 300) },
};
for (const [kind, of] of Object.entries(kinds)) {
  test(`${kind}: no instance of a tested user is scored to stop or in a trial`, () => {
    const seeds = [1, 2, 3, 4, 5, 6, 101, 102];
    const tested = new Set(seeds.slice(0, 6).flatMap((seed) => whose(of, splitInstances(of, seed).test)));
    for (const scored of [of, { ...of, trial: true }, withTraining(of, 0.1)])
      for (const seed of seeds) {
        const { train, valid, test: rest } = splitInstances(scored, seed);
        assert.ok(valid.length > 17 && whose(of, valid).every((user) => !tested.has(user)));
        assert.equal(new Set([...train, ...valid, ...rest]).size, train.length + valid.length + rest.length);
        if ('trial' in scored) assert.equal(rest.length, 0);
      }
  });
}

test('a trial is scored on all choosing users, whatever its seed, and trains on all others', () => {
  const { train, valid } = splitInstances({ ...task, trial: true }, 101);
  const other = splitInstances({ ...task, trial: true }, 102).valid;
  assert.deepEqual(
    sorted(valid),
    [...task.instances.keys()].filter((i) => isChoosing(whose(task, [i])[0])),
  );
  assert.deepEqual([sorted(other), train.length + valid.length], [sorted(valid), 943]);
});

test('a trunk is validated on a tenth of its users, all of them for choosing', () => {
  const source = sourceOf(943);
  for (const seed of [1, 2, 101]) {
    const { train, valid } = splitSource(source, seed);
    assert.deepEqual([train.length, valid.length, trainingUsers(source)], [849, 94, 849]);
    assert.equal(new Set([...train, ...valid]).size, 943);
    assert.ok(valid.every((user) => isChoosing(source.users[user])));
  }
});

test('the same seed gives the same split, another seed or task another one', () => {
  const source = sourceOf(943);
  assert.deepEqual(splitInstances(task, 1), splitInstances(task, 1));
  assert.notDeepEqual(splitInstances(task, 1), splitInstances(task, 2));
  assert.notDeepEqual(splitInstances(task, 1), splitInstances({ ...task, name: 'Age' }, 1));
  assert.deepEqual(splitSource(source, 1), splitSource(source, 1));
  assert.notDeepEqual(splitSource(source, 1), splitSource(source, 2));
});

test('of a split file 173 validation instances and 27 of the training part say when to stop, 200 do alone', () => {
  const of = (valid: number) => ({ ...taskOf(5772), given: given(valid, (i) => i % 4 === 0) });
  const [few, enough] = [173, 200].map((valid) => splitInstances(of(valid), 1));
  assert.deepEqual([few.valid.length, enough.valid.length], [200, 200]);
  assert.deepEqual(sorted(enough.valid), of(200).given.split.valid);
  assert.deepEqual(few.test, splitInstances(of(173), 2).test);
});

test('a tenth of the training instances is part of three tenths of them; validation and test stay', () => {
  const whole = splitInstances(task, 1);
  const [tenth, more] = [0.1, 0.3].map((share) => splitInstances(withTraining(task, share), 1));
  const tenths = whole.train.length / 10;
  assert.deepEqual([tenth.train.length, more.train.length], [Math.round(tenths), Math.round(3 * tenths)]);
  assert.deepEqual(more.train.slice(0, tenth.train.length), tenth.train);
  assert.ok(more.train.every((i) => whole.train.includes(i)));
  for (const { valid, test: rest } of [tenth, more])
    assert.deepEqual([valid, rest], [whole.valid, whole.test]);
});

test('of a given split the seed chooses the share', () => {
  const four = { split: { train: [5, 6, 7, 8], valid: [1], test: [0] }, negatives: [] };
  const half = withTraining({ ...task, given: four }, 0.5);
  const halves = [1, 2, 3, 4, 5, 6].map((seed) => splitInstances(half, seed).train);
  assert.ok(halves.every((one) => one.every((i) => four.split.train.includes(i))));
  assert.ok(new Set(halves.map(String)).size > 1);
});

test('a share of 0 or above 1 is refused', () => {
  for (const share of [0, 1.5, Number.NaN])
    assert.throws(() => withTraining(task, share), new RegExp(`training ${share}: `));
});
