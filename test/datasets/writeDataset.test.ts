import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadDataset } from '../../lib/datasets/loading/dataset';
import { openDataset, tryTasks } from '../../lib/datasets/open';
import { writeDataset } from '../../lib/datasets/writeDataset';
import { UserError } from '../../lib/userError';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'write-dataset-'));
after(() => fs.rmSync(root, { recursive: true }));

/** What a user is told, in one line. */
const userError = (message: RegExp) => (error: unknown) =>
  error instanceof UserError && message.test(error.message);

const people = Array.from({ length: 12 }, (_, i) => i);
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

test('data frames become a data set that is read back: ids, times, numbers and lists', () => {
  const folder = path.join(root, 'library');
  writeDataset(folder, card, frames);
  const { dataset, tasks } = openDataset(folder);
  assert.deepEqual(
    tasks.map(({ name, labels, instances }) => [name, labels, instances.length]),
    [
      ['Books', ['book0', 'book1'], 12],
      ['Young', ['young', 'old'], 12],
    ],
  );
  assert.deepEqual(dataset.users?.get('age', 3), 23);
  assert.deepEqual(fs.readFileSync(path.join(folder, 'data.inter'), 'utf8').split('\n').slice(0, 3), [
    'user_id:token\titem_id:token\ttimestamp:float',
    '0\ta\t0',
    '0\tb\t1',
  ]);
});

test('a folder that was written may be written again; another data set is left alone', () => {
  const folder = path.join(root, 'again');
  writeDataset(folder, card, frames);
  writeDataset(folder, { ...card, name: 'again' }, frames);
  assert.equal(loadDataset(folder).name, 'again');
  const other = path.join(root, 'other');
  fs.mkdirSync(other);
  fs.writeFileSync(path.join(other, 'dataset.json'), '{}');
  assert.throws(
    () => writeDataset(other, card, frames),
    userError(/other: expected a new folder or one written before, found another data set$/),
  );
  assert.equal(fs.readFileSync(path.join(other, 'dataset.json'), 'utf8'), '{}');
});

test('a wrong card, text with a tab and a list of words with a space are told before anything is written', () => {
  const folder = path.join(root, 'wrong');
  assert.throws(
    () => writeDataset(folder, { ...card, nam: 'x' }, frames),
    userError(/dataset\.json: unknown key "nam"$/),
  );
  assert.equal(fs.existsSync(folder), false);
  const users = [{ user_id: 0, job: 'a\tb' }];
  assert.throws(
    () => writeDataset(folder, card, { ...frames, users }),
    userError(
      /data\.user: row 1, job: expected text without tabs, line breaks and other control characters, found "a\\tb"$/,
    ),
  );
  const items = [{ item_id: 'a', kind: ['science fiction'] }];
  assert.throws(
    () => writeDataset(folder, card, { ...frames, items }),
    userError(/data\.item: row 1, kind: expected words without spaces, found \[ 'science fiction' \]$/),
  );
  assert.equal(fs.existsSync(folder), false);
});

test('names, control characters and kinds that the files cannot hold are told before anything is written', () => {
  const folder = path.join(root, 'wrong');
  const mistakes: readonly (readonly [readonly object[], RegExp])[] = [
    [
      [{ user_id: 0, 'joined at': 1 }],
      /data\.user: expected names of columns without spaces and colons, found "joined at"$/,
    ],
    [
      [{ user_id: 0, 'a:b': 1 }],
      /data\.user: expected names of columns without spaces and colons, found "a:b"$/,
    ],
    [
      [{ user_id: 0, job: 'a\u000bb' }],
      /row 1, job: expected text without tabs, line breaks and other control/,
    ],
    [
      [{ user_id: 0 }, { user_id: 1, tag: 'toys' }, { user_id: 2, tag: ['toys', 'wood'] }],
      /row 3, tag: expected one value, as the first of the column is, found \[ 'toys', 'wood' \]$/,
    ],
    [
      [
        { user_id: 0, tag: ['toys'] },
        { user_id: 1, tag: 'toys wood' },
      ],
      /row 2, tag: expected a list, as the first value of the column is, found "toys wood"$/,
    ],
  ];
  for (const [users, message] of mistakes)
    assert.throws(() => writeDataset(folder, card, { ...frames, users }), userError(message));
  assert.equal(fs.existsSync(folder), false);
});

test('what a row lacks is an empty cell, in whatever row the column begins', () => {
  const folder = path.join(root, 'gaps');
  const users = people.map((user) => ({
    user_id: user,
    ...(user > 0 && { age: [null, Number.NaN, 20 + user][user % 3] }),
    ...(user === 11 && { joined: new Date(5000) }),
  }));
  writeDataset(folder, { ...card, tasks: { Books: card.tasks.Books } }, { ...frames, users });
  const table = loadDataset(folder).users;
  assert.deepEqual(table?.columnNames(), ['user_id', 'age', 'joined']);
  assert.deepEqual([...(table?.array('age') ?? [])].slice(0, 6), [NaN, NaN, 22, NaN, NaN, 25]);
  assert.deepEqual([table?.get('joined', 10), table?.get('joined', 11)], [NaN, 5]);
});

test('a row without a time or an id and a number without end are told with their place', () => {
  const folder = path.join(root, 'wrong');
  const [first, ...others] = frames.interactions;
  assert.throws(
    () => writeDataset(folder, card, { ...frames, interactions: [first, { ...others[0], timestamp: null }] }),
    userError(/data\.inter: row 2, timestamp: expected a value, found null$/),
  );
  assert.throws(
    () => writeDataset(folder, card, { ...frames, users: [{ user_id: 0, age: Infinity }] }),
    userError(/data\.user: row 1, age: expected a finite number, found Infinity$/),
  );
  assert.equal(fs.existsSync(folder), false);
});

test('other tasks can be tried on a data set that was read', () => {
  const folder = path.join(root, 'library');
  writeDataset(folder, card, frames);
  const dataset = loadDataset(folder);
  const job = { kind: 'classify', label: 'job', length: 4 };
  assert.deepEqual(
    tryTasks(dataset, { Job: job }).map(({ name, labels }) => [name, labels]),
    [['Job', ['clerk', 'reader']]],
  );
  assert.throws(() => tryTasks(dataset, { Job: { ...job, label: 'jobs' } }), userError(/tasks\.Job.*jobs/));
});
