import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ColumnTable, fromArrow, table } from 'arquero';
import { checksumOf } from '../../files/sealed';
import type { Reading, TextTable, Times } from './formats/reading';

/**
 * A reading as a folder of Arrow files with a manifest that has their checksums: `user_ids` (id, count), `item_ids` (id),
 * `interactions` (item: its place in item_ids, and time where a card has a timeline; user by user, oldest first), `users` and
 * `items` (texts).
 */

interface Manifest extends Pick<Reading, 'dropped'> {
  readonly users: Omit<TextTable, 'columns'> | undefined;
  readonly items: Omit<TextTable, 'columns'> | undefined;
  readonly times?: Times | undefined;
  /** SHA-256 of each file. */
  readonly files: Readonly<Record<string, string>>;
}

/** Writes a reading into an empty folder. */
export function saveReading(folder: string, { interactions, users, items, dropped }: Reading): void {
  const files: Record<string, string> = {};
  const save = (name: string, columns: Record<string, ArrayLike<unknown>>) => {
    const bytes = table(columns).toArrowIPC({ format: 'file' }) as Uint8Array;
    writeFileSync(join(folder, `${name}.arrow`), bytes);
    files[name] = checksumOf(bytes);
  };
  save('user_ids', { id: interactions.users, count: interactions.counts });
  save('item_ids', { id: interactions.items });
  const { itemAt, timeAt, times } = interactions;
  save('interactions', { item: itemAt, ...(timeAt && { time: timeAt }) });
  if (users) save('users', numbered(users));
  if (items) save('items', numbered(items));
  const manifest = JSON.stringify({ users: shape(users), items: shape(items), dropped, files, times });
  writeFileSync(join(folder, 'manifest.json'), `${checksumOf(manifest)}\n${manifest}`);
}

/** Names of columns are the data's; in the file they are numbers. */
function numbered({ columns }: TextTable): Record<string, readonly string[]> {
  return Object.fromEntries(columns.map((column, c) => [`column${c}`, column]));
}

function shape(texts: TextTable | undefined): Manifest['users'] {
  return texts && { fields: texts.fields, separator: texts.separator };
}

/** The reading in a folder; undefined where there is none or anything of it is not as it was written. */
export function openReading(folder: string): Reading | undefined {
  const manifest = openManifest(folder);
  if (manifest === undefined) return undefined;
  const tables = new Map<string, ColumnTable>();
  for (const [name, hash] of Object.entries(manifest.files)) {
    const file = join(folder, `${name}.arrow`);
    if (!existsSync(file)) return undefined;
    const bytes = readFileSync(file);
    if (checksumOf(bytes) !== hash) return undefined;
    tables.set(name, fromArrow(bytes));
  }
  const column = (name: string, key: string) => (tables.get(name) as ColumnTable).array(key) as string[];
  const numbers = <A>(name: string, key: string): A => {
    const values = (tables.get(name) as ColumnTable).column(key) as unknown as { toArray(): A };
    return values.toArray();
  };
  const texts = (name: 'users' | 'items') => {
    const has = manifest[name];
    return has && { ...has, columns: has.fields.map((_, c) => column(name, `column${c}`)) };
  };
  return {
    interactions: {
      users: column('user_ids', 'id'),
      counts: numbers<Int32Array>('user_ids', 'count'),
      items: column('item_ids', 'id'),
      itemAt: numbers<Int32Array>('interactions', 'item'),
      ...(manifest.times && {
        times: manifest.times,
        timeAt: numbers<Float64Array>('interactions', 'time'),
      }),
    },
    users: texts('users'),
    items: texts('items'),
    dropped: manifest.dropped,
  };
}

function openManifest(folder: string): Manifest | undefined {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) return undefined;
  const [hash, manifest = ''] = readFileSync(file, 'utf8').split('\n');
  return checksumOf(manifest) === hash ? JSON.parse(manifest) : undefined;
}
