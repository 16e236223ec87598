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
const forms: readonly (readonly [name: string, files: Files, instances: object])[] = [
  [
    '100K',
    ML_100K,
    { ...COLD, ...GENDERS, AgeEst: ['1 20-29', '2 60+'], LifeEst: ['1 student under 22', '2 50+'] },
  ],
  ['1M', ML_1M, { ...COLD, ...GENDERS, AgeEst: ['1 18-24', '2 56+'], LifeEst: ['1 student 18+', '2 50+'] }],
  ['25M', ML_25M, COLD],
];

for (const [name, files, instances] of forms) {
  test(`a folder and an archive of MovieLens ${name} have the tasks of the built-in card`, async () => {
    const folder = folderWith(files);
    const archive = archiveOf(zipped('ml-x', { ...files, README: 'read me' }), 'ml-x.zip');
    assert.deepEqual(historiesIn(await readFolder(folder)), HISTORIES);
    const [unpacked, packed] = [loadDataset(folder), loadDataset(archive)];
    assert.equal(packed.name, 'ml-x');
    assert.deepEqual([tasksOf(unpacked), tasksOf(packed)], [instances, instances]);
    assert.deepEqual(packed.items?.objects(), unpacked.items?.objects());
  });
}

test('titles are read in the encoding and with the quotes of their file', () => {
  const titles = ['Alien Café (1979)', 'Ant, The (1999)', 'Bread "n" Jam (1988)'];
  for (const [, files] of forms) {
    const { items } = loadDataset(folderWith(files));
    assert.deepEqual(items?.array('movie_title').slice(0, 3), titles);
  }
});

test('genres are a sequence in each of the forms', () => {
  const classes = forms.map(([, files]) => loadDataset(folderWith(files)).items?.array('class'));
  assert.deepEqual(classes[0]?.slice(0, 2), [
    ['Horror', 'Sci-Fi'],
    ['Animation', "Children's"],
  ]);
  assert.deepEqual(classes[1], classes[0]);
  assert.deepEqual(classes[2]?.slice(1, 2), [['Animation', 'Children']]);
  assert.deepEqual(classes[2]?.slice(6), [['(no genres listed)']]);
});

test('compressed files of MovieLens are read', async () => {
  const folder = folderWith({
    'ratings.csv.gz': gzipSync(ML_25M['ratings.csv']),
    'movies.csv.gz': gzipSync(ML_25M['movies.csv']),
  });
  assert.deepEqual(historiesIn(await readFolder(folder)), HISTORIES);
});

test('a card of the user may stand over the files of MovieLens', () => {
  const card = {
    name: 'mine',
    format: 'movielens',
    interactions: 'ratings.dat',
    users: 'users.dat',
    tasks: { Work: { kind: 'classify', label: 'occupation', length: 4 } },
  };
  const folder = folderWith({ ...ML_1M, 'dataset.json': JSON.stringify(card) });
  assert.deepEqual(tasksOf(loadDataset(folder)), { Work: ['1 college/grad student', '2 writer'] });
});

refuses((files: Files) => folderWith(files), '', [
  [
    'a rating without a time',
    { ...ML_1M, 'ratings.dat': '1::4::3::10\n1::5::4\n' },
    /ratings.dat, line 2, column timestamp: expected 4 fields.*found 3/,
  ],
  [
    'a genre that is neither 0 nor 1',
    { ...ML_100K, 'u.item': `7|Dust|||x|2${'|0'.repeat(18)}\n` },
    /u.item, line 1, column unknown: expected 0 or 1, found "2"/,
  ],
  [
    'another header',
    { ...ML_25M, 'ratings.csv': 'user,movie,rating,time\n1,1,1,1\n' },
    /ratings.csv, line 1, column 1: expected the header .*"user,movie,rating,time"/,
  ],
  [
    'a quote that does not end',
    { ...ML_25M, 'movies.csv': 'movieId,title,genres\n1,"Ant, The,Drama\n' },
    /movies.csv, line 2, column 2: expected double quotes.*Ant, The,Drama/,
  ],
  [
    'a film listed twice',
    { ...ML_1M, 'movies.dat': '4::Cliff::War\n4::Cliff::War\n' },
    /movies.dat, line 2, column item_id: expected each id once, found "4"/,
  ],
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
