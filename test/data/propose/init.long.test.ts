import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { initCard } from '../../../lib/data/propose/init';
import { folderWith } from '../folders';
import { type Files, writeParquet } from '../reading/readFolder';

/** A shop of 24 customers and 60 goods; every third good is a toy, and all times differ. */
const [CUSTOMERS, GOODS] = [24, 60];
const START = Date.UTC(2024, 0, 1);
const ORDERS = Array.from({ length: 24 * 14 }, (_, n) => ({
  customer: 700 + ((n * 7) % CUSTOMERS),
  sku: `S${(31 * n + 7 * Math.floor(n / CUSTOMERS)) % GOODS}`,
  stars: 1 + (n % 5),
  at: START + 3_600_123 * n,
}));
type Row = readonly (string | number)[];
const HEADER = ['customer', 'sku', 'stars', 'purchased_at'];
const rows = (time: (at: number) => string | number) =>
  ORDERS.map(({ customer, sku, stars, at }): Row => [customer, sku, stars, time(at)]);
const seconds = rows((at) => Math.floor(at / 1000));
const csv = (lines: readonly Row[], delimiter = ',') =>
  lines.map((line) => `${line.join(delimiter)}\n`).join('');
const iso = (at: number) => new Date(at).toISOString();
const logOf = (time: (at: number) => string | number) => ({ 'log.csv': csv([HEADER, ...rows(time)]) });
const CSV = csv([HEADER, ...seconds]);
const goods = (header: Row, row: (i: number) => Row, delimiter?: string) =>
  csv([header, ...Array.from({ length: GOODS }, (_, i) => [`S${i}`, ...row(i)])], delimiter);
const GOODS_CSV = goods(['sku', 'title', 'tags'], (i) => [
  `"Good, no. ""${i}"""`,
  [i % 3 === 0 ? 'toys' : 'tools', i % 4 === 0 ? 'wood' : 'steel'].join('|'),
]);
const PEOPLE_CSV = csv([
  ['customer', 'sex', 'age'],
  ...Array.from({ length: CUSTOMERS }, (_, i): Row => [700 + i, i % 2 === 0 ? 'f' : 'm', 20 + i]),
]);
const JSON_LINES = ORDERS.map(
  ({ customer, sku, stars, at }) => `${JSON.stringify({ customer, sku, stars, purchased_at: at })}\n`,
).join('');
const SHOP = { 'log.csv': CSV, 'goods.csv': GOODS_CSV, 'people.csv': PEOPLE_CSV };

const NAMED = { user: 'customer', item: 'sku', time: 'purchased_at' };
const COLUMNS = ['user', 'item', 'stars', 'time', 'note'];
const cardIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8'));

/** The card of a folder with these files, and why. */
async function proposed(files: Files) {
  const folder = folderWith(files);
  const { reasons, added } = await initCard(folder);
  const why = Object.fromEntries(reasons.map((reason) => [reason.what, reason.why]));
  return { folder, card: cardIn(folder), why, added };
}

const shapes: readonly (readonly [string, Files, object])[] = [
  ['a CSV file', { 'log.csv': CSV }, { columns: NAMED }],
  [
    'line breaks within quotes and names for its columns in a card',
    {
      'log.csv': csv(seconds.map((row, i) => [...row, `"fine,\n${'\n'.repeat(i % 5)}thanks ${i}"`])),
      'dataset.json': JSON.stringify({ header: { interactions: COLUMNS } }),
    },
    { columns: { user: 'user', item: 'item', time: 'time' }, header: { interactions: COLUMNS } },
  ],
  [
    'JSON lines beside settings',
    { 'log.jsonl': JSON_LINES, 'settings.json': '{\n "sku": 1\n}' },
    { interactions: 'log.jsonl', columns: NAMED },
  ],
  [
    'a pattern in a card, beside prose',
    {
      'part-1.csv.gz': gzipSync(csv([HEADER, ...seconds.slice(0, 99)])),
      'part-2.csv.gz': gzipSync(csv([HEADER, ...seconds.slice(99)])),
      'README.txt': 'prose',
      'dataset.json': '{ "interactions": "part-*.csv.gz" }',
    },
    { interactions: 'part-*.csv.gz', columns: NAMED },
  ],
  [
    'an encoding that a card without other keys gives',
    {
      'log.csv': Buffer.from(CSV.replaceAll('S', 'É'), 'latin1'),
      'dataset.json': '{ "encoding": "latin1" }',
    },
    { columns: NAMED, encoding: 'latin1' },
  ],
  ['ISO dates', logOf(iso), { columns: NAMED }],
  ['milliseconds', logOf((at) => at), { columns: NAMED }],
  [
    'an index column and semicolons',
    { 'log.csv': csv([['', ...HEADER], ...seconds.map((row, n) => [n, ...row])], ';') },
    { columns: NAMED },
  ],
  ['a name that every object has', { 'log.csv': CSV.replace('stars', 'constructor') }, { columns: NAMED }],
  [
    'a format of times and a timeline in a card',
    {
      ...logOf((at) => iso(at).replace(/^(.{10})T(.{8}).*$/, '$2 on $1')),
      'dataset.json': '{ "timeFormat": "%H:%M:%S on %Y-%m-%d", "timeline": { "share": 0.8 } }',
    },
    { columns: NAMED, timeFormat: '%H:%M:%S on %Y-%m-%d', timeline: { share: 0.8 } },
  ],
  [
    'columns in a card',
    { 'log.csv': CSV, 'dataset.json': '{ "columns": { "user": "sku", "item": "customer", "time": null } }' },
    { columns: { user: 'sku', item: 'customer', time: null } },
  ],
];

