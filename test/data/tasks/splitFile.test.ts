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
import { CARD, newsFolder, newsTasks, withTask } from '../news';
import { instancesOf } from '../reading/readFolder';

const HEADER = 'user_id label split negatives';
/** The tasks of the news, of which one has a split file of these rows. */
function tasksWith(name: 'Videos' | 'Sex', ...rows: string[]) {
  const card = withTask(name, { ...CARD.tasks[name], split: 'split.tsv' });
  return newsTasks({ card, split: tsv(...rows) });
}

test('a split file gives instances, parts and negatives', () => {
  const rows = ['ann z test w', 'ann x train ', 'dan y valid x~w', 'bob x test '];
  const [task] = tasksWith('Videos', HEADER, ...rows); // labels z x y w, source users ann bob dan
  assert.deepEqual(instancesOf(task), ['ann z', 'ann x', 'dan y', 'bob x']);
  assert.deepEqual(splitInstances(task, 7), { train: [1], valid: [2], test: [0, 3] });
  assert.deepEqual(evaluationNegatives(task, [0, 2], 7), [Int32Array.of(3), Int32Array.of(1, 3)]);
});

test('a split file whose name ends in .gz is unpacked, and one that is damaged is one line', () => {
  const folder = newsFolder({ card: withTask('Videos', { ...CARD.tasks.Videos, split: 'split.tsv.gz' }) });
  const file = join(folder, 'split.tsv.gz');
  const packed = gzipSync(tsv(HEADER, 'ann z test w', 'dan z train '));
  writeFileSync(file, packed);
  assert.deepEqual(splitInstances(buildTasks(loadDataset(folder))[0], 7).test, [0]);
  writeFileSync(file, packed.subarray(0, -9));
  const message = `${file}: expected a whole compressed file, found unexpected end of file`;
  assert.throws(() => buildTasks(loadDataset(folder)), { name: 'UserError', message });
});

test('a pair of the split file is a known target even where the interactions lack it', () => {
  const [task] = tasksWith('Videos', HEADER, 'bob x test ');
  assert.deepEqual(task.known[1], [1]);
  assert.deepEqual([...evaluationNegatives(task, [0], 7)[0]].sort(), [0, 2, 3]);
});

test('a split file of a classification task names classes', () => {
  const [, task] = tasksWith('Sex', HEADER, 'dan m train ', 'ann f test ');
  assert.deepEqual(instancesOf(task), ['dan m', 'ann f']);
});

const mistakes: readonly (readonly [what: string, expected: RegExp, ...rows: string[]])[] = [
  ['a wrong header', /line 1, column 1: .*"user\\tlabel/, 'user label split negatives'],
  ['a short row', /line 2, column negatives: expected 4 .*found 3/, HEADER, 'ann z test'],
  ['an unknown user', /line 3, column user_id: .*"cid"/, HEADER, 'ann z test ', 'cid z test '],
  ['a source item as label', /line 2, column label: .*"a"/, HEADER, 'ann a test '],
  ['an unknown part', /line 2, column split: .*"dev"/, HEADER, 'ann z dev '],
  ['an unknown negative', /line 2, column negatives: .*"a"/, HEADER, 'ann z test x~a'],
  ['a negative twice', /line 2, column negatives: .*"w"/, HEADER, 'dan z valid w~x~w'],
  ['a negative of a class', /line 2, column negatives: .*"m"/, HEADER, 'ann f test m'],
];

for (const [what, expected, ...rows] of mistakes) {
  test(`${what} in a split file is refused in one line that names the place`, () => {
    const message = new RegExp(`split.tsv, ${expected.source}`);
    const name = what.endsWith('class') ? 'Sex' : 'Videos';
    assert.throws(() => tasksWith(name, ...rows), { name: 'UserError', message });
  });
}
