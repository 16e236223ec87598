import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternsOf } from '../../../lib/data/propose/init';
import { type Column, valueIn } from '../../../lib/data/propose/measure';
import { chooseRoles } from '../../../lib/data/propose/roles';
import { nameOf, proposeDomains, proposeLabels } from '../../../lib/data/propose/tasks';
import type { Domain, Label } from '../../../lib/data/propose/use';
import { nameScore, timeScore, tokensOf } from '../../../lib/data/propose/words';

test('names are taken apart into words', () => {
  const names = ['userId', 'CustomerID', 'purchased_at', 'movieid', 'User-ID', 'Stock Codes'];
  const words = names.map((name) => tokensOf(name).join(' ')).join(', ');
  assert.equal(words, 'user id, customer id, purchased at, movie id, user id, stock code');
});

test('an id says user or item better than a name, and an attribute does not; a birth is no time of the row', () => {
  const scores = (names: string, role: 'user' | 'item') =>
    names.split(' ').map((name) => nameScore(name, role));
  assert.deepEqual(scores('user_id reviewer_user_id user_name user_age rating', 'user'), [4, 3, 3, 0, 0]);
  assert.deepEqual(scores('sku asin parent_asin movie_title item_category_id', 'item'), [4, 4, 3, 3, 0]);
  assert.deepEqual(['ts', 'rated', 'birth_date', 'release_date', 'price'].map(timeScore), [2, 1, -2, -2, 0]);
});

/** A column of a table of 1,000 rows, whole numbers unless said otherwise. */
const column = (name: string, distinct: number, own: Partial<Column> = {}): Column => ({
  ...{ name, sql: name, isList: false, filled: 1000, distinct, numbers: 1, wholes: 1, dates: 0 },
  ...{ epochs: [0, 0, 0, 0], length: 3, odd: undefined, separator: undefined },
  ...own,
});
const table = (columns: readonly Column[]) => ({ label: 'x.csv', rows: 1000, columns });
const SECONDS = { epochs: [1, 0, 0, 0], length: 9 };
const ISO = { numbers: 0, wholes: 0, dates: 1, length: 19 };
const DAY = { ...ISO, length: 10 };
const HALF = { ...ISO, filled: 600 };
const [user, item] = [column('user', 90), column('item', 80)];

const placed = (...own: Partial<Column>[]) => own.map((each, c) => column(`column${c + 1}`, 90, each));
const MOSTLY_SECONDS = { ...SECONDS, epochs: [0.99, 0, 0, 0] };

const choices: readonly (readonly [string, readonly Column[], string])[] = [
  ['names', [column('rating', 5), item, user, column('ts', 700, SECONDS)], 'user item ts'],
  ['a time with a clock', [user, item, column('date', 700, ISO), column('hour', 24)], 'user item date'],
  ['an index is no user', [column('id', 1000), user, column('sku', 80)], 'user sku null'],
  ['users come again', [column('user_id', 1000), column('member', 90), item], 'member item null'],
  ['the finer item', [user, column('artist', 30), column('album', 60)], 'user album null'],
  ['dates first', [user, item, column('time', 40), column('seen', 700, ISO)], 'user item seen'],
  ['a time in a day', [user, item, column('date', 40, DAY), column('ts', 700, SECONDS)], 'user item ts'],
  ['a full column', [user, item, column('at', 4, HALF), column('date', 7, ISO)], 'user item date'],
  ['no birth or release', [user, item, column('release_date', 700, DAY)], 'user item null'],
  ['what is left', [column('x', 90), column('stars', 50), column('film', 80)], 'x film null'],
  ['places, and a missing time of 0', placed({}, {}, MOSTLY_SECONDS), 'column1 column2 column3'],
];

for (const [choice, columns, expected] of choices) {
  test(`user, item and time are told by ${choice}`, () => {
    const { user, item, time } = chooseRoles(table(columns));
    assert.equal(`${user} ${item} ${time}`, expected);
  });
}

