import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { locate } from '../../../lib/datasets/loading/locate';
import { buildTasks } from '../../../lib/datasets/tasks/tasks';
import { folderWith, tsv } from '../folders';
import { newsFolder, withTask } from '../news';
import { ML_1M } from './grouplens';
import { historiesIn, readFolder } from './readFolder';
import { zipped } from './zipped';

const archiveOf = (content: Uint8Array) => join(folderWith({ 'ml.zip': content }), 'ml.zip');
const ARCHIVE = Buffer.from(zipped('ml', ML_1M));

test('a card in an archive stands over the files beside it', () => {
  const news = newsFolder();
  const names = ['dataset.json', 'news.inter', 'news.user', 'news.item'];
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(news, name))]));
  const archive = archiveOf(zipped('any/depth', files));
  assert.deepEqual(loadDataset(archive).histories, loadDataset(news).histories);
});

const NEWS = ['dataset.json', 'news.inter', 'news.user', 'news.item'] as const;
const newsFiles = (card: object = {}, split?: string) => {
  const folder = newsFolder({ card, ...(split === undefined ? {} : { split }) });
  const names = [...NEWS, ...(split === undefined ? [] : ['split.tsv'])];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
};

test('a split file may lie in the archive', () => {
  const videos = { kind: 'recommend', target: { field: 'tags', any: ['video'] }, length: 4 };
  const card = withTask('Videos', { ...videos, split: 'split.tsv' });
  const split = tsv('user_id label split negatives', 'ann x train ');
  const [task] = buildTasks(loadDataset(archiveOf(zipped('news', newsFiles(card, split)))));
  assert.deepEqual(task.given?.split, { train: [0], valid: [], test: [] });
});

test('what is compressed by itself is unpacked in an archive too, and noticed where it is damaged', () => {
  const split = tsv('user_id label split negatives', 'ann x train ');
  const videos = {
    kind: 'recommend',
    target: { field: 'tags', any: ['video'] },
    length: 4,
    split: 'split.tsv.gz',
  };
  const card = { ...withTask('Videos', videos), interactions: 'news.inter.gz' };
  const { 'news.inter': log, ...others } = newsFiles(card);
  const packed = gzipSync(log);
  const files = { ...others, 'news.inter.gz': packed, 'split.tsv.gz': gzipSync(split) };
  const dataset = loadDataset(archiveOf(zipped('news', files)));
  assert.deepEqual(dataset.histories, loadDataset(newsFolder()).histories);
  assert.deepEqual(buildTasks(dataset)[0].given?.split, { train: [0], valid: [], test: [] });
  const damaged = archiveOf(zipped('news', { ...files, 'news.inter.gz': packed.subarray(0, -9) }));
  assert.throws(() => loadDataset(damaged), /news\.inter\.gz: expected a whole compressed file, found/);
});

const nested = (files: Readonly<Record<string, string | Uint8Array>>) =>
  archiveOf(zipSync(Object.fromEntries(Object.entries(files).map(([name, to]) => [name, Buffer.from(to)]))));
const within = (folder: string, files: Readonly<Record<string, Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));

test('of files of one name, the one beside the card counts', () => {
  const archive = nested({ ...within('d', newsFiles()), 'd/old/news.inter': tsv('none') });
  assert.deepEqual(loadDataset(archive).histories, loadDataset(newsFolder()).histories);
});

test('files of one name in several folders are refused where none is beside the card', () => {
  const { 'news.inter': log, ...others } = newsFiles();
  const archive = nested({ ...within('d', others), 'd/a/news.inter': log, 'd/b/news.inter': log });
  assert.throws(() => loadDataset(archive), {
    name: 'UserError',
    message: `${archive}: interactions: expected one "news.inter", found a/news.inter and b/news.inter`,
  });
  const cards = nested({ ...within('a', newsFiles()), ...within('b', newsFiles()) });
  assert.throws(() => locate(cards), {
    name: 'UserError',
    message: `${cards}: expected one dataset.json, found a/dataset.json and b/dataset.json`,
  });
});

test('members that lead out of the folder are never written anywhere, and their names lead nowhere', async () => {
  const members = Object.entries(ML_1M).map(([name, content]) => [`../../${name}`, Buffer.from(content)]);
  const reading = await readFolder(archiveOf(zipSync(Object.fromEntries(members))));
  assert.equal(historiesIn(reading).length, 2);
});

