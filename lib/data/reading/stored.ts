import { join } from 'node:path';
import { type ColumnTable, fromArrow, table } from 'arquero';
import { Damaged, readBeside, readSealed, writeSealed } from '../../base/sealed';
import type { Reading, TextTable, Times } from './formats/reading';

/**
 * A reading as a folder of Arrow files with a sealed manifest: `user_ids` (id, count), `item_ids` (id), `interactions` (item: its
 * place in item_ids, and time where a card has a timeline; user by user, oldest first), `users` and `items` (texts; names of
 * columns are the data's, so in the file they are numbers).
 */
interface Manifest extends Pick<Reading, 'dropped'> {
  readonly users?: Omit<TextTable, 'columns'>;
  readonly items?: Omit<TextTable, 'columns'>;
  readonly times?: Times;
}

const MANIFEST = 'manifest.json';

/** Writes a reading into a folder. */
export function saveReading(folder: string, { interactions, users, items, dropped }: Reading): void {
  const { itemAt, timeAt, times } = interactions;
  const tables: Record<string, Record<string, ArrayLike<unknown>>> = {
    user_ids: { id: interactions.users, count: interactions.counts },
    item_ids: { id: interactions.items },
    interactions: { item: itemAt, ...(timeAt && { time: timeAt }) },
    ...(users && { users: numbered(users) }),
    ...(items && { items: numbered(items) }),
  };
  const files = Object.entries(tables).map(([name, columns]) => [
    `${name}.arrow`,
    table(columns).toArrowIPC({ format: 'file' }) as Uint8Array,
  ]);
  const manifest = { users: shape(users), items: shape(items), dropped, times };
  writeSealed(join(folder, MANIFEST), manifest, Object.fromEntries(files));
}

function numbered({ columns }: TextTable): Record<string, readonly string[]> {
  return Object.fromEntries(columns.map((column, c) => [`column${c}`, column]));
}

function shape(texts: TextTable | undefined): Manifest['users'] {
  return texts && { fields: texts.fields, separator: texts.separator };
}

/** The reading in a folder; undefined where there is none or anything of it is damaged. */
export function openReading(folder: string): Reading | undefined {
  try {
    return open(folder);
  } catch (error) {
    if (error instanceof Damaged) return undefined;
    throw error;
  }
}

function open(folder: string): Reading {
  const sealed = readSealed(join(folder, MANIFEST));
  const { users, items, dropped, times } = sealed as unknown as Manifest;
  const tableIn = (name: string): ColumnTable => fromArrow(readBeside(join(folder, `${name}.arrow`), sealed));
  const texts = (name: string, has: Manifest['users']): TextTable | undefined => {
    const stored = has && tableIn(name);
    return has && { ...has, columns: has.fields.map((_, c) => stored?.array(`column${c}`) as string[]) };
  };
  const [userIds, interactions] = [tableIn('user_ids'), tableIn('interactions')];
  const numbers = <A>(from: ColumnTable, key: string) =>
    (from.column(key) as unknown as { toArray(): A }).toArray();
  return {
    interactions: {
      users: userIds.array('id') as string[],
      counts: numbers<Int32Array>(userIds, 'count'),
      items: tableIn('item_ids').array('id') as string[],
      itemAt: numbers<Int32Array>(interactions, 'item'),
      ...(times && { times, timeAt: numbers<Float64Array>(interactions, 'time') }),
    },
    users: texts('users', users),
    items: texts('items', items),
    dropped,
  };
}
