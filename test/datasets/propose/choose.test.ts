import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMissingKeys } from '../../../lib/datasets/propose/cardText';
import { proposeDomains } from '../../../lib/datasets/propose/choose/domains';
import { headerFor } from '../../../lib/datasets/propose/choose/header';
import { proposeLabels } from '../../../lib/datasets/propose/choose/labels';
import { nameOf, unusedName } from '../../../lib/datasets/propose/choose/names';
import type {
  ColumnProfile,
  DomainProfile,
  LabelProfile,
} from '../../../lib/datasets/propose/choose/profile';
import { chooseRoles } from '../../../lib/datasets/propose/choose/roles';
import { requireOneTime, requireTime } from '../../../lib/datasets/propose/choose/time';
import { nameScore, timeScore, tokensOf } from '../../../lib/datasets/propose/choose/words';
import { tablesAmong } from '../../../lib/datasets/propose/files';

const names: readonly (readonly [string, string[]])[] = [
  ['userId', ['user', 'id']],
  ['CustomerID', ['customer', 'id']],
  ['purchased_at', ['purchased', 'at']],
  ['movieid', ['movie', 'id']],
  ['User-ID', ['user', 'id']],
  ['Stock Codes', ['stock', 'code']],
];

for (const [name, tokens] of names)
  test(`${name} is ${tokens.join(' and ')}`, () => assert.deepEqual(tokensOf(name), tokens));

test('an id says user or item better than a name, and an attribute does not', () => {
  const scores = ['user_id', 'reviewer_user_id', 'user_name', 'user_age', 'rating'].map((name) =>
    nameScore(name, 'user'),
  );
  assert.deepEqual(scores, [4, 3, 3, 0, 0]);
  assert.deepEqual(
    ['sku', 'asin', 'parent_asin', 'movie_title', 'item_category_id'].map((name) => nameScore(name, 'item')),
    [4, 4, 3, 3, 0],
  );
});

test('the time of a birth or a release is not that of the row', () => {
  assert.deepEqual(['ts', 'rated', 'birth_date', 'release_date', 'price'].map(timeScore), [2, 1, -2, -2, 0]);
});

/** A column of a table of 1,000 rows, whole numbers unless said otherwise. */
const column = (name: string, distinct: number, own: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  isList: false,
  rows: 1000,
  filled: 1000,
  distinct,
  numbers: 1,
  wholes: 1,
  dates: 0,
  least: 1,
  greatest: 900,
  epochs: [0, 0, 0, 0],
  length: 3,
  rising: 0.5,
  clocks: 0,
  odd: undefined,
  formats: [],
  separator: undefined,
  ...own,
});
const table = (columns: readonly ColumnProfile[], hasHeader = true) => ({
  name: 'x.csv',
  label: '/data/x.csv',
  rows: 1000,
  hasHeader,
  columns,
  nested: [],
});
const SECONDS = { least: 881250949, greatest: 893286638, epochs: [1, 0, 0, 0], length: 9 };
const ISO = { numbers: 0, wholes: 0, dates: 1, length: 19 };

const choices: readonly (readonly [string, readonly ColumnProfile[], (string | null)[], boolean?])[] = [
  [
    'names',
    [column('rating', 5), column('movieId', 80), column('userId', 90), column('ts', 700, SECONDS)],
    ['userId', 'movieId', 'ts'],
  ],
  [
    'an index is no user',
    [column('id', 1000), column('customer', 90), column('sku', 80)],
    ['customer', 'sku', null],
  ],
  [
    'a user has more than one interaction',
    [column('user_id', 1000), column('member', 90), column('song', 80)],
    ['member', 'song', null],
  ],
  [
    'of two items the finer one',
    [column('uid', 90), column('artist', 30), column('album', 60)],
    ['uid', 'album', null],
  ],
  [
    'a date before a number called time',
    [column('user', 90), column('item', 80), column('time', 40), column('seen', 700, ISO)],
    ['user', 'item', 'seen'],
  ],
  [
    'of two dates the one without empty cells',
    [
      column('user', 90),
      column('item', 80),
      column('read_at', 400, { ...ISO, filled: 600 }),
      column('date', 700, ISO),
    ],
    ['user', 'item', 'date'],
  ],
  [
    'places, where there is no header',
    [column('column1', 90), column('column2', 80), column('column3', 5), column('column4', 700, SECONDS)],
    ['column1', 'column2', 'column4'],
    false,
  ],
  [
    'numbers since 1970 of which a few are none',
    [
      column('column1', 90),
      column('column2', 80),
      column('column3', 700, { ...SECONDS, least: 0, epochs: [0.99, 0, 0, 0] }),
    ],
    ['column1', 'column2', 'column3'],
    false,
  ],
  [
    'numbers like times that do not come again, before ids that do',
    [
      column('column1', 90, { ...SECONDS, rising: 1 }),
      column('column2', 80, SECONDS),
      column('column3', 990, SECONDS),
    ],
    ['column1', 'column2', 'column3'],
    false,
  ],
  [
    'what is left for the user',
    [column('x', 90), column('stars', 50), column('film', 80)],
    ['x', 'film', null],
  ],
];

