import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { describeFields } from '../../../lib/data/describe/describe';
import { loadDataset } from '../../../lib/data/loading/dataset';
import { tryTasks } from '../../../lib/data/open';
import { buildTasks } from '../../../lib/data/tasks/tasks';
import { folderWith } from '../folders';
import {
  archiveOf,
  columnOf,
  type Files,
  historiesIn,
  instancesOf,
  readFolder,
  refuses,
  requireRefused,
  writeParquet,
} from './readFolder';
import { zipped } from './zipped';

const REST = { kind: 'recommend', target: { share: 0.5 }, perUser: 1, length: 5, minSource: 1 };
const recommend = (field: string, ...any: string[]) => ({ ...REST, target: { field, any } });

/** A shop: ann bought b before a, bob bought a, cid "c", d. */
const CARD = {
  name: 'shop',
  interactions: 'log.csv',
  columns: { user: 'who', item: 'what', time: 'at' },
  tasks: { Rest: REST },
};
const LOG = 'who,what,at\nann,a,7\nbob,a,3\nann,b,5\ncid,"""c"", d",4\n';
const BOUGHT = [
  ['ann', ['b', 'a']],
  ['bob', ['a']],
  ['cid', ['"c", d']],
];
/** One interaction, for tests of other files. */
const ONE = 'who,what,at\nann,a,1\n';
const PEOPLE = { users: 'people.csv' };
const FILMS = { items: 'films.csv' };

/** The card with other keys beside files; a text alone is the log. */
const folderOf = (files: Files | string, card: object = {}) =>
  folderWith({
    'dataset.json': JSON.stringify({ ...CARD, ...card }),
    ...(typeof files === 'string' ? { 'log.csv': files } : files),
  });
const json = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const LINES = { interactions: 'log.jsonl' };
const PARTS = { interactions: 'part-*.csv' };

/** A folder with a Parquet file that holds the result of a query. */
async function parquetOf(query: string, card: object = {}): Promise<string> {
  const folder = folderOf({}, { interactions: 'log.parquet', ...card });
  await writeParquet(join(folder, 'log.parquet'), query);
  return folder;
}

const NO_TIME = { columns: { user: 'who', item: 'what', time: null } };
const shapes: readonly (readonly [shape: string, files: Files | string, card?: object])[] = [
  ['commas and quotes', LOG],
  ['a byte order mark and Windows line ends', `\ufeff${LOG.replaceAll('\n', '\r\n')}`],
  ['semicolons', 'who;what;at\nann;a;7\nbob;a;3\nann;b;5\ncid;"""c"", d";4\n'],
  ['bars', 'who|what|at\nann|a|7\nbob|a|3\nann|b|5\ncid|"""c"", d"|4\n'],
  ['spaces', 'who what at\nann a 7\nbob a 3\nann b 5\ncid """c"", d" 4\n'],
  ['double colons and quotes of its own', 'who::what::at\nann::a::7\nbob::a::3\nann::b::5\ncid::"c", d::4\n'],
  [
    'double colons with a bar and a comma in every line but the first',
    'who::what::at::tags\nann::a::7::x|y\nbob::a::3::x|y\nann::b::5::x|y\ncid::"c", d::4::x|y\n',
  ],
  ['tabs and quotes', 'who\twhat\tat\nann\ta\t7\nbob\ta\t3\nann\tb\t5\ncid\t"""c"", d"\t4\n'],
  [
    'no header',
    'ann\ta\t5\t7\nbob\ta\t5\t3\nann\tb\t4\t5\ncid\t"""c"", d"\t1\t4\n',
    { header: { interactions: ['who', 'what', 'stars', 'at'] } },
  ],
  ['an index without a name', ',at,what,who\n0,7,a,ann\n1,3,a,bob\n2,5,b,ann\n3,4,"""c"", d",cid\n'],
  ['gzip', { 'log.csv.gz': gzipSync(LOG) }, { interactions: 'log.csv.gz' }],
  [
    'several files, by the numbers in their names',
    {
      'part-10.csv': 'who,what\nann,a\n',
      'part-9.csv': 'who,what\nann,b\nbob,a\n',
      'part-11.csv': 'who,what\ncid,"""c"", d"\n',
    },
    { ...PARTS, ...NO_TIME },
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
    LINES,
  ],
  ['ISO dates', LOG.replace(/\d$/gm, '2020-01-0$&')],
  ['dates of a format that the card gives', LOG.replace(/\d$/gm, '$&/1/2020'), { timeFormat: '%d/%m/%Y' }],
  [
    'blanks around its cells and empty lines at its end',
    'who, what , at\nann, a, 7\nbob ,a,3\n ann,b,5\ncid, """c"", d", 4\n\n\r\n',
  ],
  [
    'line breaks within quotes',
    'who,what,note,at\nann,a,"good,\n\n""really""\n",7\nbob,a,,3\nann,b,"\n",5\ncid,"""c"", d","x\r\ny" ,4\r\n',
  ],
  [
    'line breaks within quotes between tabs',
    'who\tat\tnote\twhat\nann\t7\t"19"" or\n20"\ta\nbob\t3\t19" pipe\ta\nann\t5\t\tb\ncid\t4\t"a\n\tb"\t"""c"", d"\n',
  ],
];

