import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { buildTasks, type Task } from '../../../lib/data/tasks/tasks';
import { type NewsFiles, newsFolder, withTask } from '../news';
import { instancesOf } from '../reading/readFolder';

const tasks = buildTasks(loadDataset(newsFolder()));
const task = (name: string, among: readonly Task[] = tasks) => among.find((t) => t.name === name) as Task;

/** Sequences and instances in ids, so that input and expectation can be read side by side. */
function sequencesOf({ source }: Task) {
  return source.users.map((user, u) => [
    user,
    [...source.sequences[u]].map((id) => source.items[id - 1]).join(' '),
  ]);
}

test('tasks come in the order of the card', () => {
  assert.deepEqual(
    tasks.map(({ name, kind }) => `${name} ${kind}`),
    ['Videos recommend', 'Sex classify', 'Age classify', 'Everything classify'],
  );
});

test('a task is judged by the metric of the card, else by that of the paper, else by HR@5 or accuracy', () => {
  const asked = { kind: 'recommend', target: { field: 'tags', any: ['video'] }, perUser: 1, length: 4 };
  const named = { 'ColdRec-2': asked, Videos: { ...asked, metric: 'NDCG@5' }, Clips: asked };
  const sex = { kind: 'classify', label: 'sex', source: 'Videos' };
  const card = { tasks: { ...named, Sex: sex, Gender: { ...sex, metric: 'Acc' } } };
  assert.deepEqual(
    buildTasks(loadDataset(newsFolder({ card }))).map(({ name, metric }) => `${name} ${metric}`),
    ['ColdRec-2 MRR@5', 'Videos NDCG@5', 'Clips HR@5', 'Sex Acc', 'Gender Acc'],
  );
});

test('a sequence is ordered by timestamp, then file order, and keeps the latest items', () => {
  assert.deepEqual(sequencesOf(task('Videos')), [
    ['ann', 'a b'],
    ['bob', 'a b a c'], // d at 6 is the oldest of five; a b a tie at 7 and keep the file order, a twice
    ['dan', 'b a'],
  ]);
});

test('what came before a sequence is kept apart, items that stand in no sequence left out', () => {
  const { items, sequences, preceding } = task('Videos').source;
  assert.deepEqual(
    preceding.map((own) => [...own].map((id) => items[id - 1]).join(' ')),
    ['', '', ''], // d, the oldest of bob, stands in no sequence
  );
  assert.equal(preceding.length, sequences.length);
  const interactions = ['a', 'b', 'c', 'a', 'b', 'c'].map((item, time) => ['ann', item, time] as const);
  const [{ source }] = buildTasks(
    loadDataset(newsFolder({ interactions: [...interactions, ['ann', 'x', 9]] })),
  );
  const names = (ids: Int32Array) => [...ids].map((id) => source.items[id - 1]).join(' ');
  assert.deepEqual([names(source.preceding[0]), names(source.sequences[0])], ['a b', 'c a b c']);
});

test('model ids follow frequency in the sequences, then first appearance', () => {
  const { items, sequences } = task('Videos').source;
  assert.deepEqual(items, ['a', 'b', 'c']); // a 4 times, b 3 times, c once; d fell out of every sequence
  assert.deepEqual([...sequences[1]], [1, 2, 1, 3]);
});

test('items and labels of equal frequency are in order of first appearance in the file, not in time', () => {
  const interactions = [
    ['ann', 'd', 3],
    ['ann', 'y', 4],
    ['ann', 'a', 1],
    ['ann', 'x', 2],
  ] as const;
  const [{ source, labels, instances }] = buildTasks(loadDataset(newsFolder({ interactions })));
  assert.deepEqual(source.items, ['d', 'a']);
  assert.deepEqual(labels, ['y', 'x', 'z', 'w']); // z and w, untouched, in the order of the items file
  assert.deepEqual(
    instances.map(({ label }) => labels[label]),
    ['x', 'y'],
  );
});

test('the first distinct target items of a user are his instances, all of them are known', () => {
  const videos = task('Videos');
  assert.deepEqual(instancesOf(videos), ['ann x', 'ann y', 'dan z']);
  const known = videos.known.map((own) => own.map((label) => videos.labels[label]));
  assert.deepEqual(known, [['x', 'y', 'z'], [], ['z']]);
});

