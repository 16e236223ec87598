import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  classCounts,
  domainOverlaps,
  itemPopularity,
  sequenceLengths,
} from '../../../lib/data/describe/aggregates';
import { newsTasks } from '../news';

/** Sources: Videos with ann b a, bob a a c … and dan b a, at most 4; Everything with the latest 2 of all users. */
const tasks = newsTasks();

test('lengths are counted for each source, shared ones once', () => {
  assert.deepEqual(sequenceLengths(tasks), {
    source: ['Videos', 'Videos', 'Everything'],
    length: [2, 4, 2],
    users: [2, 1, 4],
  });
});

test('popularity is by rank, source items in the sequences and target items once for each user', () => {
  const { task, domain, rank, count } = itemPopularity(tasks);
  const of = (name: string, side: string) => count.filter((_, i) => task[i] === name && domain[i] === side);
  assert.deepEqual(of('Videos', 'source items'), [4, 3, 1]); // ann a b, bob a b a c, dan b a: a 4, b 3, c 1
  assert.deepEqual(of('Videos', 'target items'), [2, 1, 1]); // ann x y z, dan z
  assert.equal(count.length, rank.length);
  assert.deepEqual(of('Everything', 'target items'), []);
  assert.deepEqual(rank.slice(0, 3), [1, 2, 3]);
});

test('with a timeline too a target item is counted once for each user, whenever it was touched', () => {
  const interactions = [
    ...[...'abxyz'].map((item, i) => ['ann', item, item === 'z' ? 12 : i] as const),
    ...[...'bax'].map((item, i) => ['dan', item, i + 11] as const),
  ];
  const timely = newsTasks({ interactions, card: { timeline: 10 } });
  const { task, domain, count } = itemPopularity(timely);
  const ofTargets = count.filter((_, i) => task[i] === 'Videos' && domain[i] === 'target items');
  assert.deepEqual(ofTargets, [2, 1, 1]); // x of ann and dan, y and z of ann
});

test('overlaps count the users in both domains and the target items', () => {
  const [videos, sex] = domainOverlaps(tasks);
  assert.deepEqual(videos, {
    task: 'Videos',
    sourceUsers: 3,
    usersInBoth: 2, // bob has no target
    targetItems: 4,
    touchedItems: 3, // w is not
    itemsInOtherSources: 1, // of x, y, z and w only z stands among the latest two of a user
  });
  assert.deepEqual(Object.values(sex), ['Sex', 3, 3, 0, 0, 0]);
});

test('classes are counted with their users, those of nobody too', () => {
  assert.equal(
    classCounts(tasks)
      .map((each) => Object.values(each).join(' '))
      .join(', '),
    'Sex f 2, Sex m 1, Age young 1, Age not old 1, Age old man 0, Everything f 3, Everything m 1',
  );
});
