import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column } from '../../../lib/data/propose/measure';
import { chooseRoles } from '../../../lib/data/propose/roles';
import { nameOf, proposeDomain, proposeLabels } from '../../../lib/data/propose/tasks';
import type { Domain, Label } from '../../../lib/data/propose/use';
import { isNamed } from '../../../lib/data/propose/words';

const names: readonly (readonly [as: 'user' | 'item' | 'time', is: string, isNot: string])[] = [
  ['user', 'user_id customerID User-ID reviewer_id uid user_id:token', 'user_name user_age rating id'],
  ['item', 'sku asin movieid StockCode news', 'parent_asin movie_title item_category_id'],
  ['time', 'ts Timestamp purchased_at orderDate unixReviewTime', 'birth_date release_date rating watch_time'],
];

for (const [as, is, isNot] of names) {
  test(`a column of ${as}s is told by its name`, () => {
    for (const name of is.split(' ')) assert.ok(isNamed(name, as), name);
    for (const name of isNot.split(' ')) assert.ok(!isNamed(name, as), name);
  });
}

const column = (name: string, isList = false): Column => ({
  ...{ name, sql: name, isList, distinct: 90 },
});
const table = (columns: string) => ({
  label: 'x.csv',
  columns: columns.split(' ').map((name) => column(name)),
});

test('user, item and time are told by names; without a time the order of the file counts', () => {
  const { reasons, ...roles } = chooseRoles(table('rating item_id user_id ts'));
  assert.deepEqual(roles, { user: 'user_id', item: 'item_id', time: 'ts' });
  assert.deepEqual(reasons[0], { what: 'user: user_id', why: 'by its name, 90 values' });
  assert.equal(chooseRoles(table('user birth_date sku')).time, null);
  const lists = { label: 'x.jsonl', columns: [column('user'), column('item'), column('tracks', true)] };
  assert.equal(chooseRoles(lists).item, 'item');
});

const questions: readonly (readonly [what: string, columns: string, message: RegExp])[] = [
  ['unknown names', 'a b c', /^x\.csv: .* users .*, found none among a, b, c: write "columns": .* "header"/],
  ['two kinds of items', 'user artist_id song track', /items .*, found song, track: write "columns": .*in/],
  ['a day and a time', 'user item date time', /times .*, found date, time: write "columns"/],
];

for (const [what, columns, message] of questions) {
  test(`${what} are asked for in one line`, () => {
    assert.throws(() => chooseRoles(table(columns)), { name: 'UserError', message });
  });
}

test('names of tasks are file names', () => {
  const names = ['Horror', 'Garden & Home', 'Möbel', '..', 'ужасы'].map((text) => nameOf(text, 'genre'));
  assert.equal(names.join(' '), 'Horror Garden-Home Mobel genre genre');
  assert.equal(nameOf('x'.repeat(99), 'genre').length, 60);
});

/** A domain of 10,000 interactions. */
const domain = (value: string, own: Partial<Domain> = {}): Domain => ({
  ...{ field: 'genre', value, items: 150, interactions: 1000, cold: 500 },
  ...own,
});
const proposed = (domains: readonly Domain[]) => proposeDomain({ interactions: 10_000, most: 38 }, domains);

test('the target is the domain that most cold users come to and that leaves a source', () => {
  const { tasks, reasons } = proposed([
    domain('Drama', { interactions: 6000, cold: 900 }),
    domain('War', { cold: 400 }),
    domain('Horror'),
    domain('Noir', { items: 1 }),
    domain('IMAX', { cold: 4 }),
  ]);
  const horror = { kind: 'recommend', target: { field: 'genre', any: ['Horror'] }, perUser: 3, length: 40 };
  assert.deepEqual(tasks, { Horror: horror });
  assert.match(reasons[0].why, /^genre Horror: 150 items, 10\.0 % .*; possible as well: genre War$/);
});

test('where no field tells domains apart, a fifth of the items stands in', () => {
  const drawn = { kind: 'recommend', target: { share: 0.2 }, perUser: 3, length: 40 };
  assert.deepEqual(proposed([domain('Horror', { cold: 3 })]).tasks, { Drawn: drawn });
});

const label = (field: string, counts: Readonly<Record<string, number>>): Label => ({
  ...{ field, values: Object.entries(counts) },
});
const many = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [20 + i, 5]));

test('labels are fields of at most twelve values', () => {
  const labels = [label('gender', { F: 60, M: 40 }), label('age', many)];
  const { tasks, reasons } = proposeLabels(labels, 'Horror');
  assert.deepEqual(tasks, { gender: { kind: 'classify', source: 'Horror', label: 'gender' } });
  assert.equal(reasons[0].why, 'a field of users: F 60.0 %, M 40.0 %');
  assert.deepEqual(reasons[1].what, 'no task age');
});
