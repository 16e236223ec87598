import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { initCard } from '../../../lib/datasets/propose/init';
import { folderWith } from '../folders';

/** A shop of 24 customers and 60 goods; every third good is a toy, and all times differ. */
const CUSTOMERS = 24;
const GOODS = 60;
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
const CSV = csv([HEADER, ...seconds]);
const LATIN = CSV.replaceAll('S', 'É');
const quoted = (lines: readonly Row[]) => csv(lines.map((line) => line.map((cell) => `"${cell}"`)));
const GOODS_CSV = csv([
  ['sku', 'title', 'tags'],
  ...Array.from({ length: GOODS }, (_, i): Row => {
    const tags = [i % 3 === 0 ? 'toys' : 'tools', i % 4 === 0 ? 'wood' : 'steel'];
    return [`S${i}`, `"Good, no. ""${i}"""`, tags.join('|')];
  }),
]);
const PEOPLE_CSV = csv([
  ['customer', 'sex', 'age'],
  ...Array.from({ length: CUSTOMERS }, (_, i): Row => [700 + i, i % 2 === 0 ? 'f' : 'm', 20 + i]),
]);
const json = HEADER.map((name, c) => [name, c] as const);
const JSON_LINES = seconds
  .map((row) => `${JSON.stringify(Object.fromEntries(json.map(([name, c]) => [name, row[c]])))}\n`)
  .join('');

type Files = Readonly<Record<string, string | Uint8Array>>;
const NAMED = { user: 'customer', item: 'sku', time: 'purchased_at' };

const shapes: readonly (readonly [string, Files, object])[] = [
  ['a CSV file of pandas', { 'log.csv': CSV }, { interactions: 'log.csv', columns: NAMED }],
  [
    'line breaks within quotes and no header',
    { 'log.csv': csv(seconds.map((row, i) => [`"fine,\n${'\n'.repeat(i % 5)}thanks ${i}"`, ...row])) },
    {
      columns: { user: 'user', item: 'item', time: 'time' },
      header: { interactions: ['column1', 'user', 'item', 'column4', 'time'] },
    },
  ],
  ['a CSV file with quotes', { 'log.csv': quoted([HEADER, ...seconds]) }, { columns: NAMED }],
  [
    'a TSV file without a header',
    { 'log.tsv': csv(seconds, '\t') },
    {
      interactions: 'log.tsv',
      columns: { user: 'user', item: 'item', time: 'time' },
      header: { interactions: ['user', 'item', 'column3', 'time'] },
    },
  ],
  ['JSON lines', { 'log.jsonl': JSON_LINES }, { interactions: 'log.jsonl', columns: NAMED }],
  ['a gzip file', { 'log.csv.gz': gzipSync(CSV) }, { interactions: 'log.csv.gz', columns: NAMED }],
  [
    'several files',
    {
      'part-1.csv': csv([HEADER, ...seconds.slice(0, 99)]),
      'part-2.csv': csv([HEADER, ...seconds.slice(99)]),
    },
    { interactions: 'part-*.csv', columns: NAMED },
  ],
  ['ISO dates', { 'log.csv': csv([HEADER, ...rows(iso)]) }, { columns: NAMED }],
  ['UTF-16', { 'log.csv': Buffer.from(`\ufeff${CSV}`, 'utf16le') }, { columns: NAMED }],
  ['double colons', { 'log.csv': CSV.replaceAll(',', '::') }, { columns: NAMED }],
  [
    'spaces and no header',
    { 'log.csv': csv(seconds, ' ') },
    {
      columns: { user: 'user', item: 'item', time: 'time' },
      header: { interactions: ['user', 'item', 'column3', 'time'] },
    },
  ],
  [
    'an encoding that a card without other keys gives',
    { 'log.csv': Buffer.from(LATIN, 'latin1'), 'dataset.json': '{ "encoding": "latin1" }' },
    { columns: NAMED, encoding: 'latin1' },
  ],
  [
    'numbers for the names of columns, as pandas writes them',
    { 'log.csv': csv([['', 0, 1, 2, 3], ...seconds.map((row, n) => [n, ...row])]) },
    { columns: { user: '0', item: '1', time: '3' } },
  ],
  ['milliseconds', { 'log.csv': csv([HEADER, ...rows((at) => at)]) }, { columns: NAMED }],
  [
    'dates of another form',
    {
      'log.csv': csv([
        HEADER,
        ...rows((at) => iso(at).replace(/^(....)-(..)-(..)T(.....).*$/, '$3.$2.$1 $4')),
      ]),
    },
    { columns: NAMED, timeFormat: '%d.%m.%Y %H:%M' },
  ],
  [
    'hours of a day',
    { 'log.csv': csv([HEADER, ...rows((at) => iso(at).slice(0, 13).replace('T', ' '))]) },
    { columns: NAMED, timeFormat: '%Y-%m-%d %H' },
  ],
  [
    'an index column and semicolons',
    { 'log.csv': csv([['', ...HEADER], ...seconds.map((row, n) => [n, ...row])], ';') },
    { columns: NAMED },
  ],
];

const cardIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8'));

for (const [shape, files, expected] of shapes) {
  test(`${shape} becomes a data set whose card works`, async () => {
    const folder = folderWith(files);
    await initCard(folder);
    const card = cardIn(folder);
    const { name, tasks, ...others } = card;
    assert.deepEqual(others, { interactions: 'log.csv', ...expected });
    assert.deepEqual([typeof name, ...Object.keys(tasks)], ['string', 'Drawn']);
  });
}

test('a Parquet file of DuckDB becomes a data set whose card works', async () => {
  const folder = folderWith({ 'log.csv': CSV });
  const other = folderWith({});
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(
    `COPY (SELECT * REPLACE (to_timestamp(purchased_at) AS purchased_at) FROM read_csv('${folder}/log.csv')) TO '${other}/log.parquet' (FORMAT PARQUET)`,
  );
  await initCard(join(other, 'log.parquet'));
  assert.deepEqual(cardIn(other).columns, NAMED);
});

const SHOP = { 'log.csv': CSV, 'goods.csv': GOODS_CSV, 'people.csv': PEOPLE_CSV };

test('the files of items and users make target domains and profiles, each with its reason', async () => {
  const folder = folderWith(SHOP);
  const { reasons, isNew } = await initCard(folder);
  const { tasks, ...card } = cardIn(folder);
  assert.deepEqual(card, {
    name: card.name,
    interactions: 'log.csv',
    users: 'people.csv',
    items: 'goods.csv',
    columns: NAMED,
    lists: { tags: '|' },
  });
  assert.deepEqual(Object.keys(tasks), ['toys', 'wood', 'sex', 'age']);
  assert.deepEqual(tasks.sex, { kind: 'classify', label: 'sex', source: 'toys' });
  assert.equal(isNew, true);
  const why = Object.fromEntries(reasons.map((reason) => [reason.what, reason.why]));
  assert.equal(why['user: customer'], 'by its name, 24 values');
  assert.equal(why['items: goods.csv'], 'its sku has all items of the interactions');
  assert.match(
    why['task toys'],
    /^items with tags toys: 20 items, .* % of the interactions; 24 users have 3 or more/,
  );
  assert.equal(why['task sex'], 'a field of users: f 50 %, m 50 %');
});

test('a file of items that lacks some makes others bad rows that are dropped, and says so', async () => {
  const lines = GOODS_CSV.split('\n');
  const folder = folderWith({ 'log.csv': CSV, 'goods.csv': [...lines.slice(0, 40), ''].join('\n') });
  const { reasons } = await initCard(folder);
  assert.equal(cardIn(folder).onBadRow, 'drop');
  assert.match(reasons.find(({ what }) => what === 'items: goods.csv')?.why ?? '', /onBadRow is drop$/);
});

