import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { folderWith, tsv } from '../folders';
import { columnOf, historiesIn, readFolder } from './readFolder';

const CARD = {
  name: 'x',
  interactions: 'x.inter',
  users: 'x.user',
  tasks: { Age: { kind: 'classify', label: 'age', length: 3 } },
};
const HEADER = 'user_id:token age:float';
const INTERACTIONS = tsv('user_id:token item_id:token timestamp:float', '1 a 0');

interface Files {
  readonly users?: string | Uint8Array;
  readonly interactions?: string | Uint8Array;
  readonly card?: object;
}

function folderOf({ users = tsv(HEADER, '1 2'), interactions = INTERACTIONS, card }: Files): string {
  return folderWith({
    'dataset.json': JSON.stringify({ ...CARD, ...card }),
    'x.inter': interactions,
    'x.user': users,
  });
}

test('an empty number is NaN', () => {
  const folder = folderOf({ users: tsv(HEADER, '1 ', '2 7') });
  assert.deepEqual([...(loadDataset(folder).users?.array('age') ?? [])], [NaN, 7]);
});

test('each type of field is read as its own kind of column', () => {
  const header = tsv('user_id:token name:token_seq age:float at:float_seq');
  const folder = folderOf({ users: `${header}${tsv('1 Toy~Story 7.5 1~2.5', '2  -1e3 ')}` });
  const { users, dropped } = loadDataset(folder);
  assert.deepEqual(users?.array('user_id'), ['1', '2']);
  assert.deepEqual(users?.array('name'), [['Toy', 'Story'], []]);
  assert.deepEqual(users?.array('age'), [7.5, -1000]);
  assert.deepEqual(users?.array('at'), [[1, 2.5], []]);
  assert.deepEqual(dropped, []);
});

test('Windows line ends, a byte order mark and a missing last line end are read', async () => {
  const { users } = await readFolder(
    folderOf({ users: '\ufeffuser_id:token\tage:float\r\n1\t2\n3\t4\r\n5\t6' }),
  );
  assert.deepEqual(columnOf(users, 'user_id'), ['1', '3', '5']);
  assert.deepEqual(columnOf(users, 'age'), ['2', '4', '6']);
});

test('quotes are ordinary characters in a tab-separated file', async () => {
  const { users } = await readFolder(folderOf({ users: tsv('user_id:token title:token', '1 "8', '2 9"') }));
  assert.deepEqual(columnOf(users, 'title'), ['"8', '9"']);
});

test('a file that ends in .csv is comma-separated, with quotes where they are needed', async () => {
  const folder = folderWith({
    'dataset.json': JSON.stringify({ ...CARD, users: 'x.csv' }),
    'x.inter': INTERACTIONS,
    'x.csv': 'user_id:token,title:token\n1,"a, ""b"""\n"2",\n',
  });
  assert.deepEqual(columnOf((await readFolder(folder)).users, 'title'), ['a, "b"', '']);
});

test('a compressed file is read as what is in it', async () => {
  const folder = folderWith({
    'dataset.json': JSON.stringify({ ...CARD, interactions: 'x.inter.gz' }),
    'x.inter.gz': gzipSync(INTERACTIONS),
    'x.user': tsv(HEADER, '1 2'),
  });
  assert.deepEqual(historiesIn(await readFolder(folder)), [['1', ['a']]]);
});

test('users and items keep the order of first appearance, histories that of time and then of the file', async () => {
  const interactions = tsv(
    'item_id:token timestamp:float user_id:token',
    'c 5 bob',
    'a 2 ann',
    'b 2 ann',
    'a 1e0 bob',
    'c 0.5 ann',
  );
  const reading = await readFolder(folderOf({ interactions, users: tsv(HEADER, 'ann 1', 'bob 2') }));
  assert.deepEqual(historiesIn(reading), [
    ['bob', ['a', 'c']],
    ['ann', ['c', 'a', 'b']],
  ]);
  assert.deepEqual(reading.interactions.items, ['c', 'a', 'b']);
});

