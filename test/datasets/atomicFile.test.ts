import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAtomicFile } from '../../lib/datasets/atomicFile';
import { folderWith, tsv } from './folders';

const FORMAT = { required: { id: 'token' }, unique: 'id', onBadRow: 'error' } as const;
const HEADER = 'id:token age:float';

function fileWith(content: string | Buffer): string {
  return join(folderWith({ 'x.user': content as string }), 'x.user');
}

test('each type of field is read as its own kind of column', () => {
  const file = fileWith(
    tsv('id:token name:token_seq age:float at:float_seq', '1 Toy~Story 7.5 1~2', '2  -1e3 '),
  );
  const { table, dropped } = readAtomicFile(file, FORMAT);
  assert.deepEqual(table.array('id'), ['1', '2']);
  assert.deepEqual(table.array('name'), [['Toy', 'Story'], []]);
  assert.deepEqual(table.array('age'), [7.5, -1000]);
  assert.deepEqual(table.array('at'), [[1, 2], []]);
  assert.deepEqual(dropped, []);
});

test('Windows line ends, a byte order mark and a missing last line end are read', () => {
  const { table } = readAtomicFile(fileWith('\ufeffid:token\tage:float\r\n1\t2\r\n3\t4'), FORMAT);
  assert.deepEqual(table.array('id'), ['1', '3']);
  assert.deepEqual(table.array('age'), [2, 4]);
});

test('quotes are ordinary characters', () => {
  const { table } = readAtomicFile(fileWith(tsv('id:token title:token', '1 "8', '2 9"')), FORMAT);
  assert.deepEqual(table.array('title'), ['"8', '9"']);
});

const mistakes: readonly (readonly [string, string, string])[] = [
  [
    'an empty file',
    '',
    'line 1, column 1: expected NAME:TYPE with type token, token_seq, float or float_seq, found ""',
  ],
  ['a file without rows', tsv(HEADER), 'line 2, column id: expected at least one row, found none'],
  [
    'a header without types',
    tsv('id age', '1 2'),
    'line 1, column 1: expected NAME:TYPE with type token, token_seq, float or float_seq, found "id"',
  ],
  [
    'an unknown type',
    tsv('id:token age:int', '1 2'),
    'line 1, column 2: expected NAME:TYPE with type token, token_seq, float or float_seq, found "age:int"',
  ],
  ['a missing field', tsv('age:float', '1'), 'line 1, column id: expected id:token, found none'],
  ['a field of the wrong type', tsv('id:float', '1'), 'line 1, column id: expected id:token, found float'],
  [
    'a field twice',
    tsv('id:token a:float a:float', '1 2 3'),
    'line 1, column a: expected each field once, found it twice',
  ],
  ['a short row', tsv(HEADER, '1 2', '3'), 'line 3, column age: expected 2 tab-separated fields, found 1'],
  ['a long row', tsv(HEADER, '1 2 3'), 'line 2, column 3: expected 2 tab-separated fields, found 3'],
  [
    'a blank line',
    tsv(HEADER, '1 2', '', '3 4'),
    'line 3, column age: expected 2 tab-separated fields, found 1',
  ],
  ['a word for a number', tsv(HEADER, '1 old'), 'line 2, column age: expected a number, found "old"'],
  [
    'an infinite number',
    tsv(HEADER, '1 Infinity'),
    'line 2, column age: expected a number, found "Infinity"',
  ],
  ['nothing for a number', tsv(HEADER, '1 '), 'line 2, column age: expected a number, found ""'],
  [
    'a word among numbers',
    tsv('id:token at:float_seq', '1 2~x'),
    'line 2, column at: expected numbers separated by spaces, found "2 x"',
  ],
  ['an empty id', tsv(HEADER, ' 2'), 'line 2, column id: expected a value, found ""'],
  [
    'an id twice',
    tsv(HEADER, '1 2', '7 2', '1 3'),
    'line 4, column id: expected each id once, found "1" again (first on line 2)',
  ],
];

for (const [mistake, content, message] of mistakes) {
  test(`${mistake} is one line that names file, line and column`, () => {
    const file = fileWith(content);
    assert.throws(() => readAtomicFile(file, FORMAT), { name: 'UserError', message: `${file}, ${message}` });
  });
}

test('bad rows are counted by reason where the card says drop', () => {
  const file = fileWith(tsv(HEADER, '1 2', '2 old', '3', '1 5', '4 none', '5 6'));
  const { table, dropped } = readAtomicFile(file, { ...FORMAT, onBadRow: 'drop' });
  assert.deepEqual(table.array('id'), ['1', '5']);
  assert.deepEqual(dropped, [
    { what: 'rows of x.user', why: 'column age: expected a number', count: 2 },
    { what: 'rows of x.user', why: 'column age: expected 2 tab-separated fields', count: 1 },
    { what: 'rows of x.user', why: 'column id: expected each id once', count: 1 },
  ]);
});

test('a dropped row does not use up its id', () => {
  const file = fileWith(tsv(HEADER, '1 old', '1 5'));
  assert.deepEqual(readAtomicFile(file, { ...FORMAT, onBadRow: 'drop' }).table.array('age'), [5]);
});

test('an absent file and text in another encoding are one line', () => {
  const absent = join(folderWith({}), 'x.user');
  assert.throws(() => readAtomicFile(absent, FORMAT), {
    name: 'UserError',
    message: `${absent}: expected a readable file (ENOENT)`,
  });
  const latin1 = fileWith(Buffer.from('id:token\nBj\xf6rk\n', 'latin1'));
  assert.throws(() => readAtomicFile(latin1, FORMAT), {
    name: 'UserError',
    message: `${latin1}: expected UTF-8 text of at most 512 MB`,
  });
});
