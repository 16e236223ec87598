import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeFields } from '../../../lib/datasets/describe/describe';
import { loadDataset } from '../../../lib/datasets/loading/dataset';
import { tryTasks } from '../../../lib/datasets/open';
import { buildTasks } from '../../../lib/datasets/tasks/tasks';
import { folderWith } from '../folders';
import { columnOf, historiesIn, readFolder } from './readFolder';
import { zipped } from './zipped';

/** A shop: ann bought b before a, bob bought a, cid "c". */
const CARD = {
  name: 'shop',
  interactions: 'log.csv',
  columns: { user: 'who', item: 'what', time: 'at' },
  tasks: { Rest: { kind: 'recommend', target: { share: 0.5 }, perUser: 1, length: 5, minSource: 1 } },
};
const LOG = 'who,what,at\nann,a,7\nbob,a,3\nann,b,5\ncid,"""c"", d",4\n';
const BOUGHT = [
  ['ann', ['b', 'a']],
  ['bob', ['a']],
  ['cid', ['"c", d']],
];

type Files = Readonly<Record<string, string | Uint8Array>>;
const folderOf = (files: Files, card: object = {}) =>
  folderWith({ 'dataset.json': JSON.stringify({ ...CARD, ...card }), ...files });
const json = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** A folder with a Parquet file that holds the result of a query. */
async function parquetOf(query: string, card: object = {}): Promise<string> {
  const folder = folderOf({}, { ...card, interactions: 'log.parquet' });
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (${query}) TO '${folder}/log.parquet' (FORMAT PARQUET)`);
  return folder;
}

const shapes: readonly (readonly [string, Files, object?])[] = [
  ['commas and quotes', { 'log.csv': LOG }],
  ['a byte order mark and Windows line ends', { 'log.csv': `\ufeff${LOG.replaceAll('\n', '\r\n')}` }],
  ['semicolons', { 'log.csv': 'who;what;at\nann;a;7\nbob;a;3\nann;b;5\ncid;"""c"", d";4\n' }],
  ['bars', { 'log.csv': 'who|what|at\nann|a|7\nbob|a|3\nann|b|5\ncid|"""c"", d"|4\n' }],
  [
    'tabs and no header',
    { 'log.tsv': 'ann\ta\t5\t7\nbob\ta\t5\t3\nann\tb\t4\t5\ncid\t"""c"", d"\t1\t4\n' },
    { interactions: 'log.tsv', header: { interactions: ['who', 'what', 'stars', 'at'] } },
  ],
  [
    'an index without a name and columns in another order',
    { 'log.csv': ',at,what,who\n0,7,a,ann\n1,3,a,bob\n2,5,b,ann\n3,4,"""c"", d",cid\n' },
  ],
  ['gzip', { 'log.csv.gz': gzipSync(LOG) }, { interactions: 'log.csv.gz' }],
  [
    'several files, by name',
    {
      'part-2.csv': 'who,what,at\nann,b,5\ncid,"""c"", d",4\n',
      'part-1.csv': 'who,what,at\nann,a,7\nbob,a,3\n',
    },
    { interactions: 'part-*.csv' },
  ],
  [
    'JSON lines',
    {
      'log.jsonl': json(
        { who: 'ann', what: 'a', at: 7 },
        { at: 3, who: 'bob', what: 'a', note: null },
        { who: 'ann', what: 'b', at: 5 },
        { who: 'cid', what: '"c", d', at: 4 },
      ),
    },
    { interactions: 'log.jsonl' },
  ],
  [
    'ISO dates',
    {
      'log.csv':
        'who,what,at\nann,a,2020-01-07\nbob,a,2020-01-03\nann,b,2019-12-31\ncid,"""c"", d",2020-01-04\n',
    },
  ],
  [
    'dates of a format that the card gives',
    { 'log.csv': 'who,what,at\nann,a,2/1/2020\nbob,a,3/1/2020\nann,b,31/12/2019\ncid,"""c"", d",4/1/2020\n' },
    { timeFormat: '%d/%m/%Y' },
  ],
  [
    'blanks around its cells and empty lines at its end',
    {
      'log.csv': 'who, what , at\nann, a, 7\nbob ,a,3\n ann,b,5\ncid, """c"", d", 4\n\n\r\n',
    },
  ],
  [
    'quotes within cells between tabs',
    { 'log.tsv': 'who\twhat\tat\nann\ta\t7\nbob\ta\t3\nann\tb\t5\ncid\t"""c"", d"\t4\n' },
    { interactions: 'log.tsv' },
  ],
  [
    'line breaks within quotes',
    {
      'log.csv':
        'who,what,note,at\nann,a,"good,\n\n""really""\n",7\nbob,a,,3\nann,b,"\n",5\ncid,"""c"", d","x\r\ny" ,4\r\n',
    },
  ],
  [
    'line breaks within quotes between tabs',
    {
      'log.tsv':
        'who\tat\tnote\twhat\nann\t7\t"19"" or\n20"\ta\nbob\t3\t19" pipe\ta\nann\t5\t\tb\ncid\t4\t"a\n\tb"\t"""c"", d"\n',
    },
    { interactions: 'log.tsv' },
  ],
  [
    'the order of files by the numbers in their names',
    {
      'part-10.csv': 'who,what\nann,a\n',
      'part-9.csv': 'who,what\nann,b\nbob,a\n',
      'part-11.csv': 'who,what\ncid,"""c"", d"\n',
    },
    { interactions: 'part-*.csv', columns: { user: 'who', item: 'what', time: null } },
  ],
  ['UTF-16 and its mark', { 'log.csv': Buffer.from(`\ufeff${LOG}`, 'utf16le') }],
  ['UTF-16 of the other order of bytes', { 'log.csv': Buffer.from(`\ufeff${LOG}`, 'utf16le').swap16() }],
  [
    'double colons and quotes of its own',
    { 'log.dat': 'who::what::at\nann::a::7\nbob::a::3\nann::b::5\ncid::"c", d::4\n' },
    { interactions: 'log.dat' },
  ],
  [
    'spaces',
    { 'log.txt': 'who what at\nann a 7\nbob a 3\nann b 5\ncid """c"", d" 4\n' },
    { interactions: 'log.txt' },
  ],
  [
    'the order of the file',
    { 'log.csv': 'who,what\nann,b\nbob,a\nann,a\ncid,"""c"", d"\n' },
    { columns: { user: 'who', item: 'what', time: null } },
  ],
];

for (const [shape, files, card] of shapes) {
  test(`a table with ${shape} is read as what it says`, async () => {
    assert.deepEqual(historiesIn(await readFolder(folderOf(files, card))), BOUGHT);
  });
}

test('a table is read in the encoding that its card gives', async () => {
  const written: readonly (readonly [encoding: string, bytes: Buffer, id: string])[] = [
    ['latin1', Buffer.from('who,what,at\nJos\xe9,a,1\n', 'latin1'), 'José'],
    ['windows-1252', Buffer.from('who,what,at\n\x93Zo\xeb\x94,a,1\n', 'latin1'), '“Zoë”'],
    ['gb18030', Buffer.from('who,what,at\n\xd5\xc5\xc8\xfd,a,1\n', 'latin1'), '张三'],
    ['shift_jis', Buffer.from('who,what,at\n\x93\x8c\x8b\x9e,a,1\n', 'latin1'), '東京'],
    ['utf-16le', Buffer.from('who,what,at\n東京,a,1\n', 'utf16le'), '東京'],
    ['latin1', Buffer.from('\ufeffwho,what,at\nJosé,a,1\n'), 'José'],
    ['UTF-8', Buffer.from('who,what,at\nJos\ufffd,a,1\n'), 'Jos\ufffd'],
  ];
  for (const [encoding, bytes, id] of written)
    assert.deepEqual(historiesIn(await readFolder(folderOf({ 'log.csv': bytes }, { encoding }))), [
      [id, ['a']],
    ]);
});

test('rows whose cells have line breaks are told apart in a file of any size', async () => {
  const note = (i: number) => `${i}${'"\n, x'.repeat(i % 13)}${'y'.repeat((i * 7919) % 977)}`;
  const notes = Array.from({ length: 4_000 }, (_, i) => note(i));
  const rows = notes.map((text, i) => `item${i},"${text.replaceAll('"', '""')}"\n`);
  const empty = '\n'.repeat(200_000);
  const folder = folderOf(
    { 'log.csv': `who,what,at\nann,item9,1\n${empty}`, 'films.csv': `what,title\n${rows.join('')}` },
    { ...FILMS, users: undefined, lists: undefined },
  );
  assert.deepEqual(columnOf((await readFolder(folder)).items, 'title'), notes);
});

