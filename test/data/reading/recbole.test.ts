import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { folderWith, tsv } from '../folders';
import { columnOf, type Files, historiesIn, readFolder, refuses, requireRefused } from './readFolder';

const CARD = {
  name: 'x',
  interactions: 'x.inter',
  users: 'x.user',
  tasks: { Age: { kind: 'classify', label: 'age', length: 3 } },
};
const HEADER = 'user_id:token age:float';
const TIMED = 'user_id:token item_id:token timestamp:float';

/** Small sound files, some of them replaced, and the card with some keys replaced. */
const folderOf = (files: Files, card: object = {}) =>
  folderWith({
    'dataset.json': JSON.stringify({ ...CARD, ...card }),
    'x.inter': tsv(TIMED, '1 a 0'),
    'x.user': tsv(HEADER, '1 2'),
    ...files,
  });

test('each type of field is read as its own kind of column', () => {
  const header = tsv('user_id:token name:token_seq age:float at:float_seq');
  const rows = tsv('1 Toy~Story 7.5 1~2.5', '2  -1e3 ', '3   ');
  const { users, dropped } = loadDataset(folderOf({ 'x.user': `${header}${rows}` }));
  assert.deepEqual(users?.array('user_id'), ['1', '2', '3']);
  assert.deepEqual(users?.array('name'), [['Toy', 'Story'], [], []]);
  assert.deepEqual([...(users?.array('age') ?? [])], [7.5, -1000, Number.NaN]);
  assert.deepEqual(users?.array('at'), [[1, 2.5], [], []]);
  assert.deepEqual(dropped, []);
});

const forms: readonly (readonly [what: string, users: string, title: readonly string[], card?: object])[] = [
  ['Windows line ends', '\ufeffuser_id:token\ttitle:token\r\n1\t2\n3\t4\r\n5\t6', ['2', '4', '6']],
  ['quotes of its own', tsv('user_id:token title:token', '1 "8', '2 9"'), ['"8', '9"']],
  ['commas', 'user_id:token,title:token\n1,"a, ""b"""\n"2",\n', ['a, "b"', ''], { users: 'x.csv' }],
];

for (const [what, users, titles, card] of forms) {
  test(`a file with ${what} is read as what it says`, async () => {
    const read = await readFolder(folderOf({ 'x.user': users, 'x.csv': users }, card));
    assert.deepEqual(columnOf(read.users, 'title'), titles);
  });
}

test('users and items keep the order of first appearance, histories that of time and then of the file', async () => {
  const rows = ['c 5 bob', 'a 2 ann', 'b 2 ann', 'a 1e0 bob', 'c 0.5 ann'];
  const interactions = gzipSync(tsv('item_id:token timestamp:float user_id:token', ...rows));
  const files = { 'x.inter.gz': interactions, 'x.user': tsv(HEADER, 'ann 1', 'bob 2') };
  const reading = await readFolder(folderOf(files, { interactions: 'x.inter.gz' }));
  assert.deepEqual(historiesIn(reading), [
    ['bob', ['a', 'c']],
    ['ann', ['c', 'a', 'b']],
  ]);
  assert.deepEqual(reading.interactions.items, ['c', 'a', 'b']);
});

refuses((users: string | Uint8Array) => folderOf({ 'x.user': users }), 'x.user, ', [
  ['an empty file', '', /line 1, column 1: expected NAME:TYPE.*""/],
  ['a file without rows', tsv(HEADER), /line 2, column user_id: expected at least one row/],
  ['a header without types', tsv('user_id age', '1 2'), /line 1, column 1: .*"columns".*"user_id"/],
  ['an unknown type', tsv('user_id:token age:int', '1 2'), /line 1, column 2: .*"age:int"/],
  ['a missing field', tsv('age:float', '1'), /line 1, column user_id: .*found none/],
  ['a field of the wrong type', tsv('user_id:float', '1'), /line 1, column user_id: .*found float/],
  ['a field twice', tsv('user_id:token a:float a:float', '1 2 3'), /line 1, column a: .*twice/],
  ['a short row', tsv(HEADER, '1 2', '3'), /line 3, column age: expected 2 .*found 1/],
  ['a long row', tsv(HEADER, '1 2 3'), /line 2, column 3: expected 2 .*found 3/],
  ['a blank line', tsv(HEADER, '1 2', '', '3 4'), /line 3, column age: expected 2 .*found 1/],
  ['a blank line at the end', tsv(HEADER, '1 2', ''), /line 3, column age: expected 2 .*found 1/],
  ['a word for a number', tsv(HEADER, '1 old'), /line 2, column age: expected a number, found "old"/],
  ['an infinite number', tsv(HEADER, '1 Infinity'), /line 2, column age: .*"Infinity"/],
  ['a number too large', tsv(HEADER, '1 1e999'), /line 2, column age: .*"1e999"/],
  ['no number', tsv(HEADER, '1 nan'), /line 2, column age: .*"nan"/],
  ['a word among numbers', tsv('user_id:token at:float_seq', '1 2~x'), /line 2, column at: .*"2 x"/],
  [
    'a large one among numbers',
    tsv('user_id:token at:float_seq', '1 2~1e999'),
    /line 2, column at: .*"2 1e9/,
  ],
  ['an empty id', tsv(HEADER, ' 2'), /line 2, column user_id: expected a value, found ""/],
  ['a user twice', tsv(HEADER, '1 2', '7 2', '1 3', 'x old'), /line 4, column user_id: .*once, found "1"/],
  ['Latin-1', Buffer.from(tsv(HEADER, 'ann 1', 'Bj\xf6rk 2'), 'latin1'), /line 3, column 1: .*UTF-8.*0xf6/],
  ['a control character', tsv(HEADER, '1 2\0'), /line 2, column 2: .*0x00/],
  ['a line end of old Macs', tsv(HEADER).replace('\n', '\r1\t2\r'), /line 1, column 2: .*0x0d/],
  ['an old Mac line end at the end', `${tsv(HEADER)}1\t2\r`, /line 2, column 2: .*0x0d/],
  ['an endless line', `${tsv(HEADER)}${'1'.repeat(1_000_001)}\t2\n`, /line 2, column 1: .*1000000 bytes/],
]);

