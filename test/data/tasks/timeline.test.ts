import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { openDataset } from '../../../lib/data/open';
import { requireNoLeak } from '../../../lib/data/tasks/leakage';
import { pretrainedOn, type Source } from '../../../lib/data/tasks/source';
import { splitInstances } from '../../../lib/data/tasks/split';
import { buildTasks, type Task } from '../../../lib/data/tasks/tasks';
import { learntBefore } from '../../../lib/data/tasks/timeline';
import { folderWith } from '../folders';
import { newsFolder, touched } from '../news';

/** a, b, c, d are source items, x, y, z targets; up to two targets a user, two source items at least. */
const interactions = touched({
  ann: ['a 1', 'b 2', 'x 3', 'c 4', 'y 12', 'd 13'],
  bob: ['b 2', 'x 3', 'a 3', 'z 5'], // x after one source item
  dan: ['a 11', 'b 11', 'a 14', 'x 14'], // what was touched at the same time did not come before
});

const at10 = (changes: object = {}) => newsFolder({ interactions, card: { timeline: 10, ...changes } });
const tasksOf = (folder: string): Task[] => buildTasks(loadDataset(folder));
const task = (name: string, tasks = tasksOf(at10())) => tasks.find((one) => one.name === name) as Task;

const read = ({ users, sequences, items }: Source) =>
  users.map((user, u) => `${user}: ${[...sequences[u]].map((id) => items[id - 1]).join(' ')}`);

test('a trunk is pre-trained on what lies before the time; nothing leaks', () => {
  const { source } = task('Videos');
  for (const one of tasksOf(at10())) requireNoLeak(one, 1);
  assert.deepEqual(read(pretrainedOn(source)), ['ann: a b c', 'bob: b a']);
  assert.deepEqual(source.items, ['a', 'b', 'c', 'd']); // by their number before it; d comes after it
  assert.deepEqual(pretrainedOn(source).items, source.items);
});

test('what a target is told from ends before the user came to it; targets with too little before them are counted', () => {
  const { source, instances, labels, parts, dropped } = task('Videos');
  const sequences = read(source);
  const told = (places: readonly number[]) =>
    places.map((place) => `${sequences[instances[place].user]} -> ${labels[instances[place].label]}`);
  assert.deepEqual(told(parts?.learnt ?? []), ['ann: a b -> x', 'bob: b a -> z']);
  assert.deepEqual(told(parts?.tested ?? []), ['ann: a b c -> y', 'dan: a b -> x']);
  const lost = { what: 'targets', why: 'too few source items before them', count: 1 };
  assert.deepEqual(dropped.at(-1), lost);
});

test('profiles are told of whole users, and tested on those who were there after the time', () => {
  for (const name of ['Sex', 'Everything']) {
    const { source, instances, parts } = task(name);
    const users = (places: readonly number[] = []) =>
      places.map((place) => source.users[instances[place].user]);
    assert.deepEqual([users(parts?.learnt), users(parts?.tested)], [['bob'], ['ann', 'dan']]);
    const [first] = (parts?.tested ?? []).map((place) => read(source)[instances[place].user]);
    assert.equal(first, name === 'Sex' ? 'ann: a b c d' : 'ann: y d');
  }
});

test('every seed tests the same, and divides what lies before into training and validation', () => {
  const instances = Array.from({ length: 1000 }, (_, user) => ({ user, label: 0 }));
  const places = [...instances.keys()];
  const parts = { learnt: places.slice(0, 730), tested: places.slice(730) };
  const source = { name: 'T', users: instances.map(({ user }) => `user ${user}`) };
  const timed = { name: 'T', source, instances, given: undefined, parts };
  const splits = [1, 2].map((seed) => splitInstances(timed, seed));
  for (const { train, valid, test } of splits) {
    assert.deepEqual(test, parts.tested);
    assert.deepEqual(new Set([...train, ...valid]), new Set(parts.learnt));
    assert.deepEqual([train.length, valid.length], [579, 151]); // all choosing users validate
  }
  assert.notDeepEqual(splits[0].train, splits[1].train);
});

test('a share is the time before which so many of the interactions lie', () => {
  const share = tasksOf(newsFolder({ interactions, card: { timeline: { share: 9 / 14 } } }));
  assert.deepEqual(task('Videos', share).parts, task('Videos').parts); // the tenth of 14 times is 11
});