test('rows whose quotes stand wrongly can be dropped, each by itself', async () => {
  const bad = ['dan,"a"b,3\n', 'dan,"a,3\n', 'dan,"a\\"",3\n', 'dan,a","3\n', '"dan,a,3"'];
  const lines = LOG.split('\n').slice(0, -1);
  for (const place of [2, 4, 5])
    for (const row of bad) {
      const log = [...lines.slice(0, place), row.trimEnd(), ...lines.slice(place)].join('\n');
      const read = await readFolder(folderOf({ 'log.csv': `${log}\n` }, { onBadRow: 'drop' }));
      assert.deepEqual(historiesIn(read), BOUGHT, log);
      assert.deepEqual(
        read.dropped.map(({ what, count }) => [what, count]),
        [['rows of log.csv', 1]],
        log,
      );
    }
});

test('a header whose quotes stand wrongly is an error where bad rows are dropped, too', async () => {
  const folder = folderOf({ 'log.csv': LOG.replace('who', '"who') }, { onBadRow: 'drop' });
  await assert.rejects(readFolder(folder), /log.csv, line 1, column 1: expected double quotes around/);
});

const BRACKETED: readonly (readonly [cell: string, values: readonly string[]])[] = [
  ["['toys', 'red']", ['toys', 'red']],
  [`["it's", 'say ""so""', 'it\\'s']`.replaceAll('""', '"'), ["it's", 'say "so"', "it's"]],
  ['["caf\\u00e9", 3, "a, [b]"]', ['café', '3', 'a, [b]']],
  ["['a' 'b'\n 'c']", ['a', 'b', 'c']],
  ["[Science fiction, Children's ,x]", ['Science fiction', "Children's", 'x']],
  ["[1, 2.5, 'x',]", ['1', '2.5', 'x']],
  ['[]', []],
  ['', []],
  ['NaN', []],
];

test('lists in brackets are read as Python and JSON write them', async () => {
  const rows = BRACKETED.map(([cell], i) => `i${i},"${cell.replaceAll('"', '""')}"\n`);
  const items = { 'films.csv': `what,tags\n${rows.join('')}`, 'log.csv': 'who,what,at\nann,i1,1\n' };
  const card = { ...FILMS, users: undefined, lists: { tags: '[]' } };
  const read = await readFolder(folderOf(items, card));
  assert.deepEqual(
    columnOf(read.items, 'tags'),
    BRACKETED.map(([, values]) => values.join('\u001f')),
  );
  assert.deepEqual(read.items?.fields[1], { name: 'tags', type: 'token_seq' });
  const within = rows.map((row, i) => `ann,${i},${row}`).join('');
  const alone = {
    ...card,
    items: undefined,
    tasks: { Some: { ...FILMS.tasks.Drama, target: { field: 'tags', any: ['3'] } } },
  };
  const log = folderOf({ 'log.csv': `who,at,what,tags\n${within}` }, alone);
  assert.deepEqual(columnOf((await readFolder(log)).items, 'tags'), columnOf(read.items, 'tags'));
});