for (const [choice, columns, expected, hasHeader] of choices) {
  test(`user, item and time are told by ${choice}`, () => {
    const { user, item, time } = chooseRoles(table(columns, hasHeader));
    assert.deepEqual([user, item, time], expected);
  });
}

test('a second candidate is said by its name', () => {
  const { reasons } = chooseRoles(table([column('user_id', 90), column('member', 70), column('item', 80)]));
  assert.equal(reasons[0].why, 'by its name, 90 values; possible as well: member');
});

test('where nothing tells columns apart it is asked for', () => {
  const alike = ['a', 'b', 'c'].map((name) => column(name, 90));
  assert.throws(() => chooseRoles(table(alike)), {
    name: 'UserError',
    message:
      '/data/x.csv: expected a column that can be told to be the user, found a, b, c alike: write "columns": { "user": …, "item": …, "time": … } into a dataset.json beside it and run this again',
  });
});

test('of numbers that may be ids or times alike it is asked which are times', () => {
  const ids = [column('column1', 90, { ...SECONDS, rising: 1 }), column('column2', 80, SECONDS)];
  assert.throws(() => requireOneTime(table([...ids, column('column3', 400, SECONDS)], false)), {
    name: 'UserError',
    message:
      /^\/data\/x.csv: expected one column of times, found column1, column2, column3 alike, numbers that /,
  });
  requireOneTime(table([...ids, column('column3', 990, SECONDS)], false));
  requireOneTime(table([...ids, column('ts', 400, SECONDS)]));
});

const apart: readonly (readonly [string, ColumnProfile, ColumnProfile, boolean])[] = [
  ['an hour', column('date', 40, { ...ISO, length: 10 }), column('hour', 24, { greatest: 23 }), true],
  ['hhmm', column('day', 40), column('order_time', 900, { greatest: 2358 }), true],
  [
    'hhmm',
    column('date', 40, { least: 20200101, greatest: 20201231 }),
    column('hourmin', 24, { greatest: 2300 }),
    true,
  ],
  [
    'hours with a fraction',
    column('date', 40, { ...ISO, length: 10 }),
    column('hours', 24, { wholes: 0.1, greatest: 23 }),
    false,
  ],
  [
    'hours played',
    column('date', 40, { ...ISO, length: 10 }),
    column('play_time', 24, { greatest: 23 }),
    false,
  ],
  ['an hour of times with a clock', column('date', 40, ISO), column('hour', 24, { greatest: 23 }), false],
  ['a part', column('date_minute', 60, { greatest: 59 }), column('date_year', 12, { greatest: 2009 }), true],
];

for (const [what, time, other, isApart] of apart) {
  test(`${what} in ${other.name} beside ${time.name} is ${isApart ? 'a' : 'no'} part of the time`, () => {
    const all = table([column('user', 90), column('item', 80), time, other]);
    const required = () => requireTime(all, time.name);
    if (isApart) assert.throws(required, /expected times in one column, found /);
    else required();
  });
}

test('of two formats of dates the one along which the file rises is taken, and the other one named', () => {
  const formats = ['%m/%d/%Y', '%d/%m/%Y'].map((format, i) => ({ format, rising: 1 - i / 2 }));
  const day = column('day', 300, { numbers: 0, wholes: 0, formats });
  const { timeFormat, reasons } = chooseRoles(table([column('user', 90), column('item', 80), day]));
  assert.equal(timeFormat, '%m/%d/%Y');
  assert.match(reasons[3].why, /possible as well: %d\/%m\/%Y, but the file rises along this one$/);
});