test('run again, it keeps the card as it is', async () => {
  const folder = folderWith(SHOP);
  await initCard(folder);
  const file = join(folder, 'dataset.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replace('"toys": {', '"Toys": {')
      .replaceAll('"source": "toys"', '"source":  "Toys"'),
  );
  const before = readFileSync(file, 'utf8');
  assert.deepEqual(await initCard(folder), { file, isNew: false, added: [], reasons: [] });
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('columns may be called as what every object has', async () => {
  const header = ['customer', 'sku', 'constructor', 'purchased_at'];
  const folder = folderWith({ 'log.csv': csv([header, ...seconds]) });
  await initCard(folder);
  assert.deepEqual(cardIn(folder).columns, NAMED);
  const named = JSON.stringify({ interactions: 'log.csv', header: { interactions: header } });
  const headless = folderWith({ 'log.csv': csv(seconds), 'dataset.json': named });
  const { added } = await initCard(headless);
  assert.deepEqual(added, ['name', 'columns', 'tasks']);
});

test('a field of goods called toString makes target domains', async () => {
  const goods = GOODS_CSV.replace('tags', 'toString');
  const folder = folderWith({ 'log.csv': CSV, 'goods.csv': goods });
  await initCard(folder);
  assert.deepEqual(cardIn(folder).lists, { toString: '|' });
});

test('a card that is begun is believed and gets what it lacks', async () => {
  const begun = '{\n  "name": "mine",\n  "columns": { "user": "sku", "item":  "customer", "time": null }';
  const folder = folderWith({ 'log.csv': CSV, 'dataset.json': `${begun}\n}\n` });
  const { added } = await initCard(folder);
  assert.deepEqual(added, ['interactions', 'tasks']);
  const text = readFileSync(join(folder, 'dataset.json'), 'utf8');
  assert.ok(text.startsWith(`${begun},\n  "interactions": "log.csv",\n`), text);
});

const begun: readonly (readonly [string, Files, object, object])[] = [
  ['a timeline', { 'log.csv': CSV }, { timeline: { share: 0.8 } }, { columns: NAMED }],
  [
    'a format of times',
    { 'log.csv': csv([HEADER, ...rows((at) => iso(at).replace(/^(.{10})T(.{8}).*$/, '$2 on $1'))]) },
    { timeFormat: '%H:%M:%S on %Y-%m-%d' },
    { columns: NAMED },
  ],
  [
    'a header',
    { 'log.csv': csv(seconds) },
    { header: { interactions: ['a', 'b', 'c', 'd'] } },
    { interactions: 'log.csv', columns: { user: 'a', item: 'b', time: 'd' } },
  ],
];

for (const [key, files, card, expected] of begun) {
  test(`a card with ${key} alone is completed`, async () => {
    const folder = folderWith({ ...files, 'dataset.json': JSON.stringify(card) });
    await initCard(folder);
    const { columns, interactions, ...others } = cardIn(folder);
    assert.deepEqual({ interactions, columns }, { interactions: 'log.csv', ...expected });
    assert.deepEqual({ ...others, ...card }, others);
  });
}

test('a whole card of another format stands for its file', async () => {
  const inter = `user_id:token\titem_id:token\ttimestamp:float\n${csv(
    seconds.map(([a, b, , d]) => [a, b, d]),
    '\t',
  )}`;
  const folder = folderWith({ 'log.inter': inter, 'dataset.json': RECBOLE.replace('.csv', '.inter') });
  assert.deepEqual((await initCard(join(folder, 'log.inter'))).added, []);
});

test('columns of a file without a header can be told by the numbers that stand in for their names', async () => {
  const columns = { user: 'column2', item: 'column1', time: null };
  const folder = folderWith({ 'log.tsv': csv(seconds, '\t'), 'dataset.json': JSON.stringify({ columns }) });
  await initCard(folder);
  assert.deepEqual(cardIn(folder).columns, columns);
  assert.deepEqual(cardIn(folder).header, { interactions: ['column1', 'column2', 'column3', 'column4'] });
});

const cut = (text: string, line: number, change: (row: string) => string) =>
  text
    .split('\n')
    .map((row, n) => (n === line - 1 ? change(row) : row))
    .join('\n');

const RECBOLE = JSON.stringify({
  name: 'x',
  format: 'recbole',
  interactions: 'log.csv',
  tasks: { T: { kind: 'recommend', target: { share: 0.5 }, perUser: 1, length: 2 } },
});

const damages: readonly (readonly [string, Files, string])[] = [
  [
    'a cut row',
    { 'log.csv': cut(CSV, 9, (row) => row.slice(0, 6)) },
    'log.csv, line 9, column stars: expected 4 fields separated by commas, found 2',
  ],
  [
    'a cut first row of a file without a header',
    { 'log.tsv': cut(csv(seconds, '\t'), 1, (row) => row.slice(0, 3)) },
    'log.tsv, line 1, column column2: expected 4 fields separated by tabs, found 1',
  ],
  [
    'text among the times',
    { 'log.csv': cut(CSV, 9, (row) => row.replace(/\d+$/, 'soon')) },
    'log.csv, line 9, column purchased_at: expected a number, found "soon"',
  ],
  [
    'a number among the dates',
    { 'log.csv': cut(csv([HEADER, ...rows(iso)]), 9, (row) => row.replace(/[^,]+$/, '5')) },
    'log.csv, line 9, column purchased_at: expected a date and time YYYY-MM-DD hh:mm:ss with a zone, found "5"',
  ],
  [
    'a column that is called a time and cannot be read',
    { 'log.csv': csv([HEADER, ...rows((at) => `week ${at % 52}`)]) },
    'log.csv, line 2, column purchased_at: expected times as its name says, all of them numbers, ISO dates or of one usual format, found "week',
  ],
  [
    'a time of JSON lines that cannot be read',
    {
      'log.jsonl': ORDERS.map(
        ({ customer, sku }, n) => `${JSON.stringify({ customer, sku, at: n < 2 ? n : 'week 3' })}\n`,
      ).join(''),
    },
    'log.jsonl, line 3, column at: expected times as its name says, all of them numbers, ISO dates or of one usual format, found "week 3"',
  ],
  [
    'a time behind line breaks that cannot be read',
    {
      'log.csv': csv([
        ['note', ...HEADER],
        ...rows((at) => (at === START ? 5 : 'week 3')).map((row) => ['"a\nb"', ...row]),
      ]),
    },
    'log.csv, line 4, column purchased_at: expected times as its name says, all of them numbers, ISO dates or of one usual format, found "week 3"',
  ],
  [
    'a time within an object',
    {
      'log.jsonl': seconds
        .map(([customer, sku, , at]) => `${JSON.stringify({ customer, sku, at: { $date: at } })}\n`)
        .join(''),
    },
    'log.jsonl, column at: expected times as its name says, found objects: write what they hold in their place; or write ',
  ],
  [
    'times that are mostly missing',
    { 'log.csv': csv([HEADER, ...rows((at) => ((at - START) % 4 ? '' : at))]) },
    'log.csv, column purchased_at: expected times as its name says, all of them numbers, ISO dates or of one usual format, found mostly empty cells',
  ],
  [
    'a day and a time of day in two columns',
    {
      'log.csv': csv([
        [...HEADER.slice(0, 3), 'date', 'time'],
        ...rows(iso).map((row): Row => {
          const [day, clock] = String(row[3]).split('T');
          return [...row.slice(0, 3), day, clock.slice(0, 8)];
        }),
      ]),
    },
    'log.csv: expected times in one column, found the day in date and the time of day in time: join them',
  ],
  [
    'a year, a month and a day in three columns',
    {
      'log.csv': csv([
        [...HEADER.slice(0, 3), 'year', 'month', 'day'],
        ...rows(iso).map((row): Row => [...row.slice(0, 3), ...String(row[3]).slice(0, 10).split('-')]),
      ]),
    },
    'log.csv: expected times in one column, found year, month, day: join them',
  ],
  [
    'seconds and milliseconds in one column',
    { 'log.csv': csv([HEADER, ...rows((at) => (at % 2 ? at : Math.floor(at / 1000)))]) },
    'log.csv, column purchased_at: expected times in one unit, found numbers from 1704',
  ],
  [
    'an hour in a column beside the day',
    {
      'log.csv': csv([
        [...HEADER.slice(0, 3), 'date', 'hour'],
        ...rows(iso).map((row): Row => {
          const [day, clock] = String(row[3]).split('T');
          return [...row.slice(0, 3), day, Number(clock.slice(0, 2))];
        }),
      ]),
    },
    'log.csv: expected times in one column, found the day in date and the time of day in hour: join them',
  ],
  [
    'ids and days alike in a file without a header',
    {
      'log.csv': csv(
        rows((at) => 86_400 * Math.floor(at / 86_400_000)).map(
          ([user, item, stars, at]): Row => [
            1.1e9 + Number(user),
            1.2e9 + Number(String(item).slice(1)),
            stars,
            at,
          ],
        ),
      ),
    },
    'log.csv: expected one column of times, found column1, column2, column4 alike, numbers that may be ids or',
  ],
  [
    'ids with a fraction in some rows',
    { 'log.csv': cut(CSV, 9, (row) => row.replace(',', '.0,')) },
    'log.csv, column customer: expected each id written in one way, found ',
  ],
  [
    'the users in another file than the items',
    {
      'log.csv': csv([['order_id', 'sku'], ...ORDERS.map(({ sku }, n): Row => [Math.floor(n / 2), sku])]),
      'orders.csv': csv([
        ['order_id', 'customer'],
        ...ORDERS.slice(0, ORDERS.length / 2).map(({ customer }, n): Row => [n, customer]),
      ]),
    },
    'log.csv: expected a column of users, found order_id, whose customer stands in orders.csv: join the two files by it',
  ],
  [
    'cells that nothing known separates',
    { 'log.txt': csv(seconds, '~') },
    'log.txt: expected a column that can be told to be the user, found one column, ',
  ],
  [
    'a mark of a missing user',
    { 'log.csv': cut(CSV, 9, (row) => row.replace(/^\d+/, 'NA')) },
    'log.csv, line 9, column customer: expected a value, found "NA"; { "onBadRow": "drop" } in ',
  ],
  [
    'an empty user',
    { 'log.csv': cut(CSV, 9, (row) => row.replace(/^\d+/, '')) },
    'log.csv, line 9, column customer: expected a value, found ""',
  ],
  [
    'a broken quote',
    { 'log.csv': cut(quoted([HEADER, ...seconds]), 9, (row) => row.slice(0, -1)) },
    'log.csv, line 9, column 4: expected double quotes around a whole cell or none, found "\\"17',
  ],
  [
    'a truncated gzip file',
    { 'log.csv.gz': gzipSync(CSV).subarray(0, 400) },
    'log.csv.gz: expected a whole compressed file, found unexpected end of file',
  ],
  [
    'another encoding',
    {
      'log.csv': Buffer.from(
        cut(CSV, 9, (row) => row.replace('S', '\xe9')),
        'latin1',
      ),
    },
    'log.csv, line 9, column 2: expected UTF-8 text (`iconv -f LATIN1 -t UTF-8` makes it of Latin-1; "encoding": "latin1" in the dataset.json of a table reads it), found the byte 0xe9',
  ],
  [
    'a cut JSON line',
    { 'log.jsonl': cut(JSON_LINES, 9, (row) => row.slice(0, 20)) },
    'log.jsonl, line 9, column 1: expected a JSON object, found "{\\"customer\\":',
  ],
  [
    'files of a pattern with different columns',
    { 'part-1.csv': CSV, 'part-2.csv': CSV.replace('stars', 'price') },
    'part-2.csv, line 1, column 3: expected the columns of part-1.csv, customer, sku, stars, purchased_at, found price',
  ],
  [
    'a truncated Parquet file',
    { 'log.parquet': 'PAR1\u0015\u0004' },
    'log.parquet: expected a Parquet file, found ',
  ],
  [
    'a JSON document of many lines',
    { 'log.jsonl': '[\n {"sku":\n"S1"},\n{"sku":\n"S2"}\n]\n' },
    'log.jsonl, line 1, column 1: expected JSON objects with texts, numbers or lists, one a line, found none in the file',
  ],
  ['an empty file', { 'log.csv': '' }, 'log.csv, line 1, column 1: expected a header, found none'],
  [
    'a customer twice',
    { ...SHOP, 'people.csv': `${PEOPLE_CSV}705,f,1\n` },
    'people.csv, line 26, column customer: expected each id once, found "705"',
  ],
  [
    'a column that is not there in a card that is begun',
    { 'log.csv': CSV, 'dataset.json': '{ "columns": { "user": "who", "item": "sku", "time": null } }' },
    'log.csv: expected one of the columns customer, sku, stars, purchased_at, found "who" in the card',
  ],
  [
    'a file that is not there in a card that is begun',
    { 'log.csv': CSV, 'dataset.json': '{ "users": "people.csv" }' },
    'dataset.json: users: expected a file in the folder, found no "people.csv"',
  ],
  [
    'another format in a card that is begun',
    { 'log.csv': CSV, 'dataset.json': '{ "format": "recbole" }' },
    'dataset.json: format: expected table, the format of what is proposed, or a whole card, found "recbole"',
  ],
  [
    'a whole card of another format that does not work',
    { 'log.csv': CSV, 'dataset.json': RECBOLE },
    'log.csv, line 1, column 1: expected NAME:TYPE, or "columns" in the card',
  ],
  [
    'a format of times that is none in a card that is begun',
    { 'log.csv': CSV, 'dataset.json': '{ "timeFormat": "%Q" }' },
    'dataset.json: timeFormat: expected a format such as %d/%m/%Y %H:%M, found "%Q"',
  ],
  [
    'a header of one of several files in a card that is begun',
    { ...SHOP, 'dataset.json': '{ "header": { "users": ["a", "b", "c"] } }' },
    'dataset.json: users: expected the file whose columns the header names, one of goods.csv, log.csv, people.csv, found nothing',
  ],
  [
    'an unknown key in a card that is begun',
    { 'log.csv': CSV, 'dataset.json': '{ "colums": {} }' },
    'dataset.json: unknown key "colums"',
  ],
];

for (const [damage, files, message] of damages) {
  test(`${damage} is one line, and nothing is written`, async () => {
    const folder = folderWith(files);
    await assert.rejects(
      initCard(folder),
      (error: Error) =>
        error.name === 'UserError' &&
        error.message.startsWith(`${folder}/${message}`) &&
        !error.message.includes('\n'),
    );
    assert.equal(existsSync(join(folder, 'dataset.json')), 'dataset.json' in files);
  });
}

test('files that differ in words are named, with the pattern that would read them all', async () => {
  const [first, second] = [seconds.slice(0, 99), seconds.slice(99)];
  const folder = folderWith({
    'log_jan.csv': csv([HEADER, ...first]),
    'log_feb.csv': csv([HEADER, ...second]),
  });
  const { reasons } = await initCard(folder);
  assert.equal(cardIn(folder).interactions, 'log_feb.csv');
  assert.equal(
    reasons.find(({ what }) => what === 'left out: log_jan.csv')?.why,
    'it has the columns of log_feb.csv: "interactions": "log_*.csv" would read one after the other',
  );
});

test('a pattern stands for no file that it was not made of', async () => {
  const halves = {
    'log_2020.csv': csv([HEADER, ...seconds.slice(0, 99)]),
    'log_2021.csv': csv([HEADER, ...seconds.slice(99)]),
  };
  const folder = folderWith({ ...halves, 'log_backup.csv': CSV });
  await initCard(folder);
  assert.equal(cardIn(folder).interactions, 'log_202*.csv');
});

test('a file of users whose ids come again is left out, and it is said why', async () => {
  const folder = folderWith({
    'log.csv': CSV,
    'people.csv': `${PEOPLE_CSV}${PEOPLE_CSV.split('\n').slice(1).join('\n')}`,
  });
  const { reasons } = await initCard(folder);
  const why = reasons.find(({ what }) => what === 'left out: people.csv')?.why;
  assert.equal(why, 'its customer comes again, so its rows describe no users');
});

test('columns that RecBole heads as lists are lists', async () => {
  const goods = csv(
    [
      ['item_id:token', 'class:token_seq'],
      ...Array.from(
        { length: GOODS },
        (_, n): Row => [`S${n}`, `${n % 3 ? 'tools' : 'toys'} ${n % 4 ? 'wood' : 'steel'}`],
      ),
    ],
    '\t',
  );
  const header = ['user_id:token', 'item_id:token', 'rating:float', 'timestamp:float'];
  const folder = folderWith({ 'x.inter': csv([header, ...seconds], '\t'), 'x.item': goods });
  await initCard(folder);
  assert.deepEqual(cardIn(folder).lists, { 'class:token_seq': ' ' });
});

test('of two files of the goods the one that tells more of them is taken, and the other one named', async () => {
  const codes = csv([
    ['sku', 'ean'],
    ...Array.from({ length: GOODS }, (_, n): Row => [`S${n}`, 4_000_000 + n]),
  ]);
  const folder = folderWith({ 'log.csv': CSV, 'codes.csv': codes, 'goods.csv': GOODS_CSV });
  const { reasons } = await initCard(folder);
  assert.equal(cardIn(folder).items, 'goods.csv');
  const why = reasons.find(({ what }) => what === 'left out: codes.csv')?.why;
  assert.equal(why, 'goods.csv is taken for the file of the items');
});

test('a file of users whose ids are written in another way is left out, and it is said how', async () => {
  const people = PEOPLE_CSV.replace(/^(7\d\d),/gm, '$1.0,');
  const folder = folderWith({ 'log.csv': CSV, 'people.csv': people });
  const { reasons } = await initCard(folder);
  const why = reasons.find(({ what }) => what === 'left out: people.csv')?.why;
  assert.equal(why, 'its customer has "700.0" for "700", so as texts the ids differ: write them alike');
});

test('numbers beside the ids of goods are no ids of users, even if they could be', async () => {
  const codes = csv([['sku', 'ean'], ...Array.from({ length: 40 }, (_, n): Row => [`S${n}`, 700 + n])]);
  const folder = folderWith({ 'log.csv': CSV, 'codes.csv': codes, 'goods.csv': GOODS_CSV });
  await initCard(folder);
  assert.deepEqual([cardIn(folder).items, cardIn(folder).users], ['goods.csv', undefined]);
});

test('where a card says which fields are lists, no others are', async () => {
  const goods = csv([
    ['sku', 'genres', 'tags'],
    ...Array.from(
      { length: GOODS },
      (_, i): Row => [`S${i}`, i % 3 ? 'fun/toys' : 'toys', i % 4 ? 'a|b' : 'c'],
    ),
  ]);
  const folder = folderWith({
    'log.csv': CSV,
    'goods.csv': goods,
    'dataset.json': '{ "lists": { "tags": "|" } }',
  });
  const { reasons } = await initCard(folder);
  assert.deepEqual(cardIn(folder).lists, { tags: '|' });
  assert.ok(!reasons.some(({ what }) => what === 'list: genres'));
  const { tasks } = cardIn(folder) as {
    tasks: Record<string, { target?: { field?: string; any?: string[] } }>;
  };
  const named = Object.values(tasks).flatMap(({ target }) =>
    target?.field === 'genres' ? (target.any ?? []) : [],
  );
  assert.deepEqual(
    named.filter((genre) => genre === 'fun'),
    [],
  );
});

test('a table of notes is a table', async () => {
  const notes = GOODS_CSV.replace('title', 'heading');
  const folder = folderWith({ 'log.csv': CSV, 'notes.csv': notes, 'notes.txt': 'remember the milk' });
  await initCard(folder);
  assert.equal(cardIn(folder).items, 'notes.csv');
});

test('lists in brackets are lists, objects in brackets and numbers with a decimal comma are none', async () => {
  const goods = csv(
    [
      ['sku', 'tags', 'genres', 'steps', 'preis'],
      ...Array.from(
        { length: GOODS },
        (_, i): Row => [
          `S${i}`,
          i % 3 === 0 ? "['toys', 'wood']" : "['tools', 'steel']",
          `[{'id': ${i % 3}, 'name': 'toys'}]`,
          `['do ${i}', 'wait ${i}']`,
          `${i % 7},${10 + (i % 5)}`,
        ],
      ),
    ],
    ';',
  );
  const folder = folderWith({ 'log.csv': CSV, 'goods.csv': goods });
  await initCard(folder);
  assert.deepEqual(cardIn(folder).lists, { tags: '[]' });
});

test('the card of one file is not that of another beside it', async () => {
  const folder = folderWith({ 'a.csv': CSV, 'b.csv': CSV });
  await initCard(join(folder, 'a.csv'));
  await initCard(join(folder, 'a.csv'));
  await assert.rejects(initCard(join(folder, 'b.csv')), {
    name: 'UserError',
    message: `${folder}/dataset.json: expected the card of b.csv, found that of a.csv: give each data set a folder of its own`,
  });
});

test('folders and links to nothing are no tables', async () => {
  const folder = folderWith({ 'log.csv': CSV });
  mkdirSync(join(folder, 'old.csv'));
  symlinkSync(join(folder, 'gone'), join(folder, 'link.csv'));
  await initCard(folder);
  assert.equal(cardIn(folder).interactions, 'log.csv');
});

test('JSON files with an object a line are tables of a folder, and settings and lists are none', async () => {
  const folder = folderWith({
    'log.json': JSON_LINES,
    'settings.json': JSON.stringify({ sku: { toys: true } }, null, 1),
    'short.json': '{"sku":{"toys":true}}\n',
    'list.json': '[{"sku":"S1"},\n{"sku":"S2"}]',
  });
  const { reasons } = await initCard(folder);
  assert.equal(cardIn(folder).interactions, 'log.json');
  assert.ok(!reasons.some(({ what }) => what.startsWith('left out')));
});

test('a domain may be a value with blanks around it in a list of a JSON file', async () => {
  const goods = Array.from({ length: GOODS }, (_, i) =>
    JSON.stringify({ sku: `S${i}`, tags: i % 3 === 0 ? [' toys '] : [`tool ${i}`] }),
  );
  const folder = folderWith({ 'log.csv': CSV, 'goods.jsonl': `${goods.join('\n')}\n` });
  await initCard(folder);
  assert.deepEqual(cardIn(folder).tasks.toys.target, { field: 'tags', any: [' toys '] });
});

test('a folder without a table is one line', async () => {
  const folder = folderWith({ 'README.txt': 'nothing here' });
  await assert.rejects(initCard(folder), {
    name: 'UserError',
    message: `${folder}: expected a file of a table (.csv, .tsv, .txt, .jsonl, .ndjson, .json with an object a line, .parquet, or one of these with .gz), found none among README.txt`,
  });
});
