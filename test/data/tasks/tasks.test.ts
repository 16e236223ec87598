import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireParts } from '../../../lib/data/tasks/split';
import type { Task } from '../../../lib/data/tasks/tasks';
import { CARD, type NewsFiles, newsTasks, withTask } from '../news';
import { instancesOf } from '../reading/readFolder';

const tasks = newsTasks();
const [videos, sex, age, everything] = tasks;

/** Sequences in ids, so that input and expectation can be read side by side. */
const sequencesOf = ({ source: { users, items, sequences } }: Task) =>
  users.map((user, u) => `${user}: ${[...sequences[u]].map((id) => items[id - 1]).join(' ')}`);

test('a task is judged by the metric of the card, else by that of the paper, else by HR@5 or accuracy', () => {
  const asked = { kind: 'recommend', target: { field: 'tags', any: ['video'] }, perUser: 1, length: 4 };
  const named = { 'ColdRec-2': asked, Videos: { ...asked, metric: 'NDCG@5' }, GenEst: asked };
  const { Sex } = CARD.tasks;
  const card = { tasks: { ...named, Sex, 'ColdRec-1': Sex, AgeEst: { ...Sex, metric: 'Acc' } } };
  assert.deepEqual(
    newsTasks({ card }).map(({ name, metric }) => `${name} ${metric}`),
    ['ColdRec-2 MRR@5', 'Videos NDCG@5', 'GenEst HR@5', 'Sex Acc', 'ColdRec-1 Acc', 'AgeEst Acc'],
  );
});

test('a sequence is ordered by timestamp, then file order, and keeps the latest items', () => {
  // d at 6 is the oldest of five of bob; a b a tie at 7 and keep the file order, a twice
  assert.deepEqual(sequencesOf(videos), ['ann: a b', 'bob: a b a c', 'dan: b a']);
  assert.deepEqual(sequencesOf(everything), ['ann: z b', 'bob: a c', 'cid: a z', 'dan: a z']);
  assert.equal(everything.source.name, 'Everything');
});

test('what came before a sequence is kept apart, items that stand in no sequence left out', () => {
  assert.deepEqual(videos.source.preceding.map(String), ['', '', '']); // d, the oldest of bob, stands in no sequence
  const interactions = [...'abcabcx'].map((item, time) => ['ann', item, time] as const);
  const [{ source }] = newsTasks({ interactions });
  const names = (ids: Int32Array) => [...ids].map((id) => source.items[id - 1]).join(' ');
  assert.deepEqual([names(source.preceding[0]), names(source.sequences[0])], ['a b', 'c a b c']);
});

test('model ids follow frequency in the sequences, then first appearance', () => {
  const { items, sequences } = videos.source;
  assert.deepEqual(items, ['a', 'b', 'c']); // a 4 times, b 3 times, c once; d fell out of every sequence
  assert.deepEqual([...sequences[1]], [1, 2, 1, 3]);
});

test('items and labels of equal frequency are in order of first appearance in the file, not in time', () => {
  const interactions = ['d 3', 'y 4', 'a 1', 'x 2'].map((row) => ['ann', row[0], Number(row[2])] as const);
  const [task] = newsTasks({ interactions });
  assert.deepEqual(task.source.items, ['d', 'a']);
  assert.deepEqual(task.labels, ['y', 'x', 'z', 'w']); // z and w, untouched, in the order of the items file
  assert.deepEqual(instancesOf(task), ['ann x', 'ann y']);
});

test('the first distinct targets of a user are his instances, all of them are known, and every item of the domain a label', () => {
  assert.deepEqual(instancesOf(videos), ['ann x', 'ann y', 'dan z']);
  assert.deepEqual(videos.labels, ['z', 'x', 'y', 'w']); // most frequent first, untouched ones last
  const known = videos.known.map((own) => own.map((label) => videos.labels[label]).join(' '));
  assert.deepEqual(known, ['x y z', '', 'z']);
});

test('users with a short source sequence are dropped and counted', () => {
  assert.deepEqual(videos.dropped, [
    { what: 'users', why: 'fewer than 2 source items', count: 1 },
    { what: 'users with target items', why: 'not in the source', count: 1 },
  ]);
});

test('tasks of one source share the same object', () => {
  for (const task of [sex, age]) assert.equal(task.source, videos.source);
});

test('classes are the distinct values of a field, sorted, or conditions: the first that fits wins, ranges are inclusive', () => {
  assert.deepEqual(sex.labels, ['f', 'm']);
  assert.deepEqual(instancesOf(sex), ['ann f', 'bob m', 'dan f']);
  assert.deepEqual(instancesOf(age), ['ann young', 'bob not old']);
});

test('a user in none of the classes, as with an empty value, is counted', () => {
  const users =
    'user_id:token\tage:token\tsex:token\nann\t\tf\nbob\t30\tm\ncid\t31\tf\ndan\t60\tf\neve\t20\tm\n';
  const [, , missing] = newsTasks({ users });
  assert.deepEqual(instancesOf(missing), ['bob not old']);
  const lost = [age, missing].map(({ dropped }) => dropped.at(-1));
  const note = { what: 'users', why: 'in none of the classes' };
  assert.deepEqual(lost, [
    { ...note, count: 1 },
    { ...note, count: 2 },
  ]);
});

test('a task of one class is refused where the others have too few items to be users of the source', () => {
  const both = ['ann\t29\tf', 'bob\t30\tf', 'cid\t31\tm', 'dan\t60\tf', 'eve\t20\tm'];
  const users = ['user_id:token\tage:token\tsex:token', ...both, ''].join('\n');
  const [, alone] = newsTasks({ users });
  assert.deepEqual(alone.labels, ['f', 'm']);
  assert.throws(() => requireParts(alone), {
    name: 'UserError',
    message: /task Sex: expected users of the source in at least 2 classes, found f alone$/,
  });
});

const videosWith = (keys: object) => ({ card: withTask('Videos', { ...CARD.tasks.Videos, ...keys }) });
const sexBy = (keys: object) => ({ card: withTask('Sex', { kind: 'classify', source: 'Videos', ...keys }) });
const classes = (all: object, men: object) => [
  { name: 'all', where: all },
  { name: 'men', where: men },
];
const users = 'user_id:token\tage:token\tsex:token\nann\t1\tf\nbob\t2\tf\ncid\t3\tf\ndan\t4\tf\n';

/** What is wrong, the key and the value that the message names. */
const mistakes: readonly (readonly [NewsFiles, RegExp])[] = [
  [
    videosWith({ target: { field: 'genre', any: ['video'] } }),
    /Videos\.target\.field: .*item_id, tags, .*"genre"/,
  ],
  [videosWith({ target: { field: 'tags', any: ['Video'] } }), /Videos\.target\.any: .*2 items, found 0/],
  [
    videosWith({ minSource: 9 }),
    /Videos: .*none \(4 users: fewer than 9 source .*; 3 users with target items: not/,
  ],
  [sexBy({ label: 'gender' }), /Sex\.label: .*user_id, age, sex, found "gender"/],
  [sexBy({ classes: classes({ sex: ['m'] }, { sex: ['w'] }) }), /Sex: .*2 classes.*nobody in "men"/],
  [sexBy({ classes: classes({}, { sex: ['m'] }) }), /Sex: .*2 classes.*nobody in "men"/],
  [{ users }, /Sex: .*2 classes.*found 1/],
];

for (const [changes, expected] of mistakes) {
  test(`a task that the tables cannot fill is one line: ${expected.source}`, () => {
    assert.throws(() => newsTasks(changes), { name: 'UserError', message: expected });
  });
}