test('what is no list in brackets is a bad row where a card says so', async () => {
  for (const cell of ["['a', 'b'", "[{'id': 1}]", 'a, b', "['a', ['b']]", "['a, 'b']"]) {
    const films = `what,tags\na,"['x']"\nb,"${cell}"\n`;
    const folder = folderOf(
      { 'log.csv': 'who,what,at\nann,a,1\n', 'films.csv': films },
      { ...FILMS, users: undefined, lists: { tags: '[]' } },
    );
    await assert.rejects(
      readFolder(folder),
      /films.csv, line 3, column tags: expected a list in brackets/,
      cell,
    );
  }
});

test('a title with quotes of its own is read between double colons', async () => {
  const films = 'what::title\na::"Great Performances" Cats: the film\n';
  const folder = folderOf(
    { 'log.csv': 'who,what,at\nann,a,1\n', 'films.dat': films },
    { ...FILMS, users: undefined, items: 'films.dat', lists: undefined },
  );
  assert.deepEqual(columnOf((await readFolder(folder)).items, 'title'), [
    '"Great Performances" Cats: the film',
  ]);
});

test('the blanks around a cell are none of it, and other spaces are, whatever stands in other cells', async () => {
  for (const other of ['bob', ' bob', '\tbob\t', '"bob"', ' "bob"\t']) {
    const log = `who,what,at\n\u00a0ann,b\u3000,1\n${other},a,2\n`;
    assert.deepEqual(historiesIn(await readFolder(folderOf({ 'log.csv': log }))), [
      ['\u00a0ann', ['b\u3000']],
      ['bob', ['a']],
    ]);
  }
});

test('the values of a list are trimmed as cells are', async () => {
  const films = 'what,genres\na,x |\ty| \u00a0z\n';
  const folder = folderOf(
    { 'log.csv': 'who,what,at\nann,a,1\n', 'films.csv': films },
    { ...FILMS, users: undefined },
  );
  assert.deepEqual(columnOf((await readFolder(folder)).items, 'genres'), ['x\u001fy\u001f\u00a0z']);
});

test('a Parquet file is read by the names of its columns, whatever their types', async () => {
  const folder = await parquetOf(
    "FROM (VALUES (1, 'a', TIMESTAMP '2020-01-02 00:00:00'), (1, 'b', TIMESTAMP '2020-01-01 10:00:00.5')) rows(who, what, \"at\")",
  );
  assert.deepEqual(historiesIn(await readFolder(folder)), [['1', ['b', 'a']]]);
});

test('whole numbers that were stored with a fraction have all their digits', async () => {
  const rows = [
    ["1e16::DOUBLE, '100000008'::FLOAT, 1", '10000000000000000', '100000008'],
    ["9223372036854775808::DOUBLE, '-0.5'::FLOAT, 2", '9223372036854775808', '-0.5'],
    ["1e300::DOUBLE, '1e38'::FLOAT, 3", '1e+300', '99999996802856924650656260769173209088'],
  ];
  const folder = await parquetOf(`FROM (VALUES ${rows.map(([row]) => `(${row})`)}) rows(who, what, "at")`);
  assert.deepEqual(
    historiesIn(await readFolder(folder)),
    rows.map(([, user, item]) => [user, [item]]),
  );
});

/** Writes other bytes of a name into a Parquet file: the SQL engine writes no names that differ in case only. */
function rename(folder: string, from: string, to: string): void {
  const file = join(folder, 'log.parquet');
  const text = readFileSync(file, 'latin1');
  assert.ok(text.includes(from) && from.length === to.length);
  writeFileSync(file, text.replaceAll(from, to), 'latin1');
}

const NESTED = `{'what': 1, 'x': [1]} AS shop, MAP {'who': 1} AS counts, [[1]] AS lists, 1 AS "at"`;

test('columns of a Parquet file whose names differ in case only are told apart', async () => {
  const folder = await parquetOf(`SELECT ${NESTED}, 'ann' AS "WHAT", 'a' AS whaX`, {
    columns: { user: 'WHAT', item: 'what', time: 'at' },
  });
  rename(folder, 'whaX', 'what');
  assert.deepEqual(historiesIn(await readFolder(folder)), [['ann', ['a']]]);
});

test('a name that two columns of a Parquet file have is one line', async () => {
  const folder = await parquetOf(`SELECT 'ann' AS who, 'a' AS what, 'b' AS whaX, 1 AS "at"`);
  rename(folder, 'whaX', 'what');
  await assert.rejects(readFolder(folder), {
    name: 'UserError',
    message: `${folder}/log.parquet, line 1, column what: expected each column once, found it twice`,
  });
});

test('texts of a Parquet file that are not called so, and ids that were stored with a fraction, are what they were', async () => {
  const rows = `(1.0::DOUBLE, encode('café'), 2), (NULL, encode('x'), 1), (1.0, encode('b'), 1)`;
  const folder = await parquetOf(`FROM (VALUES ${rows}) rows(who, what, "at")`, { onBadRow: 'drop' });
  assert.deepEqual(historiesIn(await readFolder(folder)), [['1', ['b', 'café']]]);
});

const WIDTH = 300;
const wideRows = Array.from({ length: 1000 }, (_, row) => ({
  who: `ann${row}`,
  ...Object.fromEntries(Array.from({ length: WIDTH }, (_, c) => [`c${c}`, row % 2 ? (row * c) % 7 : 'x'])),
}));
const wideFiles: readonly (readonly [string, string])[] = [
  [
    'people.csv',
    [Object.keys(wideRows[0]), ...wideRows.map((row) => Object.values(row))]
      .map((row) => `${row}\n`)
      .join(''),
  ],
  ['people.jsonl', json(...wideRows)],
];

for (const [name, text] of wideFiles) {
  test(`hundreds of columns in ${name} take seconds`, { timeout: 120_000 }, async () => {
    const log = `who,what,at\n${wideRows.map(({ who }) => `${who},a,1\n`).join('')}`;
    const { users } = await readFolder(folderOf({ 'log.csv': log, [name]: text }, { users: name }));
    assert.deepEqual(columnOf(users, 'c299')?.slice(0, 4), ['x', '5', 'x', '1']);
  });
}

