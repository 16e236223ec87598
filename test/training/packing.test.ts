import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import {
  batchSizeFor,
  type Group,
  groupsOf,
  instancesIn,
  packedBatches,
} from '../../lib/training/taskInputs';
import { taskWith } from '../data/tasks/taskWith';

const single = (user: number): Group => ({ user, instances: [user] });

type How = { readonly users: number; readonly labels?: number; readonly lengthOf?: (user: number) => number };

/** The first `count` batches, and their users. */
function take(groups: Group[], count: number, { users, labels = users, lengthOf = () => 10 }: How, seed = 1) {
  const packer = { lengthOf, sizeOf: () => ({ users, labels }), stream: random(seed, 'order') };
  const batches = packedBatches(groups, packer);
  const taken = Array.from({ length: count }, () => batches.next());
  return { taken, flat: taken.flatMap(({ groups }) => groups.map(({ user }) => user)) };
}

test('the training instances of a user share an encoding, at most a batch of them', () => {
  const task = taskWith(5, [[0, 2, 4], [1], [3, 0]]);
  const of = (instances: number[], labels: number) =>
    groupsOf(task, instances, labels).map(({ user, instances }) => [user, ...instances]);
  assert.deepEqual(of([5, 0, 3, 2, 1], 64), [
    [2, 5],
    [0, 0, 2, 1],
    [1, 3],
  ]);
  assert.deepEqual(of([0, 1, 2], 2), [
    [0, 0, 1],
    [0, 2],
  ]);
});

test('a batch of 10 labels has room for as many users as have 10 labels on average', () => {
  const groups = [{ user: 0, instances: [0, 1, 2] }, single(4)];
  assert.deepEqual(batchSizeFor(groups, 10), { users: 5, labels: 10 });
  assert.deepEqual(batchSizeFor([0, 1, 2].map(single), 10), { users: 10, labels: 10 });
});

test('with one label for each user a pass takes each once, in an order of its own, the same for the same seed', () => {
  const groups = [10, 20, 30, 40, 50].map(single);
  const { taken, flat } = take(groups, 5, { users: 3 });
  assert.ok(taken.every(({ groups }) => groups.length === 3)); // a batch may straddle two passes
  const passes = [0, 5, 10].map((start) => flat.slice(start, start + 5));
  for (const pass of passes) assert.deepEqual([...pass].sort(), [10, 20, 30, 40, 50]);
  assert.equal(new Set(passes.map(String)).size, 3);
  assert.deepEqual(take(groups, 5, { users: 3 }).flat, flat);
  assert.notDeepEqual(take(groups, 5, { users: 3 }, 2).flat, flat);
});

/** Users 0 … 11 with 1, 2 or 3 instances each. */
const mixed: Group[] = Array.from({ length: 12 }, (_, user) => ({
  user,
  instances: Array.from({ length: 1 + (user % 3) }, (_, i) => 10 * user + i),
}));

test('a user whose labels do not fit goes to the next batch', () => {
  const { taken, flat } = take(mixed, 40, { users: 3, labels: 5 });
  for (const start of [0, 12, 24]) assert.equal(new Set(flat.slice(start, start + 12)).size, 12);
  for (const [i, { groups }] of taken.slice(0, -1).entries()) {
    assert.ok(groups.length <= 3 && instancesIn(groups) <= 5);
    const opens = taken[i + 1].groups[0];
    assert.ok(groups.length === 3 || instancesIn(groups) + opens.instances.length > 5);
  }
});

test('a batch holds users of one length, each length as often as it has users', () => {
  const lengthOf = (user: number) => (user < 3 ? 5 : 10);
  const users = mixed.map(({ user }) => user);
  const { taken, flat } = take(users.map(single), 80, { users: 3, lengthOf });
  assert.ok(taken.every(({ length, groups }) => groups.every(({ user }) => lengthOf(user) === length)));
  const short = taken.filter(({ length }) => length === 5).length;
  assert.ok(short >= 19 && short <= 21, `${short}`);
  const times = users.map((user) => flat.filter((other) => other === user).length);
  assert.ok(Math.max(...times) - Math.min(...times) <= 1, `${times}`);
});
