import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { folderWith } from '../folders';
import { columnOf, historiesIn, instancesOf, readFolder, refuses } from './readFolder';

const target = { field: 'video_category', any: ['7', '8'] };
const CARD = {
  name: 'tenrec',
  format: 'tenrec',
  interactions: 'QB-video.csv',
  tasks: {
    Cold: { kind: 'recommend', target, perUser: 2, length: 5, minSource: 1 },
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

test('clicks are the interactions in the order of the file; users and items are those of all rows', async () => {
  const reading = await readFolder(folderOf(csv(ROWS)));
  assert.deepEqual(historiesIn(reading), [
    ['9', ['b', 'c']],
    ['4', ['c', 'b', 'd', 'a']],
  ]);
  assert.deepEqual(reading.users?.columns, [
    ['9', '4'],
    ['1', '2'],
    ['3', '5'],
  ]);
  assert.deepEqual(reading.items?.columns, [
    ['b', 'a', 'c', 'd'],
    ['1', '1', '7', '8'],
  ]);
});

test('tasks are built from the categories and the profiles', () => {
  const tasks = buildTasks(loadDataset(folderOf(csv(ROWS))));
  assert.deepEqual(tasks.map(instancesOf), [
    ['9 c', '4 c', '4 d'],
    ['9 1', '4 2'],
  ]);
});

test('columns may stand in any order, among others, and compressed', async () => {
  const order = [9, 0, 6, 2, 1, 3, 4, 5, 8, 7];
  const turned = [HEADER, ...ROWS].map((row) => order.map((c) => row.split(',')[c]).join(','));
  const content = csv(
    turned.slice(1).map((row) => `${row},`),
    `${turned[0]},constructor`, // called as what every object has
  );
  const card = JSON.stringify({ ...CARD, interactions: 'x.csv.gz' });
  const folder = folderWith({ 'dataset.json': card, 'x.csv.gz': gzipSync(content) });
  assert.deepEqual(await readFolder(folder), await readFolder(folderOf(csv(ROWS))));
});

refuses(folderOf, 'QB-video.csv, ', [
  ['a missing column', csv(['1'], 'user_id'), /line 1, column item_id.*none/],
  ['a click that is no flag', csv(['9,b,2,0,0,0,1,2,1,3']), /line 2, column click: expected 0 or 1.*"2"/],
  ['a short row', csv(['9,b,1']), /line 2, column follow: expected 10 .*found 3/],
  ['two genders of one user', csv([...ROWS, '9,a,1,0,0,0,1,2,2,3']), /line 9, column gender.*"2"/],
  ['two categories of an item', csv([...ROWS, '9,a,1,0,0,0,7,2,1,3']), /line 9, column video_category.*"7"/],
  ['no click', csv(['9,b,0,0,0,0,1,2,1,3']), /line 2, column user_id: .*click = '1'/],
]);

test('a row that contradicts an earlier one is counted where the card says drop', async () => {
  const reading = await readFolder(folderOf(csv([...ROWS, '9,a,1,0,0,0,1,2,2,3']), { onBadRow: 'drop' }));
  assert.deepEqual(reading.dropped, [
    { what: 'rows of QB-video.csv', why: 'column gender: expected one gender for each user_id', count: 1 },
  ]);
  assert.deepEqual(columnOf(reading.users, 'gender'), ['1', '2']);
});