test('hundreds of columns of a Parquet file take seconds', { timeout: 120_000 }, async () => {
  const columns = Array.from({ length: WIDTH }, (_, c) => `(i * ${c} % 7)::DOUBLE AS c${c}`);
  const folder = await parquetOf(
    `SELECT 'ann' || i AS who, 'a' AS what, 1 AS "at", ${columns.join(', ')} FROM range(1000) t(i)`,
    { users: 'log.parquet' },
  );
  const { users } = await readFolder(folder);
  assert.deepEqual(columnOf(users, 'c299')?.slice(0, 4), ['0', '5', '3', '1']);
});

test('a value that is a text in some JSON lines and a list in others is a list; objects are no column', async () => {
  const films = json({ what: 'a', genres: 'x' }, { what: 'b', genres: ['x', 'y'], shop: { town: 'z' } });
  const card = { ...FILMS, items: 'films.jsonl', users: undefined, lists: undefined };
  const folder = folderOf({ 'log.csv': 'who,what,at\nann,a,1\nann,b,2\n', 'films.jsonl': films }, card);
  const { items } = await readFolder(folder);
  assert.deepEqual(
    items?.fields.map(({ name }) => name),
    ['item_id', 'genres'],
  );
  assert.deepEqual(columnOf(items, 'genres'), ['x', 'x\u001fy']);
});

test('what stands for a missing value is none: a bad row for an id, nothing for a field', async () => {
  const marks = ['NA', 'N/A', 'NaN', 'null', 'None', '\\N'];
  const films = `what,genres,year\na,${marks[0]},1999\nb,x,${marks[2]}\n`;
  const log = `who,what,at\nann,a,1\n${marks.map((mark, i) => `${mark},b,${i}\n`).join('')}ann,b,2\n`;
  const card = { ...FILMS, users: undefined, onBadRow: 'drop' };
  const read = await readFolder(folderOf({ 'log.csv': log, 'films.csv': films }, card));
  assert.deepEqual(historiesIn(read), [['ann', ['a', 'b']]]);
  assert.deepEqual(columnOf(read.items, 'genres'), ['', 'x']);
  assert.deepEqual(columnOf(read.items, 'year'), ['1999', '']);
});

test('a card and tables in an archive are read as in a folder', async () => {
  const card = JSON.stringify({ ...CARD, interactions: 'part-*.csv' }).padEnd(400);
  const files = {
    'dataset.json': card,
    'part-1.csv': LOG.padEnd(99, '\n').trimEnd().padEnd(LOG.length, '\n'),
  };
  const archive = `${folderWith({ 'x.zip': zipped('x', files) })}/x.zip`;
  assert.deepEqual(historiesIn(await readFolder(archive)), BOUGHT);
});

const orders: readonly (readonly [string, readonly string[]])[] = [
  ['milliseconds', ['1577836800002', '1577836800001', '1577836800003']],
  ['numbers of days', ['2.5', '1e0', '+3']],
  ['dates with times', ['2020-01-01T00:00:00.2', '2020-01-01 00:00', '2020-01-01 00:00:01']],
  ['zones', ['2020-01-01 01:00:00+01:00', '2020-01-01T00:30:00+0100', '2020-01-01 00:30:00 UTC']],
  [
    'zones behind hours and minutes',
    ['2020-01-01T00:16-03:30', '2020-01-01T00:16Z', '2020-01-01 10:16 +0545'],
  ],
  [
    'zones behind a blank',
    ['2020-01-01 12:26:40 +0530', '2020-01-01 06:56:39.5 Z', '2020-01-01 03:26:41 -03:30'],
  ],
];

for (const [form, [second, first, third]] of orders) {
  test(`${form} order a history`, async () => {
    const log = `who,what,at\nann,b,${second}\nann,a,${first}\nann,c,${third}\n`;
    assert.deepEqual(historiesIn(await readFolder(folderOf({ 'log.csv': log }))), [['ann', ['a', 'b', 'c']]]);
  });
}

const fineOrders: readonly (readonly [string, readonly string[], string?])[] = [
  ['nanoseconds', ['1700000000000000002', '1700000000000000001', '1700000000000000003']],
  ['numbers beyond 2^53 behind small ones', ['9007199254740992', '0', '9007199254740993']],
  ['numbers of more digits than 2^64 has', ['123456789012345678901235', '123456789012345678901234', '1e24']],
  ['fractions', ['1700000000.1234567892', '1700000000.1234567891', '1700000000.1234567893']],
  [
    'clocks with nanoseconds',
    ['2020-01-01 00:00:00.123456002', '2020-01-01 00:00:00.123456', '2020-01-01 00:00:00.1234561'],
  ],
  [
    'nanoseconds of a format that the card gives',
    ['01.01.2020 00:00:00.123456002', '01.01.2020 00:00:00.123456001', '01.01.2020 00:00:00.123456003'],
    '%d.%m.%Y %H:%M:%S.%n',
  ],
];

for (const [form, [second, first, third], timeFormat] of fineOrders) {
  test(`${form} order a history by all their digits`, async () => {
    const log = `who,what,at\nann,c,${third}\nann,b,${second}\nann,a,${first}\nbob,a,${first}\n`;
    const read = await readFolder(folderOf({ 'log.csv': log }, { timeFormat }));
    assert.deepEqual(historiesIn(read), [
      ['ann', ['a', 'b', 'c']],
      ['bob', ['a']],
    ]);
  });
}

test('times that are the same number stay in the order of the file, however they are written', async () => {
  const log =
    'who,what,at\nann,a,1700000000000000001\nann,b,1700000000000000001.0\nann,c,01700000000000000001\n';
  assert.deepEqual(historiesIn(await readFolder(folderOf({ 'log.csv': log }))), [['ann', ['a', 'b', 'c']]]);
});

test('a bad row among times of many digits is one line that names the place', async () => {
  const folder = folderOf({ 'log.csv': 'who,what,at\nann,b,1700000000000000001\nann,b,soon\n' });
  await assert.rejects(readFolder(folder), {
    name: 'UserError',
    message: `${folder}/log.csv, line 3, column at: expected a number, found "soon"`,
  });
});

