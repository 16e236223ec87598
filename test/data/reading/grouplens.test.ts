import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Dataset, loadDataset } from '../../../lib/data/loading/dataset';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { inProject } from '../../../lib/setup/tools/project';
import { folderWith } from '../folders';
import { FLAGS, ML_1M, ML_25M, ML_100K } from './grouplens';
import { archiveOf, type Files, historiesIn, instancesOf, readFolder, refuses } from './readFolder';
import { zipped } from './zipped';

const HISTORIES = [
  ['1', ['4', '5', '1', '7', '2']],
  ['2', ['6', '5', '4', '7', '3']], // 5 and 4 tie and keep the order of the file
];

/** Items 1 and 6 are ColdRec-1's target, 2 and 3 are ColdRec-2's. */
const COLD = { 'ColdRec-1': ['1 1', '2 6'], 'ColdRec-2': ['1 2', '2 3'] };

/** The instances of all tasks, by name. */
const tasksOf = (dataset: Dataset) =>
  Object.fromEntries(buildTasks(dataset).map((task) => [task.name, instancesOf(task)]));

const GENDERS = { GenEst: ['1 F', '2 M'] };
const AGES_100K = { AgeEst: ['1 20-29', '2 60+'], LifeEst: ['1 student under 22', '2 50+'] };
const AGES_1M = { AgeEst: ['1 18-24', '2 56+'], LifeEst: ['1 student 18+', '2 50+'] };
const forms: readonly (readonly [
  name: string,
  files: Files,
  instances: object,
  children: string,
  none: string[],
])[] = [
  ['100K', ML_100K, { ...COLD, ...GENDERS, ...AGES_100K }, "Children's", []],
  ['1M', ML_1M, { ...COLD, ...GENDERS, ...AGES_1M }, "Children's", []],
  ['25M', ML_25M, COLD, 'Children', ['(no genres listed)']],
];

for (const [name, files, instances, children, none] of forms) {
  test(`a folder and an archive of MovieLens ${name} have the titles, genres and tasks of the built-in card`, async () => {
    const folder = folderWith(files);
    const archive = archiveOf(zipped('ml-x', { ...files, README: 'read me' }), 'ml-x.zip');
    assert.deepEqual(historiesIn(await readFolder(folder)), HISTORIES);
    const [unpacked, packed] = [loadDataset(folder), loadDataset(archive)];
    assert.equal(packed.name, 'ml-x');
    assert.deepEqual([tasksOf(unpacked), tasksOf(packed)], [instances, instances]);
    assert.deepEqual(packed.items?.objects(), unpacked.items?.objects());
    const titles = unpacked.items?.array('movie_title').slice(0, 3);
    assert.deepEqual(titles, ['Alien Café (1979)', 'Ant, The (1999)', 'Bread "n" Jam (1988)']);
    const genres = unpacked.items?.array('class') as string[][];
    assert.deepEqual(
      [genres[0], genres[1], genres[6]],
      [['Horror', 'Sci-Fi'], ['Animation', children], none],
    );
  });
}

test('compressed files of MovieLens are read', async () => {
  const packed = Object.entries(ML_25M).map(([name, text]) => [`${name}.gz`, gzipSync(text)]);
  assert.deepEqual(historiesIn(await readFolder(folderWith(Object.fromEntries(packed)))), HISTORIES);
});

test('a card of the user may stand over the files of MovieLens', () => {
  const tasks = { Work: { kind: 'classify', label: 'occupation', length: 4 } };
  const files = { interactions: 'ratings.dat', users: 'users.dat' };
  const card = { name: 'mine', format: 'movielens', ...files, tasks };
  const folder = folderWith({ ...ML_1M, 'dataset.json': JSON.stringify(card) });
  assert.deepEqual(tasksOf(loadDataset(folder)), { Work: ['1 college/grad student', '2 writer'] });
});

const broken = (form: Files, name: string, text: string): Files => ({ ...form, [name]: text });
const OTHER = 'user,movie,rating,time';
refuses((files: Files) => folderWith(files), '', [
  [
    'a rating without a time',
    broken(ML_1M, 'ratings.dat', '1::5::4\n'),
    /.dat, line 1, column timestamp: .* 3/,
  ],
  [
    'a flag of 2',
    broken(ML_100K, 'u.item', `7|D|||x|2${'|0'.repeat(18)}\n`),
    /line 1, column unknown: .*"2"/,
  ],
  ['another header', broken(ML_25M, 'ratings.csv', `${OTHER}\n1,1,1,1\n`), /line 1, column 1: .*"user,movie/],
  [
    'an open quote',
    broken(ML_25M, 'movies.csv', 'movieId,title,genres\n1,"A,D\n'),
    /line 2, column 2: .*A,D/,
  ],
  ['a film twice', broken(ML_1M, 'movies.dat', '4::C::War\n4::C::War\n'), /line 2, column item_id: .*"4"/],
]);

const data = inProject('data/movielens-100k');
const skip = existsSync(join(data, 'ml-100k.inter'))
  ? false
  : 'MovieLens-100K is not there: run npm run setup';

/** RecBole's files of MovieLens-100K in the form in which GroupLens ships them. */
function asShipped(): Files {
  const rows = (name: string) => {
    const [, ...lines] = readFileSync(join(data, name), 'utf8').trimEnd().split('\n');
    return lines.map((line) => line.split('\t'));
  };
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  const films = rows('ml-100k.item').map(([id, title, year, classes]) => {
    const flags = FLAGS.map((genre) => (classes.split(' ').includes(genre) ? 1 : 0));
    return [id, title, year, '', '', ...flags].join('|');
  });
  return {
    'u.data': text(rows('ml-100k.inter').map((row) => row.join('\t'))),
    'u.user': text(rows('ml-100k.user').map((row) => row.join('|'))),
    'u.item': Buffer.from(text(films), 'latin1'),
  };
}

test('MovieLens-100K as GroupLens ships it gives the tasks that RecBole files give', { skip }, () => {
  const shipped = buildTasks(loadDataset(folderWith(asShipped())));
  assert.deepEqual(shipped, buildTasks(loadDataset('movielens-100k')));
});