for (const [shape, files, card] of shapes) {
  test(`a table with ${shape} is read as what it says`, async () => {
    assert.deepEqual(historiesIn(await readFolder(folderOf(files, card))), BOUGHT);
  });
}

test('a card and tables in an archive are read as in a folder', async () => {
  const files = { 'dataset.json': JSON.stringify({ ...CARD, ...PARTS }), 'part-1.csv': LOG };
  assert.deepEqual(historiesIn(await readFolder(archiveOf(zipped('x', files)))), BOUGHT);
});

test('a table is read in the encoding that its card gives', async () => {
  const written: readonly (readonly [encoding: string, bytes: Buffer, id: string])[] = [
    ['latin1', Buffer.from('who,what,at\nJos\xe9,a,1\n', 'latin1'), 'José'],
    ['windows-1252', Buffer.from('who,what,at\n\x93Zo\xeb\x94,a,1\n', 'latin1'), '“Zoë”'],
    ['gb18030', Buffer.from('who,what,at\n\xd5\xc5\xc8\xfd,a,1\n', 'latin1'), '张三'],
    ['shift_jis', Buffer.from('who,what,at\n\x93\x8c\x8b\x9e,a,1\n', 'latin1'), '東京'],
    ['utf-16le', Buffer.from('who,what,at\n東京,a,1\n', 'utf16le'), '東京'],
    ['utf-16', Buffer.from('\ufeffwho,what,at\n東京,a,1\n', 'utf16le'), '東京'],
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
  const log = `who,what,at\nann,item9,1\n${'\n'.repeat(200_000)}`;
  const folder = folderOf({ 'log.csv': log, 'films.csv': `what,title\n${rows.join('')}` }, FILMS);
  assert.deepEqual(columnOf((await readFolder(folder)).items, 'title'), notes);
});

test('rows whose quotes stand wrongly can be dropped, each by itself', async () => {
  const bad = ['dan,"a"b,3', 'dan,"a,3', 'dan,"a\\"",3', 'dan,a","3', '"dan,a,3"'];
  const lines = LOG.split('\n').slice(0, -1);
  for (const place of [2, 4, 5])
    for (const row of bad) {
      const log = [...lines.slice(0, place), row, ...lines.slice(place), ''].join('\n');
      const read = await readFolder(folderOf(log, { onBadRow: 'drop' }));
      assert.deepEqual(historiesIn(read), BOUGHT, log);
      const dropped = read.dropped.map(({ what, count }) => [what, count]);
      assert.deepEqual(dropped, [['rows of log.csv', 1]], log);
    }
  const header = folderOf(LOG.replace('who', '"who'), { onBadRow: 'drop' });
  await requireRefused(header, /log.csv, line 1, column 1: expected double quotes around/);
});

test('the blanks around a cell are none of it, and other spaces are, whatever stands in other cells', async () => {
  for (const other of ['bob', ' bob', '\tbob\t', '"bob"', ' "bob"\t']) {
    const log = `who,what,at\n\u00a0ann,b\u3000,1\n${other},a,2\n`;
    assert.deepEqual(historiesIn(await readFolder(folderOf(log))), [
      ['\u00a0ann', ['b\u3000']],
      ['bob', ['a']],
    ]);
  }
});

test('the values of a list are trimmed as cells are', async () => {
  const files = { 'log.csv': ONE, 'films.csv': 'what,genres\na,x |\ty| \u00a0z\n' };
  const { items } = await readFolder(folderOf(files, { ...FILMS, lists: { genres: '|' } }));
  assert.deepEqual(columnOf(items, 'genres'), ['x\u001fy\u001f\u00a0z']);
});

test('a Parquet file is read by the names of its columns, whatever their types and its folder', async () => {
  const at = (time: string) => `TIMESTAMP '2020-01-0${time}'`;
  const nested = `{'what': 1, 'x': [1]} AS shop, MAP {'who': 1} AS counts, [[1]] AS lists`;
  const rows = `(1, encode('é'), ${at('2 00:00:00')}), (1, encode('b'), ${at('1 10:00:00.5')})`;
  const folder = await parquetOf(`SELECT *, ${nested} FROM (VALUES ${rows}) rows(who, what, "at")`);
  const named = join(folder, 'who=c');
  mkdirSync(named);
  for (const name of ['dataset.json', 'log.parquet']) renameSync(join(folder, name), join(named, name));
  assert.deepEqual(historiesIn(await readFolder(named)), [['1', ['b', 'é']]]);
});

test('whole numbers that were stored with a fraction have all their digits', async () => {
  const rows = [
    ["1e16::DOUBLE, '100000008'::FLOAT, 1", '10000000000000000', '100000008'],
    ["9223372036854775808::DOUBLE, '-0.5'::FLOAT, 2", '9223372036854775808', '-0.5'],
    ["1e300::DOUBLE, '1e38'::FLOAT, 3", '1e+300', '99999996802856924650656260769173209088'],
    ["NULL, '1'::FLOAT, 4", '', ''],
  ];
  const query = `FROM (VALUES ${rows.map(([row]) => `(${row})`)}) rows(who, what, "at")`;
  const read = await readFolder(await parquetOf(query, { onBadRow: 'drop' }));
  assert.deepEqual(
    historiesIn(read),
    rows.slice(0, -1).map(([, user, item]) => [user, [item]]),
  );
});

test('a Parquet file without an id, with an infinite time, that is none or has a damaged page is refused', async () => {
  const noId = await parquetOf('SELECT 1 AS who, NULL AS what, 1 AS at');
  await requireRefused(noId, /log.parquet, line 1, column what: .*""/);
  const infinite = await parquetOf(`SELECT 1 AS who, 2 AS what, 'inf'::DOUBLE AS at`);
  await requireRefused(infinite, /line 1, column at: .*"inf"/);
  const none = folderOf({ 'log.parquet': 'PAR1' }, { interactions: 'log.parquet' });
  await requireRefused(none, /log.parquet: expected a Parquet file/);
  const rows = "SELECT 1 AS who, 'i' || i % 77 AS what, i * 7919 % 1009 AS at FROM range(20000) t(i)";
  const damaged = join(await parquetOf(rows), 'log.parquet');
  writeFileSync(damaged, readFileSync(damaged).fill(0xff, 500, 3000));
  await requireRefused(dirname(damaged), /log.parquet: expected a Parquet file/);
});

test('hundreds of columns take seconds', { timeout: 360_000 }, async () => {
  const names = ['who', 'what', 'at', ...Array.from({ length: 300 }, (_, c) => `c${c}`)];
  const row = (i: number) => [`ann${i}`, 'a', '1', ...names.slice(3).map((_, c) => `${(i * c) % 7}`)];
  const rows = Array.from({ length: 1000 }, (_, i) => row(i));
  const wide: Files = {
    'log.csv': [names, ...rows].map((cells) => `${cells}\n`).join(''),
    'log.jsonl': json(...rows.map((cells) => Object.fromEntries(cells.map((cell, c) => [names[c], cell])))),
  };
  for (const interactions of Object.keys(wide)) {
    const { users } = await readFolder(folderOf(wide, { interactions, users: interactions }));
    assert.deepEqual(columnOf(users, 'c299')?.slice(0, 4), ['0', '5', '3', '1']);
  }
});

test('a value that is a text in some JSON lines and a list in others is a list; objects are no column', async () => {
  const films = json(
    { what: 'a', genres: 'x', year: 1 },
    { what: 'b', genres: ['x', 'y z'], shop: { town: 'z' }, year: 'n/k' },
  );
  const files = { 'log.csv': ONE, 'films.ndjson': films };
  const { items } = await readFolder(folderOf(files, { items: 'films.ndjson' }));
  assert.deepEqual(items?.fields, [
    { name: 'item_id', type: 'token' },
    { name: 'genres', type: 'token_seq' },
    { name: 'year', type: 'token' },
  ]);
  assert.deepEqual(columnOf(items, 'genres'), ['x', 'x\u001fy z']);
});

test('what stands for a missing value is none: a bad row for an id, nothing for a field', async () => {
  const marks = ['NA', 'N/A', 'NaN', 'null', 'None', '\\N'];
  const films = `what,genres,year\na,${marks[0]},1999\nb,x,${marks[2]}\n`;
  const log = `who,what,at\nann,a,1\n${marks.map((mark, i) => `${mark},b,${i}\n`).join('')}ann,b,2\n`;
  const card = { ...FILMS, onBadRow: 'drop', lists: { genres: '|' } };
  const read = await readFolder(folderOf({ 'log.csv': log, 'films.csv': films }, card));
  assert.deepEqual(historiesIn(read), [['ann', ['a', 'b']]]);
  assert.deepEqual(columnOf(read.items, 'genres'), ['', 'x']);
  assert.deepEqual(columnOf(read.items, 'year'), ['1999', '']);
});

const orders: readonly (readonly [form: string, second: string, first: string, third: string])[] = [
  ['milliseconds', '1577836800002', '1577836800001', '1577836800003'],
  ['numbers of days', '2.5', '1e0', '+3'],
  ['dates with times', '2020-01-01T00:00:00.2', '2020-01-01 00:00', '2020-01-01 00:00:01'],
  ['zones', '2020-01-01 01:00:00+01:00', '2020-01-01T00:30:00+0100', '2020-01-01 00:30:00 UTC'],
  [
    'zones of half an hour',
    '2020-01-01T12:26:40+0530',
    '2020-01-01T06:56:39.5Z',
    '2020-01-01 03:26:41-03:30',
  ],
  ['times that are the same as a double', '1700000000000000001', '0', '1700000000000000000'],
];

test('times order a history', async () => {
  for (const [form, second, first, third] of orders) {
    const log = `who,what,at\nann,b,${second}\nann,a,${first}\nann,c,${third}\n`;
    assert.deepEqual(historiesIn(await readFolder(folderOf(log))), [['ann', ['a', 'b', 'c']]], form);
  }
});

test('users and items have the columns of their files, with the types that the cells show', () => {
  const files = {
    'log.csv': 'who,what,at\nann,1,7\nbob,2,3\n',
    'films.csv': 'what,title,genres,year\n1,"One, two",Comedy | Drama,1999\n2,Three,,\n',
    'people.csv': ',id,age,zip\n0,ann,21,01234\n1,bob,30.5,55105\n',
  };
  const columns = { interactions: CARD.columns, users: { user: 'id' }, items: { item: 'what' } };
  const card = { ...FILMS, ...PEOPLE, columns, lists: { genres: '|' } };
  const { users, items } = loadDataset(folderOf(files, card));
  assert.deepEqual(users?.columnNames(), ['user_id', 'age', 'zip']);
  assert.deepEqual(Array.from(users?.array('age') ?? []), [21, 30.5]);
  assert.deepEqual(users?.array('zip'), ['01234', '55105']);
  assert.deepEqual(items?.array('item_id'), ['1', '2']);
  assert.deepEqual(items?.array('genres'), [['Comedy', 'Drama'], []]);
  assert.deepEqual(Array.from(items?.array('year') ?? []), [1999, Number.NaN]);
});

const FOOD = recommend('shelf', 'food');
const COUNTRY = { kind: 'classify', label: 'country', source: 'Food' };
const WITHIN = { tasks: { Food: FOOD, Country: COUNTRY } };
const ORDERS =
  'who,what,at,shelf,country\nann,pen,1,office,NO\nann,bun,2,food,\nbob,pen,3,,SE\nbob,jam,4,food,SE\n';

test('tasks that are tried on fields that no task of the card names are refused', () => {
  const dataset = loadDataset(folderOf(ORDERS));
  for (const [tried, key] of [
    [{ Food: FOOD }, /tasks\.Food\.target\.field: /],
    [{ Rest: REST, Country: { ...COUNTRY, source: 'Rest' } }, /tasks\.Country: /],
  ] as const)
    assert.throws(() => tryTasks(dataset, tried), { name: 'UserError', message: key });
});

test('columns of the interactions are fields of items and users that have no file', () => {
  const tasks = buildTasks(loadDataset(folderOf(ORDERS, WITHIN)));
  assert.deepEqual(tasks.map(instancesOf), [
    ['ann bun', 'bob jam'],
    ['ann NO', 'bob SE'],
  ]);
});

test('a column that is called as a role elsewhere is a field like others', () => {
  const people = 'who,click,timestamp,item_id\nann,1,6,p\nbob,0,7,q\n';
  const rows = ['ann,pen,1,1,x', 'ann,bun,2,1,x', 'ann,cup,3,0,y', 'bob,pen,3,1,x', 'bob,cup,4,0,y'];
  const log = ['who,what,at,click,user_id', ...rows, ''].join('\n');
  const tasks = {
    Click: recommend('click', '1'),
    Of: recommend('user_id', 'x'),
    Who: { kind: 'classify', label: 'item_id', source: 'Click' },
    When: { kind: 'classify', label: 'timestamp', source: 'Click' },
  };
  const dataset = loadDataset(folderOf({ 'log.csv': log, 'people.csv': people }, { ...PEOPLE, tasks }));
  const labels = buildTasks(dataset).map(({ labels }) => labels.join(' '));
  assert.deepEqual(labels, ['pen bun', 'pen bun', 'p q', '6 7']);
  assert.deepEqual(
    describeFields(dataset).map(({ of, field }) => `${of} ${field}`),
    ['users click', 'users timestamp', 'users item_id', 'items click', 'items user_id'],
  );
});

test('numbers that a double does not hold stay the texts that they are', () => {
  const films =
    'what,code,size,price\na,2053013554658804075,1e400,1.50\nb,2053013554658804076,1,-12345678901234.5\n';
  const card = { ...FILMS, tasks: { One: recommend('code', '2053013554658804075', 'b') } };
  const log = `who,what,at\n${['ann', 'bob'].map((who) => `${who},a,1\n${who},b,2\n`).join('')}`;
  const { items } = loadDataset(folderOf({ 'log.csv': log, 'films.csv': films }, card));
  assert.deepEqual(items?.array('code'), ['2053013554658804075', '2053013554658804076']);
  assert.deepEqual(items?.array('size'), ['1e400', '1']);
  assert.deepEqual(Array.from(items?.array('price') ?? []), [1.5, -12345678901234.5]);
});

test('classes that are numbers are called by their value, however that is written', () => {
  const people = ['ann,1.50', 'bob,+5', 'cid,5', 'dan,', 'eve,1.5'];
  const log = people.map((row, i) => `${row.slice(0, 3)},a,${i}\n`).join('');
  const files = { 'log.csv': `who,what,at\n${log}`, 'people.csv': `who,size\n${people.join('\n')}\n` };
  const tasks = { Size: { kind: 'classify', label: 'size', length: 5, minSource: 1 } };
  const [task] = buildTasks(loadDataset(folderOf(files, { ...PEOPLE, tasks })));
  assert.deepEqual(instancesOf(task), ['ann 1.5', 'bob 5', 'cid 5', 'eve 1.5']);
});

test('a share of the items is the same whatever their order', () => {
  const items = Array.from({ length: 10 }, (_, i) => `item${i}`);
  const labelsIn = (order: readonly string[]) => {
    const rows = order.map((item, i) => `ann,${item},${i}`);
    const [{ labels }] = buildTasks(loadDataset(folderOf(['who,what,at', ...rows, ''].join('\n'))));
    return [...labels].sort();
  };
  assert.equal(labelsIn(items).length, 5);
  assert.deepEqual(labelsIn(items), labelsIn([...items].reverse()));
});

refuses((card: object) => folderOf(LOG, card), '', [
  ['an unknown column', { columns: { ...CARD.columns, user: 'x' } }, /columns: user: .*who, what, at .*"x"/],
  ['no word on time', { columns: { user: 'who', item: 'what' } }, /columns\.time: .*found nothing/],
  ['a format of times that is none', { timeFormat: '%Q' }, /timeFormat: .*"%Q"/],
  ['lists in brackets', { lists: { at: '[]' } }, /lists.at: expected what separates .* JSON lines .*"\[\]"/],
  ['a list that is no column', { lists: { genres: '|' } }, /lists: .*who, what, at .*"genres"/],
  ['a field that is no column', WITHIN, /tasks\.Country\.label: .*"country"/],
  ['a field of the ids', { tasks: { Food: recommend('item_id', 'a') } }, /tasks\.Food\.target\.field: .*"it/],
  ['a pattern of nothing', PARTS, /interactions: .*"part-\*\.csv", found none/],
  ['a pattern outside the folder', { interactions: '../*.csv' }, /interactions: .*inside the folder/],
  ['no columns', { columns: undefined }, /log.csv, line 1, column 1: .*"columns" in the card.*found "who"/],
]);

const behindLog = (row: string | Buffer, card?: object) =>
  folderOf({ 'log.csv': Buffer.concat([Buffer.from(LOG), Buffer.from(row), Buffer.from('\n')]) }, card);
const UTF16 = { encoding: 'UTF-16LE' };
refuses(behindLog, 'log.csv, line 6, ', [
  ['a mark of a missing id', 'NA,a,5', /column who: .*"NA"/],
  ['an empty id', ',a,3', /column who: .*""/],
  ['a cut row', 'dan,a', /column at: expected 3 .*found 2/],
  ['text among numbers', 'dan,a,soon', /column at: .*"soon"/],
  ['a date among numbers', 'dan,a,2020-01-01', /column at: .*"2020-01-01"/],
  ['a broken quote', 'dan,"a,3', /column 2: expected double quotes.*closed/],
  ['a quote that another row ends', 'dan,"a,3\neve,"b",4', /column 2: expected double quotes/],
  ['a quote that none ends', `dan,"a,3\n${'eve,b,4\n'.repeat(200_000)}`, /column 2: .*within 1000000/],
  ['a line break in an id', 'dan,"a\nb",3', /column what: .*"a\\nb"/],
  ['a control character behind quotes', '"d,n",x\u0001,7', /column 2: .*0x01/],
  ['Latin-1', Buffer.from('d\xe9,a,3', 'latin1'), /column 1: expected UTF-8 .*0xe9/],
  ['no gb18030', Buffer.from('dan,\xff,7', 'latin1'), /column 2: .*gb18030/, { encoding: 'gb18030' }],
]);

const TITLED = 'who,what,note,at\nann,a,"1\n2\n3",7\n';
const LONG = `ann,${'a'.repeat(1_000_001)},7\n`;
const twice = (first: string, second: string) => `who,what,at\nann,a,${first}\nann,a,${second}\n`;
refuses<string | Uint8Array>((log, card) => folderOf({ 'log.csv': log }, card), 'log.csv, ', [
  ['a zone in some rows', twice('2020-01-01 10:00:00', '2020-01-01 10:00:00Z'), /line 3, column at: .*00Z"/],
  ['a day that does not exist', twice('2020-01-31', '2020-02-31'), /line 3, column at: .*"2020-02-31"/],
  ['another format', twice('13/12/2020', '12/13/2020'), /line 3, column at: /, { timeFormat: '%d/%m/%Y' }],
  ['times of an unknown form', 'who,what,at\nann,a,31.1.2020\n', /line 2, column at: .*timeFormat/],
  ['a bad row behind line breaks', `${TITLED}bob,"b","4\n5",3\ncid,c,"\n",soon\n`, /line 7, column at: /],
  ['a bad quote behind line breaks', `${TITLED}bob,"b"b,"4\n5",3\n`, /line 5, column 2: .*double quotes/],
  ['a long line', `who,what,at\n${'ann,a,7\n'.repeat(50_000)}${LONG}`, /line 50002, column 1: .*1000000/],
  [
    'rows between two quotes of their own',
    'who\twhat\tnote\tat\nann\ta\t"Weird Al\t1\nbob\ta\tbuns\t2\ncid\ta\tthe 12"\t3\n',
    /line 2, column 3: expected double quotes.*Weird Al/,
  ],
  [
    'a header in card and file',
    LOG,
    /line 1, column 1: .*"header"/,
    { header: { interactions: ['who', 'what', 'at'] } },
  ],
  [
    'no row that can be read',
    'who,what,at\na,b,3/1/20\n',
    /line 2, column who: .*none: 1 dropped, column at: .*timeFormat/,
    { onBadRow: 'drop' },
  ],
  ['a repeated column', 'who,what,at,at\n', /line 1, column at: .*twice/],
  ['no header', '', /line 1, column 1: expected a header/],
  ['no rows', 'who,what,at\n', /line 2, column who: expected at least one row/],
  ['JSON in a CSV file', json({ who: 'ann', what: 'a', at: 1 }), /line 1, column 1: expected cells, or JSON/],
  [
    'half of UTF-16',
    Buffer.from(`\ufeff${LOG}`, 'utf16le').subarray(0, -1),
    /line 5, column 3: .*UTF-16LE/,
    UTF16,
  ],
  [
    'half of a pair',
    Buffer.from(`\ufeff${LOG}d\ud83d,,\n`, 'utf16le'),
    /line 6, column 1: .*UTF-16LE/,
    UTF16,
  ],
  ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), /line 1, column 1: .*0x00/],
]);

const withLine = (line: string) =>
  folderOf({ 'log.jsonl': `${json({ who: 'ann', what: 'a', at: 7 })}${line}` }, LINES);
refuses(withLine, '', [
  ['a control character', json({ who: 'a\u0000', what: 'a', at: 1 }), /line 2, column who: .*"a\\u0000"/],
  ['a cut line', '{"who":"bob","wha', /line 2, column 1: expected a JSON object, found .*wha/],
  ['no id', json({ what: 'a', at: 8 }), /line 2, column who: .*""/],
  ['an object for an id', json({ who: { id: 5 }, what: 'a', at: 1 }), /columns: user: .*what, at/],
]);

const PART_1 = 'who,what,at\nann,a,7\n';
const people = { 'people-1.csv': 'who\nann\n', 'people-2.csv': 'who\nbob\nann\n' };
const timestamp = { tasks: { Food: recommend('timestamp', '5') } };
const damages: readonly (readonly [files: Files, expected: RegExp, card: object])[] = [
  [{ 'x.gz': gzipSync(LOG).subarray(0, -9) }, /x.gz: .*unexpected end/, { interactions: 'x.gz' }],
  [
    { 'part-1.csv': PART_1, 'part-2.csv': 'who,at,what\n' },
    /part-2.csv, line 1, column 1: .*found who, at, what$/,
    PARTS,
  ],
  [{ 'part-1.csv': PART_1, 'part-2.csv': `${PART_1}b,c,soon\n` }, /part-2.csv, line 3, column at: /, PARTS],
  [{ 'log.csv': `${ORDERS}bob,bun,5,office,SE\n` }, /line 6, column shelf: .*"office"/, WITHIN],
  [{ 'log.csv': `${ORDERS}bob,bun,5,food,NO\n` }, /line 6, column country: .*"NO"/, WITHIN],
  [{ 'log.csv': 'who,what,timestamp,at\na,p,5,1\na,p,6,2\n' }, /line 3, column timestamp: .*"6"/, timestamp],
  [{ 'log.csv': ONE, ...people }, /people-2.csv, line 3, column who: .*"ann"/, { users: 'people-*.csv' }],
];

test('half a gzip, parts that differ, contradictions and ids twice are refused', async () => {
  for (const [files, expected, card] of damages) await requireRefused(folderOf(files, card), expected);
});

test('bad rows are counted where the card says drop, over all files of a pattern', async () => {
  const files = {
    'part-1.csv': `${PART_1}bob,a\n`,
    'part-2.csv': 'who,what,at\nbob,a,3\nann,b,5\ncid,c,soon\n',
  };
  const reading = await readFolder(folderOf(files, { ...PARTS, onBadRow: 'drop' }));
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
  const card = { ...CARD, ...WITHIN, ...PARTS };
  const folder = folderOf({ 'part-1.csv': ORDERS }, card);
  assert.deepEqual(loadDataset(folder).items?.columnNames(), ['item_id', 'shelf']);
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ ...card, tasks: CARD.tasks }));
  assert.equal(loadDataset(folder).items, undefined);
  writeFileSync(join(folder, 'part-2.csv'), ORDERS);
  assert.equal(loadDataset(folder).histories.itemAt.length, 8);
});
