import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { locate } from '../../../lib/datasets/loading/locate';
import { readAuthorsRows } from '../../../lib/datasets/reading/formats/authors';
import { indexer, tokenize } from '../../../lib/datasets/reading/formats/authorsTokens';
import { buildTasks } from '../../../lib/datasets/tasks/tasks';
import { folderWith } from '../folders';
import { columnOf, historiesIn, readFolder } from './readFolder';

const CARD = {
  name: 'authors',
  format: 'authors',
  interactions: 'finetune.csv',
  tasks: {
    Cold: {
      kind: 'recommend',
      target: { field: 'domain', any: ['target'] },
      perUser: 3,
      length: 9,
      minSource: 1,
    },
  },
};

interface Files {
  readonly pretraining?: string;
  readonly finetuning: string;
  readonly card?: object;
}

function folderOf({ pretraining, finetuning, card }: Files): string {
  return folderWith({
    'dataset.json': JSON.stringify({
      ...CARD,
      ...(pretraining === undefined ? {} : { pretraining: 'pretrain.csv' }),
      ...card,
    }),
    'finetune.csv': finetuning,
    ...(pretraining === undefined ? {} : { 'pretrain.csv': pretraining }),
  });
}

const FINETUNING = '5,6,7,,11,12\n0,5,8,,12\n0,0,9,,5\n';

test('a line is a user with his sources and his targets, without the padding', async () => {
  const reading = await readFolder(folderOf({ finetuning: FINETUNING }));
  assert.deepEqual(historiesIn(reading), [
    ['1', ['5', '6', '7', 'target:11', 'target:12']],
    ['2', ['5', '8', 'target:12']],
    ['3', ['9', 'target:5']], // 5 as a target is another item than 5 as a source
  ]);
  assert.deepEqual(columnOf(reading.items, 'item_id'), [
    '5',
    '6',
    '7',
    '8',
    '9',
    'target:11',
    'target:12',
    'target:5',
  ]);
  assert.deepEqual(columnOf(reading.items, 'domain')?.slice(3, 6), ['source', 'source', 'target']);
});

test('the lines of a pre-training file are users without targets, and come first', async () => {
  const reading = await readFolder(folderOf({ pretraining: '7,5\n0,7\n', finetuning: FINETUNING }));
  assert.deepEqual(historiesIn(reading).slice(0, 3), [
    ['p1', ['7', '5']],
    ['p2', ['7']],
    ['1', ['5', '6', '7', 'target:11', 'target:12']],
  ]);
  assert.deepEqual(reading.interactions.items.slice(0, 2), ['7', '5']);
});

test('the targets are the instances', () => {
  const [{ instances, source, labels }] = buildTasks(loadDataset(folderOf({ finetuning: FINETUNING })));
  assert.deepEqual(
    instances.map(({ user, label }) => `${source.users[user]} ${labels[label]}`),
    ['1 target:11', '1 target:12', '2 target:12', '3 target:5'],
  );
});

const mistakes: readonly (readonly [string, Files, string])[] = [
  [
    'a line without targets',
    { finetuning: '1,2,,3\n1,2,3\n' },
    'finetune.csv, line 2, column 1: expected items, two commas and targets, found "1,2,3"',
  ],
  [
    'a line with targets twice',
    { finetuning: '1,2,,3,,4\n' },
    'finetune.csv, line 1, column 1: expected items, two commas and targets, found "1,2,,3,,4"',
  ],
  [
    'padding on the right',
    { pretraining: '1,2\n3,0\n', finetuning: FINETUNING },
    'pretrain.csv, line 2, column 2: expected padding 0 on the left only, found "0"',
  ],
  [
    "an id that the authors' loader cuts",
    { finetuning: '1,HelloWorld,,3\n' },
    `finetune.csv, line 1, column 2: expected an id that the authors' loader keeps whole, found "HelloWorld"`,
  ],
  [
    'a target with a blank',
    { finetuning: '1,2,,3,4 5\n' },
    `finetune.csv, line 1, column 5: expected an id that the authors' loader keeps whole, found "4 5"`,
  ],
  [
    'padding as a target',
    { finetuning: '1,2,,3,0\n' },
    'finetune.csv, line 1, column 5: expected a target, found "0"',
  ],
  [
    'a line without a target',
    { finetuning: '1,2,,\n' },
    'finetune.csv, line 1, column 4: expected a target, found ""',
  ],
  [
    'a line separator of Unicode in an id',
    { finetuning: '1,2,,3\n1,4\u20285,,3\n' },
    `finetune.csv, line 2, column 2: expected an id that the authors' loader keeps whole, found "4\u20285"`,
  ],
  [
    'a blank line',
    { pretraining: '1\n\n', finetuning: FINETUNING },
    'pretrain.csv, line 2, column 1: expected an item, found ""',
  ],
  [
    'an empty file',
    { finetuning: '' },
    'finetune.csv, line 1, column 1: expected at least one row, found none',
  ],
];

for (const [mistake, files, message] of mistakes) {
  test(`${mistake} is one line that names file, line and column`, async () => {
    const folder = folderOf(files);
    await assert.rejects(readFolder(folder), { name: 'UserError', message: `${folder}/${message}` });
  });
}

test('bad lines are counted where the card says drop, and the others keep their numbers', async () => {
  const finetuning = '1,2,3\n1,2,,3\n4,0,,3\n4,,3\n';
  const reading = await readFolder(folderOf({ finetuning, card: { onBadRow: 'drop' } }));
  assert.deepEqual(historiesIn(reading), [
    ['2', ['1', '2', 'target:3']],
    ['4', ['4', 'target:3']],
  ]);
  assert.deepEqual(reading.dropped, [
    { what: 'rows of finetune.csv', why: 'column 1: expected items, two commas and targets', count: 1 },
    { what: 'rows of finetune.csv', why: 'column 2: expected padding 0 on the left only', count: 1 },
  ]);
});

/** By hand from the three alternatives of the tokenizer's expression, tried in this order at each place. */
const tokens: readonly (readonly [string, string[]])[] = [
  ['12,0,7\r\n', ['12', '0', '7']],
  ['a1,-5,3.5,x y', ['a1', '-5', '3', '5', 'x', 'y']],
  ['GoodDay,ABc,AB7', ['Good', 'Day', 'ABc', 'AB', '7']],
  ["it's,,_", ["it's", '_']],
  ['', []],
];

for (const [text, expected] of tokens) {
  test(`the tokens of ${JSON.stringify(text)}`, () => assert.deepEqual(tokenize(text), expected));
}

test('ids count from 1 by first appearance', () => {
  const { tokens: known, idOf } = indexer();
  assert.deepEqual(['b', 'a', 'b', '0'].map(idOf), [1, 2, 1, 3]);
  assert.deepEqual(known, ['b', 'a', '0']);
});

test("rows are in the authors' own numbers, padding and all", async () => {
  const { folder, card } = locate(folderOf({ pretraining: '0,4,,3\n', finetuning: '0,3,5,,7,3\n5,,7\n' }));
  const { sources, targets, rows } = await readAuthorsRows(folder, card, folderWith({}));
  assert.deepEqual(
    [sources, targets],
    [
      ['0', '4', '3', '5'],
      ['7', '3'],
    ],
  );
  assert.deepEqual(rows, [
    { source: [1, 2, 3], targets: [] }, // an empty cell is skipped
    { source: [1, 3, 4], targets: [1, 2] },
    { source: [4], targets: [1] },
  ]);
});
