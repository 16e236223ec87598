import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { below, type Random, random } from '../../../lib/base/random';
import { UserError } from '../../../lib/base/userError';
import type { Reading } from '../../../lib/data/reading/formats/reading';
import { folderWith } from '../folders';
import { ML_25M } from './grouplens';
import { type Contents, gunzipped, independentlyRead, type Rows } from './independentReader';
import { columnOf, type Files, historiesIn, readFolder } from './readFolder';

/** Data sets with seeded damage: what comes off a bad disk, a broken download or an editor. */
const CASES = 300;

const CARD = { name: 'small', tasks: { Sex: { kind: 'classify', label: 'sex', length: 4 } } };

const PEOPLE = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal'];
const THINGS = ['a', 'b', 'c', 'ü', 'item-5', '6', '7 up', '"8"', 'n/a', '0'];
const TIMES = ['0', '12', '7.5', '1e1', '7.5', '+3', '.5', '12.'];
const NOTES = ['1 2', '', '-1 .5', '3'];

const rows = (count: number, row: (i: number) => readonly string[]) =>
  Array.from({ length: count }, (_, i) => `${row(i).join('\t')}\n`).join('');

const INTERACTIONS = `user_id:token\titem_id:token\ttimestamp:float\tnote:float_seq\n${rows(40, (i) => [
  PEOPLE[(3 * i) % 8],
  THINGS[(7 * i + (i % 3)) % 10],
  TIMES[(5 * i) % 8],
  NOTES[i % 4],
])}`;
const USERS = `user_id:token\tage:float\tsex:token\n${rows(8, (i) => [PEOPLE[i], `${20 + i}`, i % 3 === 0 ? '' : 'f'])}`;
const ITEMS = `item_id:token\ttags:token_seq\n${rows(10, (i) => [THINGS[i], i % 2 === 0 ? 'news' : 'news film\r'])}`;

const HARMFUL = [...'\t\n\r ,"\'0123456789eE+-.:_abn\0\x1b\ufeffé', 'nan', 'inf', '1e999', '\r\n', '::'];

const KINDS = ['interactions', 'users', 'items'] as const;
type Damaged = { readonly rows: Rows; readonly extension: '' | '.gz'; readonly onBadRow: 'error' | 'drop' };

/** A small data set with one file damaged, before or after it is compressed. */
function damagedFiles(seed: number): Damaged {
  const stream = random(seed, 'damage');
  const extension = below(3, stream) === 0 ? '.gz' : '';
  const onBadRow = below(2, stream) === 0 ? 'error' : 'drop';
  const [interactions, users, items] = [INTERACTIONS, USERS, ITEMS].map((text) => Buffer.from(text));
  const rows: { -readonly [kind in keyof Rows]: Buffer } = { interactions, users, items };
  const name = pick(['interactions', 'interactions', ...KINDS] as const, stream);
  const afterwards = extension !== '' && below(2, stream) === 0;
  const hurt = () => {
    for (let i = below(2, stream); i >= 0; i--) rows[name] = damage(rows[name], stream);
  };
  if (!afterwards) hurt();
  if (extension) for (const each of KINDS) rows[each] = gzipSync(rows[each]);
  if (afterwards) hurt();
  return { rows, extension, onBadRow };
}

/** What the reader says a data set holds; undefined where it refuses it in one line. */
async function read({ rows, extension, onBadRow }: Damaged): Promise<Contents | undefined> {
  const [interactions, users, items] = ['inter', 'user', 'item'].map((name) => `small.${name}${extension}`);
  const reading = await readOrRefuse({
    'dataset.json': JSON.stringify({ ...CARD, interactions, users, items, onBadRow }),
    [interactions]: rows.interactions,
    [users]: rows.users,
    [items]: rows.items,
  });
  return (
    reading && {
      histories: historiesIn(reading),
      users: columnOf(reading.users, 'user_id') ?? [],
      items: columnOf(reading.items, 'item_id') ?? [],
      dropped: reading.dropped.reduce((sum, { count }) => sum + count, 0),
    }
  );
}

async function readOrRefuse(files: Files): Promise<Reading | undefined> {
  try {
    return await readFolder(folderWith(files));
  } catch (error) {
    assert.ok(error instanceof UserError, `expected a message for the user, found ${(error as Error).stack}`);
    assert.match(error.message, /^[^\n]+$/);
    return undefined;
  }
}