const headers: readonly (readonly [string, readonly (readonly string[])[], string[] | undefined])[] = [
  [
    'names',
    [
      ['user', 'film'],
      ['1', '2'],
    ],
    undefined,
  ],
  [
    'names behind an index',
    [
      ['', 'user'],
      ['0', '2'],
    ],
    undefined,
  ],
  [
    'a number',
    [
      ['u1', '2'],
      ['u2', '3'],
    ],
    ['column1', 'column2'],
  ],
  [
    'a date',
    [
      ['u1', '2020-01-01'],
      ['u2', '2020-01-02'],
    ],
    ['column1', 'column2'],
  ],
  [
    'a text that comes again',
    [
      ['ann', 'jazz'],
      ['bob', 'soul'],
      ['ann', 'rock'],
    ],
    ['column1', 'column2'],
  ],
  [
    'unknown words',
    [
      ['x', 'y'],
      ['ann', 'jazz'],
    ],
    undefined,
  ],
  [
    'names beside an empty cell and a number',
    [
      ['user_id', 'item_id', '', '0'],
      ['5', '6', '', '0.5'],
    ],
    undefined,
  ],
  [
    'values that hold a word for a user or an item, and come again',
    [
      ['user_1', 'item_3'],
      ['user_2', 'item_4'],
      ['user_1', 'item_5'],
    ],
    ['column1', 'column2'],
  ],
  [
    'the title of a book beside a number',
    [
      ['12', 'The Book'],
      ['13', 'Solaris'],
    ],
    ['column1', 'column2'],
  ],
  [
    'a date that is no ISO date',
    [
      ['ann', '12/01/2020 15:44'],
      ['bob', '13/01/2020 9:01'],
    ],
    ['column1', 'column2'],
  ],
  [
    'the numbers of its columns',
    [
      ['0', '1', '2', '3'],
      ['7', '8', '5', '893286638'],
    ],
    undefined,
  ],
  [
    'the numbers of its columns behind an index',
    [
      ['', '0', '1', '2'],
      ['0', '7', '8', '5'],
    ],
    undefined,
  ],
  [
    'the numbers of its columns above times',
    [
      ['0', '1', '2'],
      ['7', '8', '893286638'],
    ],
    undefined,
  ],
  [
    'numbers from 0 above such numbers',
    [
      ['0', '1', '2'],
      ['7', '8', '5'],
    ],
    ['column1', 'column2', 'column3'],
  ],
  ['a cut row', [['7'], ['7', '8'], ['9', '8']], ['column1', 'column2']],
];

for (const [first, rows, expected] of headers) {
  test(`a first row with ${first} is ${expected ? 'no' : 'a'} header`, () => {
    assert.deepEqual(headerFor(rows), expected);
  });
}

test('files that differ in numbers are one table, prose is none', () => {
  const files = [
    'part-10.csv',
    'part-9.csv',
    'users.tsv.gz',
    'README.txt',
    'plot.png',
    'x.parquet',
    '.x.csv',
  ];
  assert.deepEqual(tablesAmong(files), ['part-*.csv', 'users.tsv.gz', 'x.parquet']);
});

test('a pattern keeps what its files share where it would stand for others too', () => {
  const parts = ['log_2020.csv', 'log_2021.csv', 'log_backup.csv'];
  assert.deepEqual(tablesAmong(parts), ['log_202*.csv', 'log_backup.csv']);
  const apart = ['a1x.csv', 'b1x.csv', 'a2x.csv', 'a_x.csv', 'a.x.csv', 'ax.csv'];
  assert.deepEqual(tablesAmong(apart), ['a.x.csv', 'a1x.csv', 'a2x.csv', 'a_x.csv', 'ax.csv', 'b1x.csv']);
});

test('names of tasks come from the data, within what a file may be called', () => {
  assert.deepEqual(
    ['Horror', 'Garden & Home', 'Möbel', '..', 'ужасы', 'x'.repeat(99)].map((text) =>
      nameOf(text, 'genre-1'),
    ),
    ['Horror', 'Garden-Home', 'Mobel', 'genre-1', 'genre-1', 'x'.repeat(64)],
  );
  assert.equal(unusedName('a', ['a', 'a-2']), 'a-3');
});

/** A domain of 1,000 users and 10,000 interactions. */
const domain = (value: string, own: Partial<DomainProfile> = {}): DomainProfile => ({
  field: 'genre',
  value,
  items: 150,
  hash: value,
  interactions: 1000,
  users: 600,
  cold: 500,
  barelyCold: 550,
  targets: 2,
  sources: 38,
  ...own,
});
const use = (domains: readonly DomainProfile[]) =>
  proposeDomains({
    interactions: 10_000,
    users: 1000,
    items: 900,
    median: 10,
    most: 40,
    domains,
    labels: [],
  });