test('where many interactions have one time, a share is the time with the nearest share before it', () => {
  const at = (days: readonly number[], share: number) => {
    const rows = days.map((t, i) => [`u${i % 2}`, 'abcx'[i % 4], t] as const);
    return learntBefore(loadDataset(dated({ share }, day, 't', rows)))?.time.slice(0, 10);
  };
  const often = (t: number, times: number) => new Array<number>(times).fill(t);
  assert.equal(at([...often(1, 10), 2], 0.8), '2020-01-02'); // 10 of 11, since nothing lies before the first day
  assert.equal(at([1, ...often(2, 9), 3], 0.8), '2020-01-03'); // 10 of 11 rather than 1
  assert.equal(at([1, ...often(2, 9), 3], 0.3), '2020-01-02'); // 1 of 11 rather than 10
});

test('a date is read to the millisecond', () => {
  const milli = (t: number) => `2020-01-01 00:00:00.${String(t).padStart(3, '0')}`;
  const dataset = loadDataset(dated('2020-01-01T00:00:00.010', milli));
  const time = '2020-01-01T00:00:00.010Z';
  assert.deepEqual(learntBefore(dataset), { time, interactions: 8, ofAll: interactions.length });
  assert.deepEqual(buildTasks(dataset)[0].parts, task('Videos').parts);
});

test('what comes after the time moves no label', () => {
  const later = [...interactions, ...[1, 2, 3].map((n) => ['dan', 'y', 20 + n] as const)];
  const labels = (rows: readonly (readonly [string, string, number])[]) =>
    task('Videos', tasksOf(newsFolder({ interactions: rows, card: { timeline: 10 } }))).labels;
  assert.deepEqual(labels(later), labels(interactions));
});

const target = { field: 'kind', any: ['v'] };
const dated = (
  timeline: unknown,
  time: (t: number) => string,
  column: string | null = 't',
  rows: readonly (readonly [string, string, number])[] = interactions,
) => {
  const lines = rows.map(([u, i, t]) => `${u},${i},${time(t)},${'xyz'.includes(i) ? 'v' : 'n'}\n`);
  const columns = { user: 'u', item: 'i', time: column };
  const tasks = { Late: { kind: 'recommend', target, perUser: 2, length: 4, minSource: 2 } };
  return folderWith({
    'dataset.json': JSON.stringify({ name: 'log', interactions: 'log.csv', columns, timeline, tasks }),
    'log.csv': `u,i,t,kind\n${lines.join('')}`,
  });
};
const day = (t: number) => `2020-01-${String(t).padStart(2, '0')}`;

test('dates are compared with dates, days and clocks alike', () => {
  const forms: readonly (readonly [string, (t: number) => string])[] = [
    ['2020-01-10', day],
    ['2020-01-10', (t) => `${day(t)} 00:00:00`],
    ['2020-01-10T12:00:00', (t) => `${day(t)} 00:00:00`],
    ['2020-01-10T12:00:00+02:00', (t) => `${day(t)}T00:00:00Z`],
  ];
  for (const [timeline, time] of forms)
    assert.deepEqual(tasksOf(dated(timeline, time))[0].parts, task('Videos').parts, timeline);
});

test('where a timeline leaves nothing to learn or to test, that is told', () => {
  const all = ['ann', 'bob', 'cid', 'dan', 'eve'].flatMap((user) =>
    [...'abcd'].map((item, i) => [user, item, i + 1] as const),
  );
  const sex = { Sex: { kind: 'classify', label: 'sex', length: 3 } };
  assert.throws(() => openDataset(newsFolder({ interactions: all, card: { timeline: 3, tasks: sex } })), {
    name: 'UserError',
    message: /task Sex: .*found 0 and 5; what a timeline has before its time is learnt/,
  });
});

const split = { kind: 'classify', label: 'sex', length: 2, split: 'split.tsv' };
const refusals: readonly (readonly [what: string, folder: string, expected: RegExp])[] = [
  ['a time before all', at10({ timeline: 1 }), /timeline: .*after 1 and up to 14,.*found 1$/],
  ['one after all', at10({ timeline: 15 }), /timeline: .*after 1 and up to 14,.*found 15$/],
  ['a date among numbers', at10({ timeline: '2020-01-10' }), /timeline: .*up to 14,.*found "2020-01-10"$/],
  ['a number among dates', dated(10, day), /timeline: .*after 2020-01-01T00:00:00.000Z.*found 10$/],
  ['a text that is no date', at10({ timeline: 'yesterday' }), /timeline: .*ISO date/],
  ['a share of all', at10({ timeline: { share: 1 } }), /timeline.*expected/],
  ['a split file beside it', at10({ tasks: { Sex: split } }), /tasks\.Sex\.split: .*timeline/],
  ['the order of a file', dated(10, day, null), /timeline: .*no times/],
];
for (const [what, folder, message] of refusals) {
  test(`${what} is refused`, () => assert.throws(() => openDataset(folder), { name: 'UserError', message }));
}