/** The same by the independent reader. */
function readIndependently({ rows, extension, onBadRow }: Damaged): Contents | undefined {
  const unpack = (bytes: Buffer) => (extension ? gunzipped(bytes) : bytes);
  const [interactions, users, items] = KINDS.map((kind) => unpack(rows[kind]));
  return interactions && users && items && independentlyRead({ interactions, users, items }, onBadRow);
}

test(`of ${CASES} damaged data sets each is refused in one line or read as an independent reader reads it`, async () => {
  let refused = 0;
  for (let seed = 1; seed <= CASES; seed++) {
    const damaged = damagedFiles(seed);
    const found = await read(damaged);
    if (found === undefined) refused++;
    assert.deepEqual(found, readIndependently(damaged), `seed ${seed}`);
  }
  assert.ok(refused > CASES / 4 && refused < CASES, `${refused} refused`);
});

const T = { kind: 'recommend', target: { field: 'domain', any: ['target'] }, perUser: 1, length: 4 };
const cardOf = (format: string) =>
  JSON.stringify({ name: 'x', format, interactions: 'x.csv', onBadRow: 'drop', tasks: { T } });

const FORMS: readonly Files[] = [
  ML_25M,
  { 'dataset.json': cardOf('authors'), 'x.csv': '0,5,6,,7,8\n5,9,4,,7\n'.repeat(4) },
  {
    'dataset.json': cardOf('tenrec'),
    'x.csv': `user_id,item_id,click,follow,like,share,video_category,watching_times,gender,age\n${'1,a,1,0,0,0,1,1,2,3\n2,"b",1,0,0,0,1,0,1,4\n'.repeat(4)}`,
  },
];

test(`damaged files of the other formats are refused in one line or read`, async () => {
  let refused = 0;
  const count = Math.ceil(CASES / 3);
  for (let seed = 1; seed <= count; seed++) {
    const stream = random(seed, 'other formats');
    const form = FORMS[below(FORMS.length, stream)];
    const names = Object.keys(form).filter((name) => name !== 'dataset.json');
    const hit = names[below(names.length, stream)];
    const reading = await readOrRefuse({ ...form, [hit]: damage(Buffer.from(form[hit]), stream) });
    if (reading === undefined) refused++;
    const { counts, itemAt } = reading?.interactions ?? { counts: [0], itemAt: [] };
    const total = Array.from(counts).reduce((sum, n) => sum + n);
    assert.equal(total, itemAt.length);
  }
  assert.ok(refused > 0 && refused < count, `${refused} of ${count} refused`);
});

function pick<T>(choices: readonly T[], stream: Random): T {
  return choices[below(choices.length, stream)];
}

/** Cuts out [from, to) and puts something else there. */
function replaced(bytes: Buffer, from: number, to: number, by: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
}

/** The bytes with one thing wrong. */
function damage(bytes: Buffer, stream: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const at = Math.max(below(bytes.length, stream), below(bytes.length, stream)); // the header is hit often enough
  const end = Math.min(bytes.length, at + 1 + below(12, stream));
  const [lineStart, lineEnd] = lineAround(bytes, at);
  const line = bytes.subarray(lineStart, lineEnd);
  const other = lineAround(bytes, below(bytes.length, stream))[0];
  const kinds: readonly (() => Buffer)[] = [
    () => replaced(bytes, at, at + 1, Buffer.of(bytes[at] ^ (1 << below(8, stream)))),
    () => replaced(bytes, at, at + 1, Buffer.of(below(256, stream))),
    () => replaced(bytes, at, at + 1, Buffer.from(pick(HARMFUL, stream))),
    () => replaced(bytes, at, at, Buffer.from(pick(HARMFUL, stream))),
    () => replaced(bytes, at, at, Buffer.of(below(256, stream), below(256, stream))),
    () => replaced(bytes, at, end, Buffer.of()),
    () => replaced(bytes, end, end, bytes.subarray(at, end)),
    () => replaced(bytes, lineStart, lineEnd, Buffer.of()),
    () => replaced(bytes, other, other, line),
    () => bytes.subarray(0, at),
    () => bytes.subarray(at),
    () => Buffer.concat([bytes, Buffer.alloc(below(4, stream))]),
  ];
  return pick(kinds, stream)();
}

/** Start and end of the line around a byte, its line end included. */
function lineAround(bytes: Buffer, at: number): [number, number] {
  const end = bytes.indexOf('\n', at);
  return [at === 0 ? 0 : bytes.lastIndexOf('\n', at - 1) + 1, end < 0 ? bytes.length : end + 1];
}
