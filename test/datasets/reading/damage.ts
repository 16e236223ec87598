import { gzipSync } from 'node:zlib';
import { below, type Random, random } from '../../../lib/random';

/** Small data sets with seeded damage: what comes off a bad disk, a broken download or an editor. */

const CARD = {
  name: 'small',
  interactions: 'small.inter',
  users: 'small.user',
  items: 'small.item',
  tasks: { Sex: { kind: 'classify', label: 'sex', length: 4 } },
};

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

export interface DamagedFiles {
  readonly card: Buffer;
  readonly interactions: Buffer;
  readonly users: Buffer;
  readonly items: Buffer;
}
type Name = keyof DamagedFiles;

export interface Damaged {
  readonly files: DamagedFiles;
  readonly compressed: boolean;
  readonly cardIsSound: boolean;
}

const HARMFUL = [
  ...'\t\n\r ,"\'0123456789eE+-.:_abn',
  '\0',
  '\x1b',
  '\ufeff',
  'é',
  'nan',
  'inf',
  '1e999',
  '\r\n',
  '::',
];

/** A damaged data set; its rows' files are compressed where `compressed` says so, and some are damaged after that. */
export function damagedFiles(seed: number): Damaged {
  const stream = random(seed, 'damage');
  const compressed = below(3, stream) === 0;
  const onBadRow = below(2, stream) === 0 ? 'error' : 'drop';
  const extension = compressed ? '.gz' : '';
  const names = {
    interactions: `small.inter${extension}`,
    users: `small.user${extension}`,
    items: `small.item${extension}`,
  };
  const files: Record<Name, Buffer> = {
    card: Buffer.from(JSON.stringify({ ...CARD, ...names, onBadRow })),
    interactions: Buffer.from(INTERACTIONS),
    users: Buffer.from(USERS),
    items: Buffer.from(ITEMS),
  };
  const damaged = pick<Name>(
    ['interactions', 'interactions', 'interactions', 'users', 'items', 'card'],
    stream,
  );
  const afterwards = compressed && damaged !== 'card' && below(2, stream) === 0;
  const hurt = () => {
    for (let i = below(2, stream); i >= 0; i--) files[damaged] = damage(files[damaged], stream);
  };
  if (!afterwards) hurt();
  if (compressed)
    for (const name of ['interactions', 'users', 'items'] as const) files[name] = gzipSync(files[name]);
  if (afterwards) hurt();
  return { files, compressed, cardIsSound: damaged !== 'card' };
}

function pick<T>(choices: readonly T[], stream: Random): T {
  return choices[below(choices.length, stream)];
}

/** Cuts out [from, to) and puts something else there. */
function replaced(bytes: Buffer, from: number, to: number, by: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
}

/** The bytes with one thing wrong. */
export function damage(bytes: Buffer, stream: Random): Buffer {
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
