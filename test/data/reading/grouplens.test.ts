import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Dataset, loadDataset } from '../../../lib/data/loading/dataset';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { folderWith } from '../folders';
import { ML_25M } from './grouplens';
import { archiveOf, type Files, historiesIn, instancesOf, readFolder, refuses } from './readFolder';
import { zipped } from './zipped';

const HEADER = 'userId,movieId,rating,timestamp';

const HISTORIES = [
  ['1', ['4', '5', '1', '7', '2']],
  ['2', ['6', '5', '4', '7', '3']], // 5 and 4 tie and keep the order of the file
];

/** Items 1 and 6 are ColdRec-1's target, 2 and 3 are ColdRec-2's. */
const COLD = { 'ColdRec-1': ['1 1', '2 6'], 'ColdRec-2': ['1 2', '2 3'] };

/** The instances of all tasks, by name. */
const tasksOf = (dataset: Dataset) =>
  Object.fromEntries(buildTasks(dataset).map((task) => [task.name, instancesOf(task)]));

test('a folder and an archive of MovieLens have the titles, genres and tasks of the built-in card', async () => {
  const folder = folderWith(ML_25M);
  const archive = archiveOf(zipped('ml-x', { ...ML_25M, README: 'read me' }), 'ml-x.zip');
  assert.deepEqual(historiesIn(await readFolder(folder)), HISTORIES);
  const [unpacked, packed] = [loadDataset(folder), loadDataset(archive)];
  assert.equal(packed.name, 'ml-x');
  assert.deepEqual([tasksOf(unpacked), tasksOf(packed)], [COLD, COLD]);
  assert.deepEqual(packed.items?.objects(), unpacked.items?.objects());
  const titles = unpacked.items?.array('title').slice(0, 3);
  assert.deepEqual(titles, ['Alien Café (1979)', 'Ant, The (1999)', 'Bread "n" Jam (1988)']);
  const genres = unpacked.items?.array('genres') as string[][];
  assert.deepEqual(
    [genres[0], genres[1], genres[6]],
    [['Horror', 'Sci-Fi'], ['Animation', 'Children'], ['(no genres listed)']],
  );
});

test('compressed files of MovieLens are read', async () => {
  const packed = Object.entries(ML_25M).map(([name, text]) => [`${name}.gz`, gzipSync(text)]);
  assert.deepEqual(historiesIn(await readFolder(folderWith(Object.fromEntries(packed)))), HISTORIES);
});

refuses((files: Files) => folderWith({ ...ML_25M, ...files }), '', [
  ['a rating without a time', { 'ratings.csv': `${HEADER}\n1,5,4\n` }, /line 2, column timestamp: .* 3/],
  ['another header', { 'ratings.csv': 'user,movie,rating,time\n1,1,1,1\n' }, /columns: user: .*"userId"/],
  ['an open quote', { 'movies.csv': 'movieId,title,genres\n1,"A,D\n' }, /line 2, column 2: .*A,D/],
  [
    'a film twice',
    { 'movies.csv': 'movieId,title,genres\n4,C,War\n4,C,War\n' },
    /line 3, column movieId: .*"4"/,
  ],
]);