const TYPED = 'NAME:TYPE with type token, token_seq, float or float_seq';
const mistakes: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['an empty file', '', `line 1, column 1: expected ${TYPED}, found ""`],
  ['a file without rows', tsv(HEADER), 'line 2, column user_id: expected at least one row, found none'],
  [
    'a header without types',
    tsv('user_id age', '1 2'),
    'line 1, column 1: expected NAME:TYPE, or "columns" in the card, which `npm run data -- init PATH` proposes, found the columns user_id, age',
  ],
  [
    'an unknown type',
    tsv('user_id:token age:int', '1 2'),
    `line 1, column 2: expected ${TYPED}, found "age:int"`,
  ],
  ['a missing field', tsv('age:float', '1'), 'line 1, column user_id: expected user_id:token, found none'],
  [
    'a field of the wrong type',
    tsv('user_id:float', '1'),
    'line 1, column user_id: expected user_id:token, found float',
  ],
  [
    'a field twice',
    tsv('user_id:token a:float a:float', '1 2 3'),
    'line 1, column a: expected each field once, found it twice',
  ],
  ['a short row', tsv(HEADER, '1 2', '3'), 'line 3, column age: expected 2 tab-separated fields, found 1'],
  ['a long row', tsv(HEADER, '1 2 3'), 'line 2, column 3: expected 2 tab-separated fields, found 3'],
  [
    'a blank line',
    tsv(HEADER, '1 2', '', '3 4'),
    'line 3, column age: expected 2 tab-separated fields, found 1',
  ],
  [
    'a blank line at the end',
    tsv(HEADER, '1 2', ''),
    'line 3, column age: expected 2 tab-separated fields, found 1',
  ],
  ['a word for a number', tsv(HEADER, '1 old'), 'line 2, column age: expected a number, found "old"'],
  [
    'an infinite number',
    tsv(HEADER, '1 Infinity'),
    'line 2, column age: expected a number, found "Infinity"',
  ],
  [
    'a number too large for one',
    tsv(HEADER, '1 1e999'),
    'line 2, column age: expected a number, found "1e999"',
  ],
  ['no number', tsv(HEADER, '1 nan'), 'line 2, column age: expected a number, found "nan"'],
  [
    'a word among numbers',
    tsv('user_id:token at:float_seq', '1 2~x'),
    'line 2, column at: expected numbers separated by spaces, found "2 x"',
  ],
  ['an empty id', tsv(HEADER, ' 2'), 'line 2, column user_id: expected a value, found ""'],
  [
    'a user listed twice',
    tsv(HEADER, '1 2', '7 2', '1 3', 'x old'),
    'line 4, column user_id: expected each id once, found "1" again (first on line 2)',
  ],
  [
    'another encoding',
    Buffer.from('user_id:token\tage:float\nann\t1\nBj\xf6rk\t2\n', 'latin1'),
    'line 3, column 1: expected UTF-8 text (`iconv -f LATIN1 -t UTF-8` makes it of Latin-1; "encoding": "latin1" in the dataset.json of a table reads it), found the byte 0xf6',
  ],
  [
    'a control character',
    'user_id:token\tage:float\n1\t2\0\n',
    'line 2, column 2: expected text without control characters, found the byte 0x00',
  ],
  [
    'a line end of old Macs',
    'user_id:token\tage:float\r1\t2\r',
    'line 1, column 2: expected text without control characters, found the byte 0x0d',
  ],
  [
    'an endless line',
    `${tsv(HEADER)}${'1'.repeat(1_000_001)}\t2\n`,
    'line 2, column 1: expected at most 1000000 bytes in a line, found more',
  ],
];

for (const [mistake, users, message] of mistakes) {
  test(`${mistake} is one line that names file, line and column`, async () => {
    const folder = folderOf({ users });
    await assert.rejects(readFolder(folder), { name: 'UserError', message: `${folder}/x.user, ${message}` });
  });
}

const TIMED = 'user_id:token item_id:token timestamp:float';
const badInteractions: readonly (readonly [string, string, string])[] = [
  [
    'a negative time',
    tsv(TIMED, '1 a -1'),
    'line 2, column timestamp: expected a time of at least 0, found "-1"',
  ],
  ['an infinite time', tsv(TIMED, '1 a inf'), 'line 2, column timestamp: expected a number, found "inf"'],
  ['an empty item', tsv(TIMED, '1  1'), 'line 2, column item_id: expected a value, found ""'],
  [
    'an unknown user',
    tsv(TIMED, '1 a 1', '2 a 1'),
    'line 3, column user_id: expected a user of x.user, found "2"',
  ],
  [
    'no time',
    tsv('user_id:token item_id:token', '1 a'),
    'line 1, column timestamp: expected timestamp:float, found none',
  ],
];

for (const [mistake, interactions, message] of badInteractions) {
  test(`${mistake} among the interactions is one line that names file, line and column`, async () => {
    const folder = folderOf({ interactions });
    await assert.rejects(readFolder(folder), { name: 'UserError', message: `${folder}/x.inter, ${message}` });
  });
}

