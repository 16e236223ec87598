import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { buildTasks } from '../../../lib/datasets/tasks/tasks';
import { folderWith } from '../folders';
import { columnOf, historiesIn, readFolder } from './readFolder';

const CARD = {
  name: 'tenrec',
  format: 'tenrec',
  interactions: 'QB-video.csv',
  tasks: {
    Cold: {
      kind: 'recommend',
      target: { field: 'video_category', any: ['7', '8'] },
      perUser: 2,
      length: 5,
      minSource: 1,
    },
    Gender: { kind: 'classify', label: 'gender', source: 'Cold' },
  },
};
const HEADER = 'user_id,item_id,click,follow,like,share,video_category,watching_times,gender,age';
const ROWS = [
  '9,b,1,0,0,0,1,2.5,1,3',
  '9,a,0,0,0,0,1,0,1,3',
  '4,c,1,0,1,0,7,1,2,5',
  '9,c,1,0,0,1,7,1,1,3',
  '4,b,1,0,0,0,1,4,2,5',
  '4,d,1,1,0,0,8,1,2,5',
  '4,a,1,0,0,0,1,1,2,5',
];

const csv = (rows: readonly string[], header = HEADER) =>
  [header, ...rows].map((line) => `${line}\n`).join('');
const folderOf = (content: string, card: object = {}) =>
  folderWith({ 'dataset.json': JSON.stringify({ ...CARD, ...card }), 'QB-video.csv': content });

test('further columns may be called as what every object has', () => {
  const rows = ROWS.map((row) => `${row},`);
  const { histories } = loadDataset(folderOf(csv(rows, `${HEADER},constructor`)));
  assert.deepEqual(histories.users, ['9', '4']);
});

test('clicks are the interactions, in the order of the file', async () => {
  const reading = await readFolder(folderOf(csv(ROWS)));
  assert.deepEqual(historiesIn(reading), [
    ['9', ['b', 'c']],
    ['4', ['c', 'b', 'd', 'a']],
  ]);
});

test('users and items are those of all rows, with what the rows say of them', async () => {
  const { users, items } = await readFolder(folderOf(csv(ROWS)));
  assert.deepEqual(users?.columns, [
    ['9', '4'],
    ['1', '2'],
    ['3', '5'],
  ]);
  assert.deepEqual(items?.columns, [
    ['b', 'a', 'c', 'd'],
    ['1', '1', '7', '8'],
  ]);
});

test('tasks are built from the categories and the profiles', () => {
  const tasks = buildTasks(loadDataset(folderOf(csv(ROWS))));
  const instances = tasks.map(({ instances, source, labels }) =>
    instances.map(({ user, label }) => `${source.users[user]} ${labels[label]}`),
  );
  assert.deepEqual(instances, [
    ['9 c', '4 c', '4 d'],
    ['9 1', '4 2'],
  ]);
});

test('columns may stand in any order, compressed or as Parquet', async () => {
  const order = [9, 0, 6, 2, 1, 3, 4, 5, 8, 7];
  const turned = [HEADER, ...ROWS].map((row) => order.map((c) => row.split(',')[c]).join(','));
  const content = csv(turned.slice(1), turned[0]);
  const folder = folderWith({
    'dataset.json': JSON.stringify({ ...CARD, interactions: 'x.csv.gz' }),
    'x.csv.gz': gzipSync(content),
    'x.csv': content,
  });
  const parquet = folderWith({ 'dataset.json': JSON.stringify({ ...CARD, interactions: 'x.parquet' }) });
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (FROM read_csv('${folder}/x.csv')) TO '${parquet}/x.parquet' (FORMAT PARQUET)`);
  const expected = await readFolder(folderOf(csv(ROWS)));
  assert.deepEqual(await readFolder(folder), expected);
  assert.deepEqual(await readFolder(parquet), expected);
});

const mistakes: readonly (readonly [string, string, string])[] = [
  [
    'a missing column',
    csv(['1'], 'user_id'),
    `line 1, column item_id: expected the columns ${HEADER.replaceAll(',', ', ')}, found none of this name`,
  ],
  [
    'a click that is no flag',
    csv(['9,b,2,0,0,0,1,2,1,3']),
    'line 2, column click: expected 0 or 1, found "2"',
  ],
  ['a short row', csv(['9,b,1']), 'line 2, column follow: expected 10 comma-separated fields, found 3'],
  [
    'two genders of one user',
    csv([...ROWS, '9,a,1,0,0,0,1,2,2,3']),
    'line 9, column gender: expected one gender for each user_id, found "2"',
  ],
  [
    'two categories of one item',
    csv([...ROWS, '9,a,1,0,0,0,7,2,1,3']),
    'line 9, column video_category: expected one video_category for each item_id, found "7"',
  ],
  [
    'no click',
    csv(['9,b,0,0,0,0,1,2,1,3']),
    'line 2, column user_id: expected at least one interaction, found none',
  ],
];

for (const [mistake, content, message] of mistakes) {
  test(`${mistake} is one line that names file, line and column`, async () => {
    const folder = folderOf(content);
    await assert.rejects(readFolder(folder), {
      name: 'UserError',
      message: `${folder}/QB-video.csv, ${message}`,
    });
  });
}

test('a row that contradicts an earlier one is counted where the card says drop', async () => {
  const reading = await readFolder(folderOf(csv([...ROWS, '9,a,1,0,0,0,1,2,2,3']), { onBadRow: 'drop' }));
  assert.deepEqual(reading.dropped, [
    { what: 'rows of QB-video.csv', why: 'column gender: expected one gender for each user_id', count: 1 },
  ]);
  assert.deepEqual(columnOf(reading.users, 'gender'), ['1', '2']);
});
