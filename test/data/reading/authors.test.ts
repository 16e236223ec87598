import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { folderWith } from '../folders';
import { columnOf, historiesIn, instancesOf, readFolder, refuses } from './readFolder';

const target = { field: 'domain', any: ['target'] };
const CARD = {
  name: 'authors',
  format: 'authors',
  interactions: 'finetune.csv',
  tasks: { Cold: { kind: 'recommend', target, perUser: 3, length: 9, minSource: 1 } },
};

const FINETUNING = '5,6,7,,11,12\n0,5,8,,12\n0,0,9,,5\n';

function folderOf(finetuning: string, pretraining?: string, card: object = {}): string {
  const own = pretraining === undefined ? {} : { pretraining: 'pretrain.csv' };
  return folderWith({
    'dataset.json': JSON.stringify({ ...CARD, ...own, ...card }),
    'finetune.csv': finetuning,
    'pretrain.csv': pretraining ?? '',
  });
}

test('a line is a user with his sources and his targets, without the padding', async () => {
  const folder = folderOf(FINETUNING);
  const reading = await readFolder(folder);
  assert.deepEqual(historiesIn(reading), [
    ['1', ['5', '6', '7', 'target:11', 'target:12']],
    ['2', ['5', '8', 'target:12']],
    ['3', ['9', 'target:5']], // 5 as a target is another item than 5 as a source
  ]);
  const items = ['5', '6', '7', '8', '9', 'target:11', 'target:12', 'target:5'];
  assert.deepEqual(columnOf(reading.items, 'item_id'), items);
  assert.deepEqual(columnOf(reading.items, 'domain')?.slice(4, 6), ['source', 'target']);
  const [task] = buildTasks(loadDataset(folder));
  assert.deepEqual(instancesOf(task), ['1 target:11', '1 target:12', '2 target:12', '3 target:5']);
});

test('the lines of a pre-training file are users without targets, and come first', async () => {
  const reading = await readFolder(folderOf(FINETUNING, '7,5\n0,,7\n')); // an empty cell is skipped
  assert.deepEqual(historiesIn(reading).slice(0, 3), [
    ['p1', ['7', '5']],
    ['p2', ['7']],
    ['1', ['5', '6', '7', 'target:11', 'target:12']],
  ]);
  assert.deepEqual(reading.interactions.items.slice(0, 2), ['7', '5']);
});

refuses((lines: string) => folderOf(lines), 'finetune.csv, ', [
  ['no targets', '1,2,,3\n1,2,3\n', /line 2, column 1.*"1,2,3"/],
  ['targets twice', '1,2,,3,,4\n', /line 1, column 1.*"1,2,,3,,4"/],
  ['a name for an item', '1,HelloWorld,,3\n', /line 1, column 2.*"HelloWorld"/],
  ['a target with a blank', '1,2,,3,4 5\n', /line 1, column 5.*"4 5"/],
  ['padding as a target', '1,2,,3,0\n', /line 1, column 5.*"0"/],
  ['no target', '1,2,,\n', /line 1, column 4.*""/],
  ["Unicode's line separator", '1,2,,3\n1,4\u20285,,3\n', /line 2, column 2.*"4\u20285"/],
  ['an empty file', '', /line 1, column 1.*none/],
]);
refuses((lines: string) => folderOf(FINETUNING, lines), 'pretrain.csv, ', [
  ['padding on the right', '1,2\n3,0\n', /line 2, column 2.*"0"/],
  ['a blank line', '1\n\n', /line 2, column 1.*""/],
]);

test('bad lines are counted where the card says drop, and the others keep their numbers', async () => {
  const reading = await readFolder(
    folderOf('1,2,3\n1,2,,3\n4,0,,3\n4,,3\n', undefined, { onBadRow: 'drop' }),
  );
  assert.deepEqual(historiesIn(reading), [
    ['2', ['1', '2', 'target:3']],
    ['4', ['4', 'target:3']],
  ]);
  const what = 'rows of finetune.csv';
  assert.deepEqual(reading.dropped, [
    { what, why: 'column 1: expected items, two commas and targets', count: 1 },
    { what, why: 'column 2: expected padding 0 on the left only', count: 1 },
  ]);
});
