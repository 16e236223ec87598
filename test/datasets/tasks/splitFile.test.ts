import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { evaluationNegatives } from '../../../lib/datasets/tasks/negatives';
import { splitInstances } from '../../../lib/datasets/tasks/split';
import { withSplitFile } from '../../../lib/datasets/tasks/splitFile';
import { buildTasks } from '../../../lib/datasets/tasks/tasks';
import { tsv } from '../folders';
import { newsFolder, withTask } from '../news';

const HEADER = 'user_id label split negatives';
const VIDEOS = {
  kind: 'recommend',
  target: { field: 'tags', any: ['video', 'clip'] },
  length: 4,
  minSource: 2,
  split: 'split.tsv',
};
const SEX = { kind: 'classify', label: 'sex', source: 'Videos', split: 'split.tsv' };

function folderWithSplit(task: object, ...rows: string[]): string {
  const name = task === SEX ? 'Sex' : 'Videos';
  return newsFolder({ card: withTask(name, task), split: tsv(...rows) });
}

test('negatives between spaces cannot be told where ids have spaces themselves', () => {
  const folder = folderWithSplit(VIDEOS, HEADER, 'ann z test x');
  const file = join(folder, 'split.tsv');
  const targets = {
    labels: ['10', '2', '10 2'],
    known: [[0]],
    instances: [],
    dropped: [],
  };
  const text = (negatives: string) => `${HEADER.replaceAll(' ', '\t')}\nann\t10\ttest\t${negatives}\n`;
  const read = (negatives: string) => withSplitFile({ file, text: text(negatives) }, targets, ['ann']);
  assert.throws(() => read('10 2'), {
    name: 'UserError',
    message: `${file}, line 2, column negatives: expected none, as spaces stand between them and in ids of the target domain, found "10 2"`,
  });
  assert.deepEqual(read('').given.negatives, [Int32Array.of()]);
});

test('a split file gives instances, parts and negatives', () => {
  const folder = folderWithSplit(
    VIDEOS,
    HEADER,
    'ann z test w',
    'ann x train ',
    'dan y valid x~w',
    'bob x test ',
  );
  const [task] = buildTasks(loadDataset(folder));
  const { labels, source } = task; // labels z x y w, source users ann bob dan
  assert.deepEqual(
    task.instances.map(({ user, label }) => `${source.users[user]} ${labels[label]}`),
    ['ann z', 'ann x', 'dan y', 'bob x'],
  );
  assert.deepEqual(splitInstances(task, 7), { train: [1], valid: [2], test: [0, 3] });
  assert.deepEqual(evaluationNegatives(task, [0, 2], 7), [Int32Array.of(3), Int32Array.of(1, 3)]);
});

test('a split file whose name ends in .gz is unpacked, and one that is damaged is one line', () => {
  const folder = newsFolder({ card: withTask('Videos', { ...VIDEOS, split: 'split.tsv.gz' }) });
  const file = join(folder, 'split.tsv.gz');
  const packed = gzipSync(tsv(HEADER, 'ann z test w', 'dan z train '));
  writeFileSync(file, packed);
  assert.deepEqual(splitInstances(buildTasks(loadDataset(folder))[0], 7).test, [0]);
  writeFileSync(file, packed.subarray(0, -9));
  assert.throws(() => buildTasks(loadDataset(folder)), {
    name: 'UserError',
    message: `${file}: expected a whole compressed file, found unexpected end of file`,
  });
});

test('a pair of the split file is a known target even where the interactions lack it', () => {
  const [task] = buildTasks(loadDataset(folderWithSplit(VIDEOS, HEADER, 'bob x test ')));
  assert.deepEqual(task.known[1], [1]);
  assert.deepEqual([...evaluationNegatives(task, [0], 7)[0]].sort(), [0, 2, 3]);
});

test('a split file of a classification task names classes', () => {
  const folder = folderWithSplit(SEX, HEADER, 'dan m train ', 'ann f test ');
  const task = buildTasks(loadDataset(folder))[1];
  assert.deepEqual(task.instances, [
    { user: 2, label: 1 },
    { user: 0, label: 0 },
  ]);
});

const mistakes: readonly (readonly [string, object, readonly string[], string])[] = [
  [
    'a wrong header',
    VIDEOS,
    ['user label split negatives'],
    'line 1, column 1: expected the header user_id label split negatives, found "user\\tlabel\\tsplit\\tnegatives"',
  ],
  [
    'a short row',
    VIDEOS,
    [HEADER, 'ann z test'],
    'line 2, column negatives: expected 4 tab-separated fields, found 3',
  ],
  [
    'an unknown user',
    VIDEOS,
    [HEADER, 'ann z test ', 'cid z test '],
    'line 3, column user_id: expected a user of the source, found "cid"',
  ],
  [
    'a source item as label',
    VIDEOS,
    [HEADER, 'ann a test '],
    'line 2, column label: expected a label of the task, found "a"',
  ],
  [
    'an unknown part',
    VIDEOS,
    [HEADER, 'ann z dev '],
    'line 2, column split: expected train, valid or test, found "dev"',
  ],
  [
    'an unknown negative',
    VIDEOS,
    [HEADER, 'ann z test x~a'],
    'line 2, column negatives: expected item ids of the target domain, found "a"',
  ],
  [
    'a negative that comes again',
    VIDEOS,
    [HEADER, 'ann z test w', 'dan z valid w~x~w'],
    'line 3, column negatives: expected each item once, found "w"',
  ],
  [
    'a negative of a class',
    SEX,
    [HEADER, 'ann f test m'],
    'line 2, column negatives: expected item ids of the target domain, found "m"',
  ],
];

for (const [mistake, task, rows, message] of mistakes) {
  test(`${mistake} in a split file is one line that names file, line and column`, () => {
    const folder = folderWithSplit(task, ...rows);
    assert.throws(() => buildTasks(loadDataset(folder)), {
      name: 'UserError',
      message: `${folder}/split.tsv, ${message}`,
    });
  });
}