test('nanoseconds of a Parquet file order a history', async () => {
  const at = (time: string) => `TIMESTAMP_NS '2020-01-01 00:00:${time}'`;
  const rows = `('ann', 'c', ${at('00.000000002')}), ('ann', 'b', ${at('00.000000001')}), ('ann', 'a', ${at('00')})`;
  const folder = await parquetOf(`FROM (VALUES ${rows}) rows(who, what, "at")`);
  assert.deepEqual(historiesIn(await readFolder(folder)), [['ann', ['a', 'b', 'c']]]);
});

const FILMS = {
  ...CARD,
  items: 'films.csv',
  users: 'people.csv',
  lists: { genres: '|' },
  tasks: {
    Drama: {
      kind: 'recommend',
      target: { field: 'genres', any: ['Drama'] },
      perUser: 1,
      length: 5,
      minSource: 1,
    },
  },
};

test('users and items have the columns of their files, with the types that the cells show', () => {
  const folder = folderOf(
    {
      'log.csv': 'who,what,at\nann,1,7\nbob,2,3\n',
      'films.csv': 'what,title,genres,year\n1,"One, two",Comedy | Drama,1999\n2,Three,,\n',
      'people.csv': ',who,age,zip\n0,ann,21,01234\n1,bob,30.5,55105\n',
    },
    FILMS,
  );
  const { users, items } = loadDataset(folder);
  assert.deepEqual(users?.columnNames(), ['user_id', 'age', 'zip']);
  assert.deepEqual(Array.from(users?.array('age') ?? []), [21, 30.5]);
  assert.deepEqual(users?.array('zip'), ['01234', '55105']);
  assert.deepEqual(items?.array('item_id'), ['1', '2']);
  assert.deepEqual(items?.array('genres'), [['Comedy', 'Drama'], []]);
  assert.deepEqual(Array.from(items?.array('year') ?? []), [1999, Number.NaN]);
});

test('files that name users and items differently have a map each', async () => {
  const folder = folderOf(
    { 'log.csv': LOG, 'people.csv': 'id\nann\nbob\ncid\n' },
    {
      users: 'people.csv',
      columns: { interactions: CARD.columns, users: { user: 'id' } },
    },
  );
  assert.deepEqual((await readFolder(folder)).users?.columns, [['ann', 'bob', 'cid']]);
});

test('lists in JSON lines are lists', async () => {
  const folder = folderOf(
    { 'log.csv': 'who,what,at\nann,1,7\n', 'films.ndjson': json({ what: 1, genres: ['A b', 'C'] }) },
    { items: 'films.ndjson', tasks: FILMS.tasks },
  );
  const { items } = await readFolder(folder);
  assert.deepEqual(columnOf(items, 'genres'), ['A b\u001fC']);
  assert.equal(items?.fields[1].type, 'token_seq');
});

const WITHIN = {
  tasks: {
    Food: {
      kind: 'recommend',
      target: { field: 'shelf', any: ['food'] },
      perUser: 1,
      length: 5,
      minSource: 1,
    },
    Country: { kind: 'classify', label: 'country', source: 'Food' },
  },
};
const ORDERS =
  'who,what,at,shelf,country\nann,pen,1,office,NO\nann,bun,2,food,\nbob,pen,3,,SE\nbob,jam,4,food,SE\n';

test('a target of thousands of ids is read', () => {
  const any = Array.from({ length: 20_000 }, (_, i) => `item${i}`);
  const items = `item_id,kind\n${any.map((id) => `${id},x\n`).join('')}rest,y\n`;
  const log = `who,what,at\n${['ann', 'bob'].map((who) => `${who},rest,1\n${who},item7,2\n`).join('')}`;
  const columns = { interactions: CARD.columns, items: { item: 'item_id' } };
  const tasks = { Food: { ...WITHIN.tasks.Food, target: { field: 'item_id', any } } };
  const [task] = buildTasks(
    loadDataset(folderOf({ 'log.csv': log, 'items.csv': items }, { items: 'items.csv', columns, tasks })),
  );
  assert.equal(task.labels.length, any.length);
});

test('tasks that are tried on fields that no task of the card names are refused', () => {
  const rest = { ...CARD.tasks.Rest, length: 5 };
  const dataset = loadDataset(folderOf({ 'log.csv': ORDERS }, { tasks: { Rest: rest } }));
  const { Food, Country } = WITHIN.tasks;
  for (const [tried, key] of [
    [{ Food }, 'tasks.Food.target.field'],
    [{ Rest: rest, Country: { ...Country, source: 'Rest' } }, 'tasks.Country'],
  ] as const)
    assert.throws(() => tryTasks(dataset, tried), {
      name: 'UserError',
      message: `${join(dataset.folder, 'dataset.json')}: ${key}: expected fields that tasks of the card name, since without a file of their own no others are read`,
    });
});

test('columns of the interactions are fields of items and users that have no file', () => {
  const tasks = buildTasks(loadDataset(folderOf({ 'log.csv': ORDERS }, WITHIN)));
  const instances = tasks.map(({ instances, source, labels }) =>
    instances.map(({ user, label }) => `${source.users[user]} ${labels[label]}`),
  );
  assert.deepEqual(instances, [
    ['ann bun', 'bob jam'],
    ['ann NO', 'bob SE'],
  ]);
});