/** The archive with the bytes of its first member's data, or of something else that is found by `where`, changed. */
function withByte(where: (archive: Buffer) => number, value: number): Uint8Array {
  const archive = Buffer.from(ARCHIVE);
  archive[where(archive)] = value;
  return archive;
}

const MAGIC = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
const bytesOf = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]));
const DRAWN = { T: { kind: 'recommend', target: { share: 0.5 }, perUser: 1, length: 2 } };
const STORED = Buffer.from(zipSync(bytesOf(ML_1M), { level: 0 }));

/** The archive of stored members with one digit of the first interaction changed. */
function withOtherDigit(): Uint8Array {
  const archive = Buffer.from(STORED);
  archive[archive.indexOf('ratings.dat') + 'ratings.dat'.length] ^= 1;
  return archive;
}

test('members that are stored, as Python does by default, are read', async () => {
  const reading = await readFolder(archiveOf(STORED));
  assert.deepEqual(historiesIn(reading), historiesIn(await readFolder(archiveOf(ARCHIVE))));
  const log = tsv('user_id:token item_id:token timestamp:float', ...new Array<string>(30_000).fill('1 2 3'));
  const long = archiveOf(
    zipSync(
      { ...newsFiles({ users: undefined, items: undefined, tasks: DRAWN }), 'news.inter': Buffer.from(log) },
      { level: 0 },
    ),
  );
  assert.equal(loadDataset(long).histories.itemAt.length, 30_000);
});

const mistakes: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    'an archive that is none',
    Buffer.from('1::2::3::4\n'),
    /ml\.zip: expected a zip archive, found no directory at its end$/,
  ],
  ['an empty file', Buffer.of(), /ml\.zip: expected a zip archive, found no directory at its end$/],
  [
    'a truncated archive',
    ARCHIVE.subarray(0, -30),
    /ml\.zip: expected a zip archive, found no directory at its end$/,
  ],
  [
    'a damaged directory',
    withByte((archive) => archive.indexOf(MAGIC), 0),
    /ml\.zip: expected a zip archive, found a damaged directory$/,
  ],
  [
    'a member that is not where the directory says',
    withByte(() => 0, 0),
    /ml\.zip: expected a zip archive, found no member where the directory says "ml\/ratings\.dat"$/,
  ],
  [
    'a damaged member',
    withByte((archive) => archive.indexOf(MAGIC) + 16, 0x55), // the checksum
    /ml\.zip\/ratings\.dat: expected a whole compressed file, found incorrect (data|length) check$/,
  ],
  [
    'a member packed in another way',
    withByte((archive) => archive.indexOf(MAGIC) + 10, 12), // the method
    /ml\.zip: "ml\/ratings\.dat": expected a deflated or stored member, found method 12$/,
  ],
  [
    'a damaged stored member',
    withOtherDigit(),
    /ml\.zip\/ratings\.dat: expected a whole compressed file, found incorrect data check$/,
  ],
  [
    'a member that grows too large',
    zipped('ml', { ...ML_1M, 'ratings.dat': Buffer.alloc(2 ** 25, ML_1M['ratings.dat']) }),
    /ml\.zip\/ratings\.dat: expected at most 16777216 bytes, found more$/,
  ],
];

for (const [mistake, content, message] of mistakes) {
  test(`${mistake} is one line that names the archive`, async () => {
    await assert.rejects(
      async () => readFolder(archiveOf(content)),
      ({ name, message: found }: Error) => name === 'UserError' && message.test(found),
    );
  });
}

test('a card that names what its archive lacks is one line', () => {
  const card = {
    name: 'x',
    interactions: 'x.inter',
    tasks: { T: { kind: 'classify', label: 'a', length: 2 } },
    users: 'u',
  };
  const archive = archiveOf(zipped('x', { 'dataset.json': JSON.stringify(card).padEnd(400) }));
  assert.throws(() => loadDataset(archive), {
    name: 'UserError',
    message: `${archive}: interactions: expected a file in the archive, found no "x.inter"`,
  });
});

test('an archive without a known data set is unknown', () => {
  const archive = archiveOf(zipped('x', { README: 'nothing here '.repeat(9) }));
  assert.throws(() => locate(archive), /^UserError: unknown data set/);
});

test('an archive is found under its name in the folder of data sets', () => {
  const folder = folderWith({});
  writeFileSync(join(folder, 'films.zip'), ARCHIVE);
  assert.equal(locate(join(folder, 'films.zip')).card.name, 'films');
});