test('of an item and its group the one of which another file has a row each', () => {
  const reviews = table([user, column('asin', 80), column('parent_asin', 60)]);
  assert.equal(chooseRoles(reviews, ['parent_asin', 'title']).item, 'parent_asin');
  assert.equal(chooseRoles(reviews, ['asin']).item, 'asin');
  assert.equal(chooseRoles(reviews).reasons[1].why, 'by its name, 80 values; possible as well: parent_asin');
});

const text = { numbers: 0, wholes: 0 };
const unknown = { ...text, odd: { cell: 'week 3', place: 'x.csv, line 2' } };
const alike = ['a', 'b', 'c'].map((name) => column(name, 90));
const log = (...others: Column[]) => [user, item, ...others];
const questions: readonly (readonly [string, readonly Column[], RegExp])[] = [
  ['alike columns', alike, /^x\.csv: .* users, found a, b, c alike: write "columns"/],
  ['ids like times', placed(SECONDS, SECONDS, SECONDS), /column1, column2, column3: .* write "columns"/],
  ['a day and an hour', log(column('date', 40, DAY), column('hour', 24)), /found date, hour: join/],
  ['a day and a clock', log(column('day', 40), column('order_time', 900, text)), /found day, order_time/],
  ['parts of a date', log(column('year', 3), column('month', 12)), /found month, year: join/],
  ['two units', log(column('ts', 700, { epochs: [0.5, 0.5, 0, 0] })), /ts: .* seconds and milliseconds/],
  ['empty times', log(column('at', 300, { ...SECONDS, filled: 300 })), /column at: .* mostly empty cells/],
  ['unknown times', log(column('at', 50, unknown)), /^x\.csv, line 2, column at: .*"week 3"/],
];

for (const [what, columns, message] of questions) {
  test(`${what} are asked for in one line`, () => {
    assert.throws(() => chooseRoles(table(columns)), { name: 'UserError', message });
  });
}

/** First rows, cells by commas, and the column of the value in the first, if it is no header. */
const headers: readonly (readonly [string, readonly string[], string?])[] = [
  ['names', ['user,film', '1,2']],
  ['names behind an index', [',user', '0,2']],
  ['names beside an empty cell and a number', ['user_id,item_id,,0', '5,6,,0.5']],
  ['unknown words', ['x,y', 'ann,jazz']],
  ['three numbers', ['0,1,2', '7,8,5'], '1: "0"'],
  ['a number', ['u1,2', 'u2,3'], '2: "2"'],
  ['a date', ['ann,12/01/2020 15:44', 'bob,13/01/2020 9:01'], '2: "12/01/2020 15:44"'],
  ['a text that comes again', ['ann,jazz', 'bob,soul', 'ann,rock'], '1: "ann"'],
  ['values that hold words for users', ['user_1,item_3', 'user_2,item_4', 'user_1,item_5'], '1: "user_1"'],
  ['a cut row', ['7', '7,8', '9,8'], '1: "7"'],
];

for (const [first, rows, expected] of headers) {
  test(`a first row with ${first} is ${expected ? 'no' : 'a'} header`, () => {
    const found = valueIn(rows.map((row) => row.split(',')));
    assert.equal(found && `${found.column}: ${found.found}`, expected);
  });
}

test('files that differ in numbers are a pattern, unless it stands for others too', () => {
  const names = ['part-10.csv', 'part-9.csv', 'users.tsv', 'log_1.csv', 'log_2.csv'];
  assert.deepEqual(patternsOf(names, names), ['log_*.csv', 'part-*.csv', 'users.tsv']);
  const there = [...names, 'log_backup.csv'];
  assert.deepEqual(patternsOf(names, there), ['log_1.csv', 'log_2.csv', 'part-*.csv', 'users.tsv']);
});