for (const [shape, files, expected] of shapes) {
  test(`${shape}: a data set whose card works`, async () => {
    const { card } = await proposed(files);
    const { name, tasks, ...others } = card;
    assert.deepEqual(others, { interactions: 'log.csv', ...expected });
    assert.deepEqual([typeof name, ...Object.keys(tasks)], ['string', 'Drawn']);
  });
}

test('a Parquet file of DuckDB becomes a data set whose card works', async () => {
  const folder = folderWith({ 'log.csv': CSV });
  const other = folderWith({});
  const query = `SELECT * REPLACE (to_timestamp(purchased_at) AS purchased_at) FROM read_csv('${folder}/log.csv')`;
  await writeParquet(join(other, 'log.parquet'), query);
  await initCard(join(other, 'log.parquet'));
  assert.deepEqual(cardIn(other).columns, NAMED);
});

test('the files of items and users make a target domain and profiles, each with its reason; run again, the card is kept', async () => {
  const { folder, card, why } = await proposed(SHOP);
  const { name, tasks, ...others } = card;
  const files = { interactions: 'log.csv', users: 'people.csv', items: 'goods.csv' };
  assert.deepEqual(others, { ...files, columns: NAMED, lists: { tags: '|' } });
  assert.deepEqual(Object.keys(tasks), ['toys', 'sex']);
  assert.deepEqual(tasks.sex, { kind: 'classify', label: 'sex', source: 'toys' });
  assert.equal(why['user: customer'], 'by its name, 24 values');
  assert.equal(why['items: goods.csv'], 'by its sku');
  assert.match(why['task toys'], /^tags toys: 20 items, 33\.3 % .*; 24 users have 3 or more .* tags wood$/);
  assert.equal(why['task sex'], 'a field of users: f 50.0 %, m 50.0 %');
  const file = join(folder, 'dataset.json');
  assert.deepEqual(await initCard(folder), { file, added: [], reasons: [] });
});

const typed = (i: number): Row => [`${i % 3 ? 'tools' : 'toys'} ${i % 4 ? 'wood' : 'steel'}`];
const barred = (i: number): Row => [i % 3 ? 'fun|toys' : 'toys', i % 4 ? 'a|b' : 'c'];
const lists: readonly (readonly [string, Files, object | undefined])[] = [
  ['bars', { 'goods.csv': GOODS_CSV }, { tags: '|' }],
  [
    'the heading of RecBole',
    { 'goods.tsv': goods(['sku', 'class:token_seq'], typed, '\t') },
    { 'class:token_seq': ' ' },
  ],
  [
    'the card alone, where it names some',
    { 'goods.csv': goods(['sku', 'genres', 'tags'], barred), 'dataset.json': '{ "lists": { "tags": "|" } }' },
    { tags: '|' },
  ],
];

for (const [told, files, expected] of lists) {
  test(`lists are told by ${told}`, async () => {
    const { card } = await proposed({ 'log.csv': CSV, ...files });
    assert.deepEqual(card.lists, expected);
  });
}

test('a domain may be a value with blanks around it in a list of a JSON file', async () => {
  const lines = Array.from({ length: GOODS }, (_, i) =>
    JSON.stringify({ sku: `S${i}`, tags: i % 3 === 0 ? [' toys '] : [`tool ${i}`] }),
  );
  const { card } = await proposed({ 'log.csv': CSV, 'goods.jsonl': `${lines.join('\n')}\n` });
  assert.deepEqual(card.tasks.toys.target, { field: 'tags', any: [' toys '] });
});

const twice = `${PEOPLE_CSV}${PEOPLE_CSV.replace(/^.*\n/, '')}`;
test('a file with users that come again is left out', async () => {
  const { card, why } = await proposed({ 'log.csv': CSV, 'other.csv': twice });
  assert.ok(!Object.values(card).includes('other.csv'));
  assert.match(why['left out: other.csv'], /^its names do not say/);
});

test('a second log is left out, and a given time has its format', async () => {
  const day = (at: number) => iso(at).replace(/^(\d+)-(\d+)-(\d+)T(\d+:\d+).*$/, '$3.$2.$1 $4');
  const { card, why } = await proposed({
    ...logOf(day),
    'wishes.csv': csv([
      ['customer', 'sku'],
      ...seconds.slice(0, 99).map(([customer, sku]) => [customer, sku]),
    ]),
    'dataset.json': JSON.stringify({ columns: NAMED, timeFormat: '%d.%m.%Y %H:%M' }),
  });
  assert.equal(card.timeFormat, '%d.%m.%Y %H:%M');
  assert.match(why['left out: wishes.csv'], /^its names do not say/);
});