test('the target vocabulary holds every item of the domain, most frequent first, untouched ones last', () => {
  assert.deepEqual(task('Videos').labels, ['z', 'x', 'y', 'w']);
});

test('users with a short source sequence are dropped and counted', () => {
  assert.deepEqual(task('Videos').dropped, [
    { what: 'users', why: 'fewer than 2 source items', count: 1 },
    { what: 'users with target items', why: 'not in the source', count: 1 },
  ]);
});

test('tasks of one source share the same object', () => {
  assert.equal(task('Sex').source, task('Videos').source);
  assert.equal(task('Age').source, task('Videos').source);
});

test('the classes of a field are its distinct values, sorted', () => {
  assert.deepEqual(task('Sex').labels, ['f', 'm']);
  assert.deepEqual(instancesOf(task('Sex')), ['ann f', 'bob m', 'dan f']);
  assert.deepEqual(task('Sex').known, []);
});

test('the first class that fits wins, ranges are inclusive, users without a class are counted', () => {
  assert.deepEqual(instancesOf(task('Age')), ['ann young', 'bob not old']);
  assert.deepEqual(task('Age').dropped.at(-1), { what: 'users', why: 'in none of the classes', count: 1 });
});

test('without a source a classification task reads all items', () => {
  assert.equal(task('Everything').source.name, 'Everything');
  assert.deepEqual(sequencesOf(task('Everything')), [
    ['ann', 'z b'],
    ['bob', 'a c'],
    ['cid', 'a z'],
    ['dan', 'a z'],
  ]);
});

test('a user with an empty value is in none of the classes, and counted', () => {
  const users =
    'user_id:token\tage:token\tsex:token\nann\t\tf\nbob\t30\tm\ncid\t31\tf\ndan\t60\tf\neve\t20\tm\n';
  const age = task('Age', buildTasks(loadDataset(newsFolder({ users }))));
  assert.deepEqual(instancesOf(age), ['bob not old']);
  assert.deepEqual(age.dropped.slice(1), [{ what: 'users', why: 'in none of the classes', count: 2 }]);
});

const target = { field: 'tags', any: ['video'] };
const VIDEOS = { kind: 'recommend', perUser: 2, length: 4, target };
const sexes = (...classes: object[]) => withTask('Sex', { kind: 'classify', source: 'Videos', classes });
const users = 'user_id:token\tage:token\tsex:token\nann\t1\tf\nbob\t2\tf\ncid\t3\tf\ndan\t4\tf\n';

const mistakes: readonly (readonly [what: string, changes: NewsFiles, expected: RegExp])[] = [
  [
    'a target field that the items lack',
    { card: withTask('Videos', { ...VIDEOS, target: { field: 'genre', any: ['video'] } }) },
    /tasks\.Videos\.target\.field: .*item_id, tags, found "genre"/,
  ],
  [
    'a target that no item meets',
    { card: withTask('Videos', { ...VIDEOS, target: { field: 'tags', any: ['Video'] } }) },
    /tasks\.Videos\.target\.any: .*2 items, found 0/,
  ],
  [
    'a label that the users lack',
    { card: withTask('Sex', { kind: 'classify', label: 'gender', source: 'Videos' }) },
    /tasks\.Sex\.label: .*user_id, age, sex, found "gender"/,
  ],
  [
    'a class that nobody is in beside one of all',
    { card: sexes({ name: 'men', where: { sex: ['m'] } }, { name: 'women', where: { sex: ['w'] } }) },
    /tasks\.Sex: .*2 classes.*found nobody in "women"/,
  ],
  [
    'a class of everybody before another one',
    { card: sexes({ name: 'all', where: {} }, { name: 'men', where: { sex: ['m'] } }) },
    /tasks\.Sex: .*2 classes.*found nobody in "men"/,
  ],
  ['one class', { users }, /tasks\.Sex: .*2 classes.*found 1/],
  [
    'a source that nobody has',
    { card: withTask('Videos', { ...VIDEOS, minSource: 9 }) },
    /tasks\.Videos: .*none \(4 users: fewer than 9 source items; 3 users with target items: not in/,
  ],
];

for (const [what, changes, expected] of mistakes) {
  test(`${what} is refused in one line that names the key`, () => {
    const folder = newsFolder(changes);
    assert.throws(() => buildTasks(loadDataset(folder)), { name: 'UserError', message: expected });
  });
}
