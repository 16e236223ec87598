import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { evaluationNegatives } from '../../../lib/data/tasks/negatives';
import { splitInstances } from '../../../lib/data/tasks/split';
import { buildTasks } from '../../../lib/data/tasks/tasks';
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

const mistakes: readonly (readonly [what: string, expected: RegExp, task: object, ...rows: string[]])[] = [
  ['a wrong header', /line 1, column 1: .*"user\\tlabel/, VIDEOS, 'user label split negatives'],
  ['a short row', /line 2, column negatives: expected 4 .*found 3/, VIDEOS, HEADER, 'ann z test'],
  ['an unknown user', /line 3, column user_id: .*"cid"/, VIDEOS, HEADER, 'ann z test ', 'cid z test '],
  ['a source item as label', /line 2, column label: .*"a"/, VIDEOS, HEADER, 'ann a test '],
  ['an unknown part', /line 2, column split: .*"dev"/, VIDEOS, HEADER, 'ann z dev '],
  ['an unknown negative', /line 2, column negatives: .*"a"/, VIDEOS, HEADER, 'ann z test x~a'],
  [
    'a negative twice',
    /line 3, column negatives: .*"w"/,
    VIDEOS,
    HEADER,
    'ann z test w',
    'dan z valid w~x~w',
  ],
  ['a negative of a class', /line 2, column negatives: .*"m"/, SEX, HEADER, 'ann f test m'],
];

for (const [what, expected, task, ...rows] of mistakes) {
  test(`${what} in a split file is refused in one line that names the place`, () => {
    const message = new RegExp(`split.tsv, ${expected.source}`);
    const folder = folderWithSplit(task, ...rows);
    assert.throws(() => buildTasks(loadDataset(folder)), { name: 'UserError', message });
  });
}
