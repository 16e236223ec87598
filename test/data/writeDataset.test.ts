import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loadDataset } from '../../lib/data/loading/dataset';
import { openDataset, tryTasks } from '../../lib/data/open';
import { writeDataset } from '../../lib/data/writeDataset';
import { folderWith } from './folders';

const root = folderWith({});

const people = Array.from({ length: 20 }, (_, i) => i);
/** Everyone reads pages a, b and c and then one of two books. */
const frames = {
  interactions: people.flatMap((user) =>
    ['a', 'b', 'c', `book${user % 2}`].map((item, time) => ({
      user_id: user,
      item_id: item,
      timestamp: new Date(1000 * time),
    })),
  ),
  users: people.map((user) => ({ user_id: user, age: 20 + user, job: [null, 'reader', 'clerk'][user % 3] })),
  items: ['a', 'b', 'c', 'book0', 'book1'].map((item) => ({
    item_id: item,
    kind: item.startsWith('book') ? ['book', 'paper'] : ['page'],
  })),
};
const card = {
  name: 'library',
  tasks: {
    Books: { kind: 'recommend', target: { field: 'kind', any: ['book'] }, perUser: 1, length: 5 },
    Young: {
      kind: 'classify',
      source: 'Books',
      classes: [
        { name: 'young', where: { age: { to: 25 } } },
        { name: 'old', where: { age: { from: 26 } } },
      ],
    },
  },
};

test('data frames become a data set that is read back, and on which other tasks can be tried', () => {
  const folder = path.join(root, 'library');
  writeDataset(folder, card, frames);
  const { dataset, tasks } = openDataset(folder);
  const found = tasks.map(({ name, labels, instances }) => `${name} ${labels} ${instances.length}`);
  assert.deepEqual(found, ['Books book0,book1 20', 'Young young,old 20']);
  assert.equal(dataset.users?.get('age', 3), 23);
  const text = fs.readFileSync(path.join(folder, 'data.inter'), 'utf8');
  assert.ok(text.startsWith('user_id:token\titem_id:token\ttimestamp:float\n0\ta\t0\n0\tb\t1\n'));
  const job = { kind: 'classify', label: 'job', length: 4 };
  const [tried] = tryTasks(dataset, { Job: job });
  assert.deepEqual([tried.name, tried.labels], ['Job', ['clerk', 'reader']]);
  const wrong = { Job: { ...job, label: 'jobs' } };
  assert.throws(() => tryTasks(dataset, wrong), { name: 'UserError', message: /tasks\.Job.*jobs/ });
});

test('a folder that was written may be written again; another data set is left alone', () => {
  const folder = path.join(root, 'again');
  writeDataset(folder, card, frames);
  writeDataset(folder, { ...card, name: 'again' }, frames);
  assert.equal(loadDataset(folder).name, 'again');
  const other = folderWith({ 'dataset.json': '{}' });
  assert.throws(() => writeDataset(other, card, frames), { name: 'UserError', message: /another data set$/ });
  assert.equal(fs.readFileSync(path.join(other, 'dataset.json'), 'utf8'), '{}');
});

const [first, second] = frames.interactions;
const user = (...rows: object[]) => ({ users: rows.map((row, i) => ({ user_id: i, ...row })) });
const mistakes: readonly (readonly [object, RegExp])[] = [
  [user({ job: 'a\tb' }), /data\.user: row 1, job: .*"a\\tb"$/],
  [user({ 'joined at': 1 }), /data\.user: .*"joined at"$/],
  [user({ 'a:b': 1 }), /data\.user: .*"a:b"$/],
  [user({ age: Infinity }), /data\.user: row 1, age: expected a finite number or a Date, found Infinity$/],
  [user({ tag: 'toys' }, { tag: ['toys', 'wood'] }), /row 2, tag: expected one value/],
  [user({ tag: ['toys'] }, { tag: 'toys wood' }), /row 2, tag: expected a list.*"toys wood"$/],
  [{ items: [{ item_id: 'a', kind: ['a b'] }] }, /data\.item: row 1, kind: .*\[ 'a b' \]$/],
  [user({ age: 30 }, { age: 'unknown' }), /row 2, age: expected a finite number or a Date, found "unknown"$/],
  [
    { interactions: [{ ...first, item_id: 2 ** 60 }, second] },
    /row 1, item_id: expected text, as numbers of/,
  ],
  [{ interactions: [{ ...first, timestamp: '2020-01-01' }, second] }, /row 1, timestamp: expected a finite/],
  [{ interactions: [first, { ...second, timestamp: -5 }] }, /row 2, timestamp: expected a number from 0 on/],
  [
    { interactions: [] },
    /data\.inter: expected rows with user_id, item_id, timestamp, found user_id in none$/,
  ],
  [{ users: [{ age: 5 }] }, /data\.user: expected rows with user_id, found user_id in none$/],
  [{ items: [{ item_id: 'a', kind: ['a\u0001'] }] }, /data\.item: row 1, kind: expected words/],
  [{ interactions: [first, { ...second, timestamp: null }] }, /data\.inter: row 2, timestamp: .*found null$/],
];

test('what the files cannot hold and a wrong card are told with their place before anything is written', () => {
  const folder = path.join(root, 'wrong');
  const refused = (changed: object, message: RegExp, own: object = card) =>
    assert.throws(() => writeDataset(folder, own, { ...frames, ...changed }), { name: 'UserError', message });
  for (const [changed, message] of mistakes) refused(changed, message);
  refused({}, /unknown key "nam"$/, { ...card, nam: 'x' });
  assert.equal(fs.existsSync(folder), false);
});

test('what a row lacks is an empty cell, in whatever row the column begins', () => {
  const folder = path.join(root, 'gaps');
  const users = people.map((user) => ({
    user_id: user,
    ...(user > 0 && { age: [null, Number.NaN, 20 + user][user % 3] }),
    ...(user > 0 && { town: [null, Number.NaN, 'Rome'][user % 3] }),
    ...(user === 11 && { joined: new Date(5000) }),
  }));
  writeDataset(folder, { ...card, tasks: { Books: card.tasks.Books } }, { ...frames, users });
  const table = loadDataset(folder).users;
  assert.deepEqual(table?.columnNames(), ['user_id', 'age', 'town', 'joined']);
  assert.deepEqual([...(table?.array('age') ?? [])].slice(0, 6), [NaN, NaN, 22, NaN, NaN, 25]);
  assert.deepEqual([table?.get('joined', 10), table?.get('joined', 11)], [NaN, 5]);
});