test('what has the same items is one domain: a code and its name', () => {
  const domains = [
    domain('7', { field: 'category_no', hash: 'Horror' }),
    domain('Horror'),
    domain('War', { cold: 400 }),
  ];
  assert.deepEqual(Object.keys(use(domains).tasks), ['Horror', 'War']);
});

test('of an item and its parent the one that another file describes', () => {
  const log = table([column('user_id', 90), column('asin', 80), column('parent_asin', 60)]);
  const goods = (name: string) => ({
    ...table([column(name, 1000), column('title', 990)]),
    name: 'goods.csv',
  });
  assert.equal(chooseRoles(log, [goods('parent_asin')]).item, 'parent_asin');
  assert.equal(chooseRoles(log, [goods('asin')]).item, 'asin');
  const titled = table([column('user_id', 90), column('movie_id', 80), column('title', 80)]);
  assert.equal(chooseRoles(titled, [goods('id')]).item, 'movie_id');
});

test('targets are domains that many cold users come to and that leave a source', () => {
  const domains = [
    domain('Drama', { interactions: 6000, cold: 900 }),
    domain('Horror'),
    domain('War', { cold: 400 }),
    domain('Noir', { items: 1 }),
    domain('IMAX', { cold: 4 }),
  ];
  assert.deepEqual(use(domains).tasks, {
    Horror: { kind: 'recommend', target: { field: 'genre', any: ['Horror'] }, perUser: 2, length: 40 },
    War: { kind: 'recommend', target: { field: 'genre', any: ['War'] }, perUser: 2, length: 40 },
  });
});

test('where sources are short, shorter ones are enough', () => {
  assert.deepEqual(use([domain('Horror', { cold: 3, sources: 2 })]).tasks, {
    Horror: {
      kind: 'recommend',
      target: { field: 'genre', any: ['Horror'] },
      perUser: 2,
      length: 5,
      minSource: 1,
    },
  });
});

test('without a domain a fifth of the items stands in', () => {
  assert.deepEqual(use([]).tasks, {
    Drawn: { kind: 'recommend', target: { share: 0.2 }, perUser: 2, length: 35 },
  });
});

const label = (field: string, values: LabelProfile['values'], own: Partial<LabelProfile> = {}) => ({
  field,
  values,
  distinct: values.length,
  quartiles: undefined,
  ...own,
});

test('labels are fields of few values, the frequent ones of more, and ranges of numbers', () => {
  const { tasks, reasons } = proposeLabels(
    [
      label('gender', [
        ['F', 60],
        ['M', 40],
      ]),
      label(
        'country',
        [
          ['NO', 50],
          ['SE', 30],
          ['DK', 20],
          ['FI', 2],
        ],
        { distinct: 40 },
      ),
      label('age', [], { distinct: 60, quartiles: [25, 31, 43, 73] }),
      label('premium', [
        ['no', 99],
        ['yes', 1],
      ]),
    ],
    'Horror',
    ['Horror'],
  );
  assert.deepEqual(tasks, {
    gender: { kind: 'classify', label: 'gender', source: 'Horror' },
    country: {
      kind: 'classify',
      classes: ['NO', 'SE', 'DK'].map((value) => ({ name: value, where: { country: [value] } })),
      source: 'Horror',
    },
    age: {
      kind: 'classify',
      classes: [
        { name: 'up to 25', where: { age: { to: 25 } } },
        { name: 'above 25 up to 31', where: { age: { to: 31 } } },
        { name: 'above 31 up to 43', where: { age: { to: 43 } } },
        { name: 'above 43', where: { age: { from: 43 } } },
      ],
      source: 'Horror',
    },
  });
  assert.deepEqual(reasons[3], {
    what: 'no task premium',
    why: 'fewer than 2 of its 2 values have 5 users or more',
  });
});

test('a card that is there stays byte for byte, with what it lacks behind', () => {
  const text = '{ "name":  "mine",\n\t"onBadRow": "drop" }\n';
  assert.deepEqual(withMissingKeys(text, { name: 'other', items: 'x.csv' }), {
    text: '{ "name":  "mine",\n\t"onBadRow": "drop",\n  "items": "x.csv"\n}\n',
    added: ['items'],
  });
  assert.equal(withMissingKeys('{}', { name: 'x' }).text, '{\n  "name": "x"\n}');
  assert.deepEqual(withMissingKeys(text, { name: 'other' }), { text, added: [] });
});