test('an unknown item is one line that names file, line and column', async () => {
  const folder = folderWith({
    'dataset.json': JSON.stringify({ ...CARD, items: 'x.item' }),
    'x.inter': tsv(TIMED, '1 a 1', '1 b 2', '1 c 3'),
    'x.user': tsv(HEADER, '1 2'),
    'x.item': tsv('item_id:token', 'a', 'c'),
  });
  await assert.rejects(readFolder(folder), {
    message: `${folder}/x.inter, line 3, column item_id: expected an item of x.item, found "b"`,
  });
});

test('bad rows are counted by reason where the card says drop', async () => {
  const users = tsv(HEADER, '1 2', '2 old', '3', '1 5', '4 none', '5 6', '6 7 8');
  const interactions = tsv(TIMED, '5 a 1', '2 b 1', '1 c 7', '5 d -3', '5 b 0', '2 b 1');
  const reading = await readFolder(folderOf({ users, interactions, card: { onBadRow: 'drop' } }));
  assert.deepEqual(columnOf(reading.users, 'user_id'), ['1', '5']);
  assert.deepEqual(historiesIn(reading), [
    ['5', ['b', 'a']],
    ['1', ['c']],
  ]);
  assert.deepEqual(reading.dropped, [
    { what: 'rows of x.inter', why: 'column user_id: expected a user of x.user', count: 2 },
    { what: 'rows of x.inter', why: 'column timestamp: expected a time of at least 0', count: 1 },
    { what: 'rows of x.user', why: 'column age: expected a number', count: 2 },
    { what: 'rows of x.user', why: 'column age: expected 2 tab-separated fields', count: 1 },
    { what: 'rows of x.user', why: 'column user_id: expected each id once', count: 1 },
    { what: 'rows of x.user', why: 'column 3: expected 2 tab-separated fields', count: 1 },
  ]);
});

test('a dropped row does not use up its id', async () => {
  const users = tsv(HEADER, '1 old', '1 5');
  const reading = await readFolder(folderOf({ users, card: { onBadRow: 'drop' } }));
  assert.deepEqual(columnOf(reading.users, 'age'), ['5']);
});

test('where every row is dropped there is nothing to read', async () => {
  const folder = folderOf({ interactions: tsv(TIMED, '7 a 1'), card: { onBadRow: 'drop' } });
  await assert.rejects(readFolder(folder), {
    message: `${folder}/x.inter, line 2, column user_id: expected at least one row, found none`,
  });
});

test('names and ids with quotes of SQL are data', async () => {
  const users = tsv(
    `user_id:token x"'--:token flaw:float rowid:token Rowid:token`,
    "1 ');~DROP~TABLE~users;~-- 1 9 8",
  );
  const reading = await readFolder(folderOf({ users, interactions: tsv(TIMED, "1 ''\" 1") }));
  assert.deepEqual(columnOf(reading.users, `x"'--`), ["'); DROP TABLE users; --"]);
  assert.deepEqual(
    ['flaw', 'rowid', 'Rowid'].map((name) => columnOf(reading.users, name)),
    [['1'], ['9'], ['8']],
  );
  assert.deepEqual(historiesIn(reading), [['1', ["''\""]]]);
});

const truncated = gzipSync(INTERACTIONS).subarray(0, -9);
const damaged: readonly (readonly [string, Uint8Array, string])[] = [
  ['a truncated gzip file', truncated, 'expected a whole compressed file, found unexpected end of file'],
  ['an empty gzip file', Buffer.of(), 'expected a whole compressed file, found unexpected end of file'],
  [
    'a gzip file that is none',
    Buffer.from(INTERACTIONS),
    'expected a whole compressed file, found incorrect header check',
  ],
  [
    'a gzip file with something behind it',
    Buffer.concat([gzipSync(INTERACTIONS), Buffer.alloc(7)]),
    'expected nothing after the compressed text, found 7 bytes',
  ],
  [
    'a gzip file that grows too large',
    gzipSync(Buffer.alloc(2 ** 25, INTERACTIONS)),
    'expected at most 16777216 bytes, found more',
  ],
];

for (const [mistake, content, message] of damaged) {
  test(`${mistake} is one line that names the file`, async () => {
    const folder = folderWith({
      'dataset.json': JSON.stringify({ ...CARD, interactions: 'x.inter.gz' }),
      'x.inter.gz': content,
      'x.user': tsv(HEADER, '1 2'),
    });
    await assert.rejects(readFolder(folder), {
      name: 'UserError',
      message: `${folder}/x.inter.gz: ${message}`,
    });
  });
}

test('numbers too large for one are refused in a sequence too', async () => {
  const folder = folderOf({ users: tsv('user_id:token at:float_seq', '1 2~1e999') });
  await assert.rejects(readFolder(folder), {
    message: `${folder}/x.user, line 2, column at: expected numbers separated by spaces, found "2 1e999"`,
  });
});
