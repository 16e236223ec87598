import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/random';
import {
  batchSizeFor,
  type Group,
  groupsOf,
  instancesIn,
  type Packed,
  type Packing,
  packedBatches,
} from '../../lib/training/packing';
import { taskWith } from '../datasets/tasks/taskWith';

/** The first `count` batches. */
function take(batches: Packing, count: number): Packed[] {
  return Array.from({ length: count }, () => batches.next());
}

const single = (user: number): Group => ({ user, instances: [user] });
const usersIn = (batches: readonly Packed[]) =>
  batches.flatMap(({ groups }) => groups.map(({ user }) => user));
const oneLength = () => 10;

test('by user, all training instances of a user share an encoding; by instance, none do', () => {
  const task = taskWith(5, [[0, 2, 4], [1], [3, 0]]);
  assert.deepEqual(groupsOf(task, [5, 0, 3, 2, 1], 'user', 64), [
    { user: 2, instances: [5] },
    { user: 0, instances: [0, 2, 1] },
    { user: 1, instances: [3] },
  ]);
  assert.deepEqual(
    groupsOf(task, [4, 0, 1], 'instance', 64),
    [4, 0, 1].map((i) => ({
      user: task.instances[i].user,
      instances: [i],
    })),
  );
});

test('a user with more labels than a batch holds is encoded for each batch of them', () => {
  const groups = groupsOf(taskWith(5, [[0, 1, 2, 3, 4]]), [0, 1, 2, 3, 4], 'user', 2);
  assert.deepEqual(
    groups.map(({ instances }) => instances),
    [[0, 1], [2, 3], [4]],
  );
});

test('a batch of 10 labels has room for as many users as have 10 labels on average', () => {
  const groups = [{ user: 0, instances: [0, 1, 2] }, single(4)];
  assert.deepEqual(batchSizeFor(groups, 10), { users: 5, labels: 10 });
  assert.deepEqual(batchSizeFor([0, 1, 2].map(single), 10), { users: 10, labels: 10 });
});

test('with one label for each user a pass takes each once, and a batch may straddle two passes', () => {
  const batches = packedBatches([10, 20, 30, 40, 50].map(single), {
    lengthOf: oneLength,
    sizeOf: () => ({ users: 3, labels: 3 }),
    stream: random(1, 'o'),
  });
  const taken = take(batches, 5);
  assert.ok(taken.every(({ groups }) => groups.length === 3));
  const flat = usersIn(taken);
  for (const start of [0, 5, 10]) {
    assert.deepEqual(flat.slice(start, start + 5).sort(), [10, 20, 30, 40, 50]);
  }
});

test('each pass has its own order, the same for the same seed', () => {
  const groups = Array.from({ length: 20 }, (_, user) => single(user));
  const passes = (seed: number) =>
    take(
      packedBatches(groups, {
        lengthOf: oneLength,
        sizeOf: () => ({ users: 20, labels: 20 }),
        stream: random(seed, 'order'),
      }),
      2,
    );
  const [first, second] = passes(1);
  assert.notDeepEqual(first, second);
  assert.notDeepEqual(first.groups, groups);
  assert.deepEqual(passes(1), [first, second]);
});

/** Users 0 … 11 with 1, 2 or 3 instances each. */
const mixed: Group[] = Array.from({ length: 12 }, (_, user) => ({
  user,
  instances: Array.from({ length: 1 + (user % 3) }, (_, i) => 10 * user + i),
}));

test('a user whose labels do not fit goes to the next batch', () => {
  const taken = take(
    packedBatches(mixed, {
      lengthOf: oneLength,
      sizeOf: () => ({ users: 3, labels: 5 }),
      stream: random(1, 'order'),
    }),
    40,
  );
  assert.ok(taken.every(({ groups }) => groups.length <= 3 && instancesIn(groups) <= 5));
  const flat = usersIn(taken);
  for (const start of [0, 12, 24]) assert.equal(new Set(flat.slice(start, start + 12)).size, 12);
  for (const [i, { groups }] of taken.slice(0, -1).entries()) {
    const opens = taken[i + 1].groups[0];
    assert.ok(groups.length === 3 || instancesIn(groups) + opens.instances.length > 5);
  }
});

test('a batch holds users of one length, each length as often as it has users', () => {
  const lengthOf = (user: number) => (user < 3 ? 5 : 10);
  const taken = take(
    packedBatches(
      mixed.map(({ user }) => single(user)),
      { lengthOf, sizeOf: () => ({ users: 3, labels: 3 }), stream: random(1, 'order') },
    ),
    80,
  );
  assert.ok(taken.every(({ length, groups }) => groups.every(({ user }) => lengthOf(user) === length)));
  const short = taken.filter(({ length }) => length === 5).length;
  assert.ok(short >= 19 && short <= 21, `${short}`);
  const times = mixed.map(({ user }) => usersIn(taken).filter((other) => other === user).length);
  assert.ok(Math.max(...times) - Math.min(...times) <= 1, `${times}`);
});