test('one row that contradicts the others is named where it takes a field away', async () => {
  const kinds = seconds.map((row) => [...row, Number(String(row[1]).slice(1)) % 3 === 0 ? 'toys' : 'tools']);
  const wrong = [...seconds[0].slice(0, 1), 'S3', 5, 1_800_000_000, 'tools'];
  const { card, why } = await proposed({ 'log.csv': csv([[...HEADER, 'kind'], ...kinds, wrong]) });
  assert.deepEqual(Object.keys(card.tasks), ['Drawn']);
  assert.match(why['no field kind'], /^item S3 has tools and toys/);
});

test('folders and links to nothing are no tables', async () => {
  const folder = folderWith({ 'log.csv': CSV });
  mkdirSync(join(folder, 'old.csv'));
  symlinkSync(join(folder, 'gone'), join(folder, 'link.csv'));
  await initCard(folder);
  assert.equal(cardIn(folder).interactions, 'log.csv');
});

/** The log with a change of its ninth line. */
const log = (change: (row: string) => string) => {
  const lines = CSV.split('\n').map((row, n) => (n === 8 ? change(row) : row));
  return { 'log.csv': lines.join('\n') };
};
const begun = (card: string) => ({ ...SHOP, 'dataset.json': card });

/** What is wrong, and the place and the value that the message has. */
const damages: readonly (readonly [string, Files, RegExp])[] = [
  ['a cut row', log((row) => row.slice(0, 6)), /log\.csv, line 9, column stars: .* 4 fields .* found 2/],
  ['text among times', log((row) => row.replace(/\d+$/, 'soon')), /line 9, column purchased_at: .*"soon"/],
  [
    'unknown times behind line breaks',
    {
      'log.csv': csv([
        ['note', ...HEADER],
        ...rows((at) => (at === START ? 5 : 'week 3')).map((row) => ['"a\nb"', ...row]),
      ]),
    },
    /log\.csv, line 4, column purchased_at: .*"week 3"/,
  ],
  ['no header', { 'log.csv': csv(seconds) }, /log\.csv: .* found none among 700, S0, .* "header": /],
  [
    'dates of another form',
    logOf((at) => iso(at).replace(/^(....)-(..)-(..)T(.....).*$/, '$3.$2.$1 $4')),
    /log\.csv, line 2, column purchased_at: .* a timeFormat in the card, found "01\.01\.2024 00:00"/,
  ],
  [
    'cells that nothing separates',
    { 'log.txt': csv(seconds, '~') },
    /log\.txt: expected one column of users/,
  ],
  ['a missing user', log((row) => row.replace(/^\d+/, 'NA')), /line 9, column customer: .*"NA"; .*onBadRow/],
  [
    'a text among the tables',
    { 'log.csv': CSV, 'about.txt': 'Words,\nmore, and more.\nNo\n' },
    /about\.txt, line \d.* name one file after init$/,
  ],
  ['an empty file', { 'log.csv': '' }, /log\.csv, line 1, column 1: .* found none/],
  ['no table', { 'README.txt': 'nothing here' }, /expected a table .* found README\.txt/],
  [
    'some items missing from their file',
    { 'log.csv': CSV, 'goods.csv': [...GOODS_CSV.split('\n').slice(0, 40), ''].join('\n') },
    /log\.csv, line \d+, column sku: expected an item of goods\.csv, .*; \{ "onBadRow": "drop" \}/,
  ],
  [
    'two logs',
    { 'log_jan.csv': csv([HEADER, ...seconds]), 'log_feb.csv': csv([HEADER, ...seconds.slice(9)]) },
    /one file of interactions, found log_jan\.csv, log_feb\.csv: write "interactions": …, a file or a pattern/,
  ],
  [
    'two files of items',
    { ...SHOP, 'other.csv': goods(['sku', 'ean'], (i) => [i]) },
    /expected one file of items, found goods\.csv, other\.csv: write "items": …/,
  ],
  ['a customer twice', { ...SHOP, 'people.csv': `${PEOPLE_CSV}705,f,1\n` }, /people\.csv, line 26, .*"705"/],
  [
    'an unknown column in a card',
    begun('{ "columns": { "user": "who", "item": "sku", "time": null } }'),
    /log\.csv: .* customer, sku, .*"who"/,
  ],
  ['an unknown file in a card', begun('{ "users": "nobody.csv" }'), /dataset\.json: users: .*"nobody\.csv"/],
  ['an unfinished card of another format', begun('{ "format": "recbole" }'), /dataset\.json: name: /],
  ['an unknown key in a card', begun('{ "colums": {} }'), /dataset\.json: unknown key "colums"/],
];

for (const [damage, files, message] of damages) {
  test(`${damage}: one line, and nothing is written`, async () => {
    const folder = folderWith(files);
    await assert.rejects(initCard(folder), (error: Error) => {
      assert.equal(error.name, 'UserError');
      assert.match(error.message, message);
      return !error.message.includes('\n');
    });
    const card = join(folder, 'dataset.json');
    assert.equal(existsSync(card) ? readFileSync(card, 'utf8') : undefined, files['dataset.json']);
  });
}