test('a column that is called as a role elsewhere is a field like others', () => {
  const people = 'who,click,timestamp,item_id\nann,1,6,p\nbob,0,7,q\n';
  const rows = ['ann,pen,1,1,x', 'ann,bun,2,1,x', 'ann,cup,3,0,y', 'bob,pen,3,1,x', 'bob,cup,4,0,y'];
  const orders = ['who,what,at,click,user_id', ...rows, ''].join('\n');
  const recommend = { kind: 'recommend', perUser: 1, length: 5, minSource: 1 };
  const card = {
    users: 'people.csv',
    tasks: {
      Click: { ...recommend, target: { field: 'click', any: ['1'] } },
      Of: { ...recommend, target: { field: 'user_id', any: ['x'] } },
      Who: { kind: 'classify', label: 'item_id', source: 'Click' },
      When: { kind: 'classify', label: 'timestamp', source: 'Click' },
    },
  };
  const dataset = loadDataset(folderOf({ 'log.csv': orders, 'people.csv': people }, card));
  assert.deepEqual(
    buildTasks(dataset).map(({ labels }) => labels),
    [
      ['pen', 'bun'],
      ['pen', 'bun'],
      ['p', 'q'],
      ['6', '7'],
    ],
  );
  assert.deepEqual(
    describeFields(dataset).map(({ of, field }) => `${of} ${field}`),
    ['users click', 'users timestamp', 'users item_id', 'items click', 'items user_id'],
  );
});

test('a contradiction in such a column is found there', async () => {
  const tasks = { Food: { ...WITHIN.tasks.Food, target: { field: 'timestamp', any: ['5'] } } };
  const folder = folderOf({ 'log.csv': 'who,what,timestamp,at\nann,pen,5,1\nann,pen,6,2\n' }, { tasks });
  await assert.rejects(readFolder(folder), {
    name: 'UserError',
    message: `${folder}/log.csv, line 3, column timestamp: expected one timestamp for each what, found "6"`,
  });
});

test('numbers that a double does not hold stay the texts that they are', () => {
  const films =
    'what,code,size,price\na,2053013554658804075,1e400,1.50\nb,2053013554658804076,1,-12345678901234.5\n';
  const card = {
    items: 'films.csv',
    tasks: { One: { ...WITHIN.tasks.Food, target: { field: 'code', any: ['2053013554658804075', 'b'] } } },
  };
  const log = `who,what,at\n${['ann', 'bob'].map((who) => `${who},a,1\n${who},b,2\n`).join('')}`;
  const { items } = loadDataset(folderOf({ 'log.csv': log, 'films.csv': films }, card));
  assert.deepEqual(items?.array('code'), ['2053013554658804075', '2053013554658804076']);
  assert.deepEqual(items?.array('size'), ['1e400', '1']);
  assert.deepEqual(Array.from(items?.array('price') ?? []), [1.5, -12345678901234.5]);
});

test('classes that are numbers are called as the first of each is written', () => {
  const people = ['ann,1.50', 'bob,+5', 'cid,5', 'dan,', 'eve,1.5'];
  const log = people.map((row, i) => `${row.slice(0, 3)},a,${i}\n`).join('');
  const files = { 'log.csv': `who,what,at\n${log}`, 'people.csv': `who,size\n${people.join('\n')}\n` };
  const card = {
    users: 'people.csv',
    tasks: { Size: { kind: 'classify', label: 'size', length: 5, minSource: 1 } },
  };
  const [{ instances, labels, source }] = buildTasks(loadDataset(folderOf(files, card)));
  assert.deepEqual(
    instances.map(({ user, label }) => `${source.users[user]} ${labels[label]}`),
    ['ann 1.50', 'bob +5', 'cid +5', 'eve 1.50'],
  );
});

test('a share of the items is the same whatever their order', () => {
  const items = Array.from({ length: 10 }, (_, i) => `item${i}`);
  const labelsIn = (order: readonly string[]) => {
    const rows = order.map((item, i) => `ann,${item},${i}`);
    const [{ labels }] = buildTasks(
      loadDataset(folderOf({ 'log.csv': ['who,what,at', ...rows, ''].join('\n') })),
    );
    return [...labels].sort();
  };
  assert.equal(labelsIn(items).length, 5);
  assert.deepEqual(labelsIn(items), labelsIn([...items].reverse()));
});

const cardMistakes: readonly (readonly [string, object, string])[] = [
  [
    'a column that is not there',
    { columns: { user: 'whom', item: 'what', time: 'at' } },
    'dataset.json: columns: user: expected one of the columns who, what, at of log.csv, found "whom"',
  ],
  [
    'no word on time',
    { columns: { user: 'who', item: 'what' } },
    'dataset.json: columns.time: expected the name of a column, or null for the order of the file, found nothing',
  ],
  [
    'one column for two roles',
    { columns: { user: 'who', item: 'who', time: null } },
    'dataset.json: columns: expected different columns for user and item, found {"user":"who","item":"who","time":null}',
  ],
  [
    'an unknown role',
    { columns: { ...CARD.columns, rating: 'x' } },
    'dataset.json: unknown key "rating" in columns',
  ],
  [
    'a format of times that is none',
    { timeFormat: '%Q' },
    'dataset.json: timeFormat: expected a format such as %d/%m/%Y %H:%M, found "%Q"',
  ],
  [
    'a list that is no column',
    { lists: { genres: '|' } },
    'dataset.json: lists: expected one of the columns who, what, at of its files, found "genres"',
  ],
  [
    'a field that is no column',
    WITHIN,
    'dataset.json: tasks.Country.label: expected a column beside user, item and time of log.csv, found "country"',
  ],
  [
    'a field that is called as the ids are',
    { tasks: { Food: { ...WITHIN.tasks.Food, target: { field: 'item_id', any: ['a'] } } } },
    'dataset.json: tasks.Food.target.field: expected a column that is not called as the ids of items are, found "item_id"',
  ],
  [
    'a pattern of nothing',
    { interactions: 'part-*.csv' },
    ': interactions: expected files like "part-*.csv", found none',
  ],
  [
    'a pattern outside the folder',
    { interactions: '../*.csv' },
    'dataset.json: interactions: expected a file inside the folder, found ".."',
  ],
  [
    'no columns',
    { columns: undefined },
    'log.csv, line 1, column 1: expected NAME:TYPE, or "columns" in the card, which `npm run data -- init PATH` proposes, found the columns who, what, at',
  ],
  [
    'keys of tables beside a format',
    { columns: undefined, format: 'tenrec', timeFormat: '%Y' },
    'dataset.json: timeFormat: expected none, since format tenrec names its own, found "%Y"',
  ],
];