test('names of tasks are file names', () => {
  const names = ['Horror', 'Garden & Home', 'Möbel', '..', 'ужасы'].map((text) => nameOf(text, 'genre'));
  assert.equal(names.join(' '), 'Horror Garden-Home Mobel genre genre');
  assert.equal(nameOf('x'.repeat(99), 'genre').length, 60);
});

/** A domain of 1,000 users and 10,000 interactions. */
const domain = (value: string, own: Partial<Domain> = {}): Domain => ({
  ...{ field: 'genre', value, items: 150, interactions: 1000, cold: 500, targets: 2, sources: 38 },
  ...own,
});
const tasksOf = (domains: readonly Domain[]) =>
  proposeDomains({ interactions: 10_000, users: 1000, median: 10, most: 40 }, domains).tasks;
const horror = { kind: 'recommend', target: { field: 'genre', any: ['Horror'] }, perUser: 2 };

test('targets are domains of one field that many cold users come to and that leave a source', () => {
  const domains = [
    domain('Drama', { interactions: 6000, cold: 900 }),
    domain('7', { field: 'category_no' }),
    domain('Horror'),
    domain('War', { cold: 400 }),
    domain('Noir', { items: 1 }),
    domain('IMAX', { cold: 4 }),
  ];
  const war = { ...horror, target: { field: 'genre', any: ['War'] }, length: 40 };
  assert.deepEqual(tasksOf(domains), { Horror: { ...horror, length: 40 }, War: war });
});

test('where no field tells domains apart, a fifth of the items stands in', () => {
  const drawn = { kind: 'recommend', target: { share: 0.2 }, perUser: 2, length: 35 };
  assert.deepEqual(tasksOf([domain('Horror', { cold: 3 })]), { Drawn: drawn });
});

const label = (field: string, counts: Readonly<Record<string, number>>, own: Partial<Label> = {}): Label => ({
  ...{ field, values: Object.entries(counts), distinct: Object.keys(counts).length, quartiles: undefined },
  users: Object.values(counts).reduce((sum, count) => sum + count, 0),
  ...own,
});

test('labels are fields of few values, the frequent ones of more, and ranges of numbers', () => {
  const labels = [
    label('gender', { F: 60, M: 40 }),
    label('country', { NO: 50, SE: 30, DK: 20, FI: 2 }, { distinct: 40 }),
    label('age', {}, { distinct: 60, quartiles: [25, 31, 43, 73] }),
    label('premium', { no: 99, yes: 1 }),
    label('city', { Oslo: 30, Bergen: 20 }, { distinct: 900, users: 100 }),
    label('member', { yes: 50, no: 50 }),
    label('industry_id', { 7: 9, 3: 8 }, { distinct: 17, users: 100, quartiles: [5, 11, 17] }), // codes are no amounts
  ];
  const { tasks, reasons } = proposeLabels(labels, { Horror: {} });
  const classify = { kind: 'classify', source: 'Horror' };
  const countries = ['NO', 'SE', 'DK'].map((value) => ({ name: value, where: { country: [value] } }));
  const ages = [
    { name: 'up to 25', where: { age: { to: 25 } } },
    { name: 'above 25 up to 31', where: { age: { to: 31 } } },
    { name: 'above 31 up to 43', where: { age: { to: 43 } } },
    { name: 'above 43', where: { age: { from: 43 } } },
  ];
  assert.deepEqual(tasks, {
    gender: { ...classify, label: 'gender' },
    country: { ...classify, classes: countries },
    age: { ...classify, classes: ages },
  });
  assert.match(reasons[3].why, /^no classes of enough users: 1 of 2 values/);
  assert.match(reasons[4].why, /^no classes of enough users: 2 of 900 values have 50 %/);
  assert.match(reasons[5].why, /^3 are enough; possible as well/);
  assert.match(reasons[6].why, /^no classes of enough users: 2 of 17 values have 17 %/);
});