const withLog = (log: string) =>
  folderOf({ 'x.inter': log, 'x.item': tsv('item_id:token', 'a', 'c') }, { items: 'x.item' });
refuses(withLog, 'x.inter, ', [
  ['a negative time', tsv(TIMED, '1 a -1'), /line 2, column timestamp: .*at least 0, found "-1"/],
  ['an infinite time', tsv(TIMED, '1 a inf'), /line 2, column timestamp: .*"inf"/],
  ['an empty item', tsv(TIMED, '1  1'), /line 2, column item_id: .*""/],
  ['an unknown user', tsv(TIMED, '1 a 1', '2 a 1'), /line 3, column user_id: .*x.user, found "2"/],
  ['an unknown item', tsv(TIMED, '1 a 1', '1 b 2'), /line 3, column item_id: .*x.item, found "b"/],
  ['no time', tsv('user_id:token item_id:token', '1 a'), /line 1, column timestamp: .*found none/],
]);

test('bad rows are counted by reason where the card says drop; a dropped row does not use up its id', async () => {
  const users = tsv(HEADER, '1 2', '2 old', '3', '1 5', '4 none', '5 6', '6 7 8', '7 x', '7 9');
  const interactions = tsv(TIMED, '5 a 1', '2 b 1', '1 c 7', '5 d -3', '5 b 0', '2 b 1');
  const files = { 'x.user': users, 'x.inter': interactions };
  const folder = folderOf(files, { onBadRow: 'drop' });
  const reading = await readFolder(folder);
  assert.deepEqual(loadDataset(folder).dropped, reading.dropped);
  assert.deepEqual(columnOf(reading.users, 'user_id'), ['1', '5', '7']);
  assert.deepEqual(historiesIn(reading), [
    ['5', ['b', 'a']],
    ['1', ['c']],
  ]);
  assert.deepEqual(reading.dropped, [
    { what: 'rows of x.inter', why: 'column user_id: expected a user of x.user', count: 2 },
    { what: 'rows of x.inter', why: 'column timestamp: expected a time of at least 0', count: 1 },
    { what: 'rows of x.user', why: 'column age: expected a number', count: 3 },
    { what: 'rows of x.user', why: 'column age: expected 2 fields separated by tabs', count: 1 },
    { what: 'rows of x.user', why: 'column user_id: expected each id once', count: 1 },
    { what: 'rows of x.user', why: 'column 3: expected 2 fields separated by tabs', count: 1 },
  ]);
});

test('where every row is dropped there is nothing to read', () =>
  requireRefused(
    folderOf({ 'x.inter': tsv(TIMED, '7 a 1') }, { onBadRow: 'drop' }),
    /x.inter, line 2, column user_id: expected at least one row/,
  ));

test('names and ids with quotes of SQL are data', async () => {
  const header = `user_id:token x"'--:token flaw:float rowid:token Rowid:token`;
  const users = tsv(header, "1 ');~DROP~TABLE~users;~-- 1 9 8");
  const reading = await readFolder(folderOf({ 'x.user': users, 'x.inter': tsv(TIMED, "1 ''\" 1") }));
  const cells = [`x"'--`, 'flaw', 'rowid', 'Rowid'].map((name) => columnOf(reading.users, name));
  assert.deepEqual(cells, [["'); DROP TABLE users; --"], ['1'], ['9'], ['8']]);
  assert.deepEqual(historiesIn(reading), [['1', ["''\""]]]);
});

const sound = gzipSync(tsv(TIMED, '1 a 0'));
const packed = (content: Uint8Array) => folderOf({ 'x.inter.gz': content }, { interactions: 'x.inter.gz' });
refuses(packed, 'x.inter.gz: expected .*', [
  ['a truncated gzip file', sound.subarray(0, -9), /whole .*unexpected end of file/],
  ['an empty gzip file', Buffer.of(), /whole .*unexpected end of file/],
  ['a gzip file that is none', Buffer.from(tsv(TIMED, '1 a 0')), /whole .*incorrect header/],
  ['a gzip file with an end', Buffer.concat([sound, Buffer.alloc(7)]), /nothing after.*found 7 bytes/],
  ['a gzip file that grows', gzipSync(Buffer.alloc(2 ** 25, tsv(TIMED, '1 a 0'))), /at most 16777216 bytes/],
]);

test('a Parquet file is asked to be read as a table', () =>
  requireRefused(
    folderOf({ 'x.parquet': 'PAR1' }, { interactions: 'x.parquet' }),
    /x.parquet: expected text; with "columns" in the card/,
  ));