for (const [mistake, card, message] of cardMistakes) {
  test(`${mistake} in a card is one line that names the key`, async () => {
    const folder = folderOf({ 'log.csv': LOG }, card);
    await assert.rejects(async () => readFolder(folder), {
      name: 'UserError',
      message: message.startsWith(':') ? `${folder}${message}` : `${folder}/${message}`,
    });
  });
}

const PART_1 = 'who,what,at\nann,a,7\n';
const damages: readonly (readonly [string, Files, string, object?])[] = [
  [
    'a mark of a missing id',
    { 'log.csv': `${LOG}NA,a,5\n` },
    'log.csv, line 6, column who: expected a value, found "NA"',
  ],
  [
    'the header of a file that was put behind another',
    { 'log.csv': `${LOG}${LOG}` },
    'log.csv, line 6, column who: expected a row, and not the header again, found "who"',
    { columns: { user: 'who', item: 'what', time: null } },
  ],
  [
    'a control character that JSON names',
    { 'log.jsonl': json({ who: 'ann', what: 'a\u0000', at: 1 }) },
    'log.jsonl, line 1, column what: expected text without control characters, found "a\\u0000"',
    { interactions: 'log.jsonl' },
  ],
  [
    'an object for an id',
    { 'log.jsonl': json({ who: { id: 5 }, what: 'a', at: 1 }) },
    'dataset.json: columns: user: expected one of the columns what, at of log.jsonl, found "who"',
    { interactions: 'log.jsonl' },
  ],
  [
    'half a character at the end of UTF-16',
    { 'log.csv': Buffer.from(`\ufeff${LOG}`, 'utf16le').subarray(0, -1) },
    'log.csv, line 5, column 3: expected text in UTF-16LE, found bytes that are no character of it',
  ],
  [
    'half of a pair in UTF-16',
    { 'log.csv': Buffer.from(`\ufeff${LOG}dan,\ud83d,7\n`, 'utf16le') },
    'log.csv, line 6, column 2: expected text in UTF-16LE, found bytes that are no character of it',
  ],
  [
    'a byte that the encoding of the card does not have',
    { 'log.csv': Buffer.from(`${LOG}dan,\xff,7\n`, 'latin1') },
    'log.csv, line 6, column 2: expected text in gb18030, found bytes that are no character of it',
    { encoding: 'gb18030' },
  ],
  [
    'zstd',
    { 'log.csv': Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0) },
    'log.csv: expected text, plain or compressed as .gz, found zstd',
  ],
  [
    'JSON under the name of a CSV file',
    { 'log.csv': json({ who: 'ann', what: 'a', at: 1 }) },
    'log.csv, line 1, column 1: expected cells, or JSON lines under a name that ends in .json, .jsonl or .ndjson, found "{\\"who\\":\\"ann\\",\\"what\\":\\"a\\",\\"at\\":1}"',
  ],
  [
    'a cut row',
    { 'log.csv': `${LOG}dan,a\n` },
    'log.csv, line 6, column at: expected 3 fields separated by commas, found 2',
  ],
  [
    'text among numbers',
    { 'log.csv': `${LOG}dan,a,soon\n` },
    'log.csv, line 6, column at: expected a number, found "soon"',
  ],
  [
    'a date among numbers',
    { 'log.csv': `${LOG}dan,a,2020-01-01\n` },
    'log.csv, line 6, column at: expected a number, found "2020-01-01"',
  ],
  [
    'a zone in some rows',
    { 'log.csv': 'who,what,at\nann,a,2020-01-01 10:00:00\nann,a,2020-01-01 10:00:00Z\n' },
    'log.csv, line 3, column at: expected a date and time YYYY-MM-DD hh:mm:ss without a zone, found "2020-01-01 10:00:00Z"',
  ],
  [
    'times of an unknown form',
    { 'log.csv': 'who,what,at\nann,a,31.1.2020\n' },
    'log.csv, line 2, column at: expected a number, an ISO date, or a timeFormat in the card, found "31.1.2020"',
  ],
  [
    'a day that does not exist',
    { 'log.csv': 'who,what,at\nann,a,2020-01-31\nann,a,2020-02-31\n' },
    'log.csv, line 3, column at: expected a date YYYY-MM-DD, found "2020-02-31"',
  ],
  [
    'a time of another format',
    { 'log.csv': 'who,what,at\nann,a,13/12/2020\nann,a,12/13/2020\n' },
    'log.csv, line 3, column at: expected a time %d/%m/%Y, found "12/13/2020"',
    { timeFormat: '%d/%m/%Y' },
  ],
  ['an empty id', { 'log.csv': `${LOG},a,3\n` }, 'log.csv, line 6, column who: expected a value, found ""'],
  [
    'a broken quote',
    { 'log.csv': `${LOG}dan,"a,3\n` },
    'log.csv, line 6, column 2: expected double quotes around a whole cell or none, closed within 1000000 bytes, found "\\"a,3"',
  ],
  [
    'a quote that another row ends',
    { 'log.csv': `${LOG}dan,"a,3\neve,"b",4\n` },
    'log.csv, line 6, column 2: expected double quotes around a whole cell or none, found "\\"a,3\\neve,\\"b\\",4"',
  ],
  [
    'a quote that no other ends',
    { 'log.csv': `${LOG}dan,"a,3\n${'eve,b,4\n'.repeat(200_000)}` },
    'log.csv, line 6, column 2: expected double quotes around a whole cell or none, closed within 1000000 bytes, found "\\"a,3"',
  ],
  [
    'a line break in an id',
    { 'log.csv': `${LOG}dan,"a\nb",3\n` },
    'log.csv, line 6, column what: expected text without control characters, found "a\\nb"',
  ],
  [
    'a bad row behind line breaks',
    { 'log.csv': 'who,what,note,at\nann,a,"1\n2\n3",7\nbob,"b","4\n5",3\ncid,c,"6\n7",soon\n' },
    'log.csv, line 7, column at: expected a number, found "soon"',
  ],
  [
    'a bad quote behind line breaks',
    { 'log.csv': 'who,what,note,at\nann,a,"1\n2\n3",7\nbob,"b"b,"4\n5",3\n' },
    'log.csv, line 5, column 2: expected double quotes around a whole cell or none, found "\\"b\\"b,\\"4"',
  ],
  [
    'a long line behind many others',
    { 'log.csv': `who,what,at\n${'ann,a,7\n'.repeat(50_000)}ann,${'a'.repeat(1_000_001)},7\n` },
    'log.csv, line 50002, column 1: expected at most 1000000 bytes in a line, found more',
  ],
  [
    'a repeated column',
    { 'log.csv': 'who,what,at,at\n' },
    'log.csv, line 1, column at: expected each column once, found it twice',
  ],
  ['no header', { 'log.csv': '' }, 'log.csv, line 1, column 1: expected a header, found none'],
  [
    'no rows',
    { 'log.csv': 'who,what,at\n' },
    'log.csv, line 2, column who: expected at least one row, found none',
  ],
  [
    'another encoding',
    { 'log.csv': Buffer.from(`${LOG}d\xe9,a,3\n`, 'latin1') },
    'log.csv, line 6, column 1: expected UTF-8 text (`iconv -f LATIN1 -t UTF-8` makes it of Latin-1; "encoding": "latin1" in the dataset.json of a table reads it), found the byte 0xe9',
  ],
  [
    'a control character behind a delimiter in quotes',
    { 'log.csv': 'who,what,at\n"a,b",x\u0001,7\n' },
    'log.csv, line 2, column 2: expected text without control characters, found the byte 0x01',
  ],
  [
    'a truncated gzip',
    { 'log.csv.gz': gzipSync(LOG).subarray(0, -9) },
    'log.csv.gz: expected a whole compressed file, found unexpected end of file',
    { interactions: 'log.csv.gz' },
  ],
  [
    'a cut JSON line',
    { 'log.jsonl': `${json({ who: 'ann', what: 'a', at: 7 })}{"who":"bob","wha` },
    'log.jsonl, line 2, column 1: expected a JSON object, found "{\\"who\\":\\"bob\\",\\"wha"',
    { interactions: 'log.jsonl' },
  ],
  [
    'a JSON line without an id',
    { 'log.jsonl': json({ who: 'ann', what: 'a', at: 7 }, { what: 'a', at: 8 }) },
    'log.jsonl, line 2, column who: expected a value, found ""',
    { interactions: 'log.jsonl' },
  ],
  [
    'files of a pattern with different columns',
    { 'part-1.csv': PART_1, 'part-2.csv': 'who,at,what\nann,8,b\n' },
    'part-2.csv, line 1, column 2: expected the columns of part-1.csv, who, what, at, found at',
    { interactions: 'part-*.csv' },
  ],
  [
    'a bad row in the second file of a pattern',
    { 'part-1.csv': PART_1, 'part-2.csv': 'who,what,at\nann,b,8\nann,b,soon\n' },
    'part-2.csv, line 3, column at: expected a number, found "soon"',
    { interactions: 'part-*.csv' },
  ],
  [
    'an item with two values of a field',
    { 'log.csv': `${ORDERS}bob,bun,5,office,SE\n` },
    'log.csv, line 6, column shelf: expected one shelf for each what, found "office"',
    WITHIN,
  ],
  [
    'a user with two values of a field',
    { 'log.csv': `${ORDERS}bob,bun,5,food,NO\n` },
    'log.csv, line 6, column country: expected one country for each who, found "NO"',
    WITHIN,
  ],
  [
    'an id twice in a users file',
    { 'log.csv': 'who,what,at\nann,a,1\n', 'people-1.csv': 'who\nann\n', 'people-2.csv': 'who\nbob\nann\n' },
    'people-2.csv, line 3, column who: expected each id once, found "ann" again (first on line 2 of people-1.csv)',
    { users: 'people-*.csv' },
  ],
];

