import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { locate } from '../../../lib/data/loading/locate';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { tsv } from '../folders';
import { newsFolder, withTask } from '../news';
import { ML_25M } from './grouplens';
import { archiveOf, type Files, historiesIn, readFolder, refuses } from './readFolder';
import { zipped } from './zipped';

const ARCHIVE = Buffer.from(zipped('ml', ML_25M));

/** The files of the news, under names that begin with `within`. */
function newsFiles(within = '', card: object = {}): Record<string, Buffer> {
  const folder = newsFolder({ card });
  const names = ['dataset.json', 'news.inter', 'news.user', 'news.item'];
  return Object.fromEntries(names.map((name) => [`${within}${name}`, readFileSync(join(folder, name))]));
}

/** An archive of members by their whole names; level 0 stores them. */
const membersOf = (files: Files, level: 0 | 9 = 9) =>
  archiveOf(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, to]) => [name, Buffer.from(to)])), {
      level,
    }),
  );

test('an archive is read as its folder is, with a split file, and with what is compressed by itself', () => {
  const split = tsv('user_id label split negatives', 'ann x train ');
  const target = { field: 'tags', any: ['video'] };
  const card = withTask('Videos', { kind: 'recommend', target, length: 4, split: 'split.tsv.gz' });
  const { 'd/news.inter': log, ...others } = newsFiles('d/', { ...card, interactions: 'news.inter.gz' });
  const packed = gzipSync(log);
  const files = { ...others, 'd/split.tsv.gz': gzipSync(split), 'd/old/news.inter.gz': 'another' };
  const dataset = loadDataset(membersOf({ ...files, 'd/news.inter.gz': packed }));
  assert.deepEqual(dataset.histories, loadDataset(newsFolder()).histories);
  assert.deepEqual(buildTasks(dataset)[0].given?.split, { train: [0], valid: [], test: [] });
  const damaged = membersOf({ ...files, 'd/news.inter.gz': packed.subarray(0, -9) });
  assert.throws(() => loadDataset(damaged), /news\.inter\.gz: expected a whole compressed file, found/);
});

test('an archive has one card', () => {
  const cards = membersOf({ ...newsFiles('a/'), ...newsFiles('b/') });
  assert.throws(() => locate(cards), /x\.zip: expected one dataset\.json, found a\/.* and b\//);
});

test('members that lead out of the folder are never written anywhere, and their names lead nowhere', () => {
  const outside = Object.entries(ML_25M).map(([name, content]) => [`../../${name}`, content]);
  assert.deepEqual(Object.keys(locate(membersOf(Object.fromEntries(outside))).card.tasks).length, 2);
  const card = { interactions: '../news.inter' };
  const archive = membersOf({ ...newsFiles('d/', card), 'news.inter': newsFiles()['news.inter'] });
  assert.throws(
    () => loadDataset(archive),
    /interactions: expected a file in the archive, found no "\.\.\/news/,
  );
});

test('members that are stored, as Python does by default, are read', async () => {
  const stored = await readFolder(membersOf(ML_25M, 0));
  assert.deepEqual(historiesIn(stored), historiesIn(await readFolder(archiveOf(ARCHIVE))));
});

const DIRECTORY = ARCHIVE.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
const END = ARCHIVE.length - 22;

/** The archive with other bytes somewhere. */
function withBytes(at: number, ...bytes: number[]): Uint8Array {
  const archive = Buffer.from(ARCHIVE);
  archive.set(bytes, at);
  return archive;
}

/** The archive of stored members with one digit of the first interaction changed. */
function withOtherDigit(): Uint8Array {
  const archive = Buffer.from(zipped('ml', ML_25M, 0));
  archive[archive.indexOf('ratings.csv') + 'ratings.csv'.length] ^= 1;
  return archive;
}

const large = { ...ML_25M, 'ratings.csv': Buffer.alloc(2 ** 25, ML_25M['ratings.csv']) };
refuses((content: Uint8Array) => archiveOf(content), '', [
  ['an archive that is none', Buffer.from('1::2::3::4\n'), /x\.zip: .*no directory/],
  ['an empty file', Buffer.of(), /x\.zip: .*no directory/],
  ['a truncated archive', ARCHIVE.subarray(0, -30), /x\.zip: .*no directory/],
  ['a damaged directory', withBytes(DIRECTORY, 0), /x\.zip: .*a damaged directory/],
  ['a member elsewhere', withBytes(0, 0), /x\.zip: .*no member where.*"ratings\.csv"/],
  ['a damaged member', withBytes(DIRECTORY + 16, 0x55), /x\.zip\/ratings\.csv: .*whole compressed file/],
  ['a damaged stored member', withOtherDigit(), /x\.zip\/ratings\.csv: .*whole compressed file/],
  ['a member packed in another way', withBytes(DIRECTORY + 10, 12), /"ml\/ratings\.csv".*method 12/],
  ['a member that grows too large', zipped('ml', large), /x\.zip\/ratings\.csv: expected at most 16777216/],
  ['ZIP64', withBytes(END + 16, 255, 255, 255, 255), /x\.zip: .*found ZIP64: unpack it/],
  ['a member of ZIP64', withBytes(DIRECTORY + 24, 255, 255, 255, 255), /x\.zip: .*found ZIP64: unpack it/],
  ['no known data set', zipped('x', { README: 'nothing here '.repeat(9) }), /unknown data set/],
]);

test('an archive without a card is called by its name, whatever macOS puts beside the files', () => {
  assert.equal(locate(archiveOf(ARCHIVE, 'films.zip')).card.name, 'films');
  const files = Object.entries(ML_25M).flatMap(([name, text]) => [
    [`__MACOSX/ml/._${name}`, 'x'],
    [`ml/${name}`, text],
  ]);
  assert.match(locate(membersOf(Object.fromEntries(files))).card.name, /./);
});