for (const [damage, files, message, card] of damages) {
  test(`${damage} is one line that names the place`, async () => {
    const folder = folderOf(files, card);
    await assert.rejects(readFolder(folder), { name: 'UserError', message: `${folder}/${message}` });
  });
}

test('a truncated Parquet file is one line', async () => {
  const folder = folderOf({ 'log.parquet': 'PAR1' }, { interactions: 'log.parquet' });
  await assert.rejects(readFolder(folder), ({ name, message }: Error) => {
    return (
      name === 'UserError' && message.startsWith(`${folder}/log.parquet: expected a Parquet file, found `)
    );
  });
});

test('bad rows are counted where the card says drop, over all files of a pattern', async () => {
  const files = {
    'part-1.csv': `${PART_1}bob,a\n`,
    'part-2.csv': 'who,what,at\nbob,a,3\nann,b,5\ncid,c,soon\n',
  };
  const reading = await readFolder(folderOf(files, { interactions: 'part-*.csv', onBadRow: 'drop' }));
  assert.deepEqual(historiesIn(reading), [
    ['ann', ['b', 'a']],
    ['bob', ['a']],
  ]);
  const what = 'rows of part-*.csv';
  assert.deepEqual(reading.dropped, [
    { what, why: 'column at: expected 3 fields separated by commas', count: 1 },
    { what, why: 'column at: expected a number', count: 1 },
  ]);
});

test('what was read is read anew where a file of the pattern or a field of a task comes in', () => {
  const card = { ...CARD, ...WITHIN, interactions: 'part-*.csv' };
  const folder = folderOf({ 'part-1.csv': ORDERS }, card);
  assert.deepEqual(loadDataset(folder).items?.columnNames(), ['item_id', 'shelf']);
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ ...card, tasks: CARD.tasks }));
  assert.equal(loadDataset(folder).items, undefined);
  writeFileSync(join(folder, 'part-2.csv'), ORDERS);
  assert.equal(loadDataset(folder).histories.itemAt.length, 8);
});
