import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ColumnTable } from 'arquero';
import { UserError } from '../userError';
import { type AtomicFormat, type AtomicTable, readAtomicFile } from './atomicFile';
import { type Card, fileOfCard, NAME, readCard } from './card';
import type { Dropped } from './dropped';
import { quoted } from './textFile';

/** A data set as it was read: tables in file order, nothing built from them yet. */
export interface Dataset {
  readonly name: string;
  readonly folder: string;
  readonly card: Card;
  /** Columns user_id, item_id, timestamp and whatever else the file has. */
  readonly interactions: ColumnTable;
  readonly users: ColumnTable | undefined;
  readonly items: ColumnTable | undefined;
  readonly dropped: readonly Dropped[];
}

const DATA_FOLDER = resolve(__dirname, '../../data');

/**
 * Reads the data set NAME of the project's `data/`, or that of any folder with a `dataset.json`.
 * Throws a UserError for an unknown data set, a wrong card and a bad row.
 */
export function loadDataset(nameOrFolder: string): Dataset {
  const folder = folderOf(nameOrFolder);
  const card = readCard(join(folder, 'dataset.json'));
  const read = (key: 'interactions' | 'users' | 'items', format: Omit<AtomicFormat, 'onBadRow'>) =>
    readPart(folder, card, key, format);
  const interactions = read('interactions', {
    required: { user_id: 'token', item_id: 'token', timestamp: 'float' },
  }) as AtomicTable;
  const users = read('users', { required: { user_id: 'token' }, unique: 'user_id' });
  const items = read('items', { required: { item_id: 'token' }, unique: 'item_id' });
  return {
    name: card.name,
    folder,
    card,
    interactions: interactions.table,
    users: users?.table,
    items: items?.table,
    dropped: [interactions, users, items].flatMap((part) => part?.dropped ?? []),
  };
}

function readPart(
  folder: string,
  card: Card,
  key: 'interactions' | 'users' | 'items',
  format: Omit<AtomicFormat, 'onBadRow'>,
): AtomicTable | undefined {
  const path = card[key];
  if (path === undefined) return undefined;
  return readAtomicFile(fileOfCard(folder, key, path), { ...format, onBadRow: card.onBadRow });
}

function folderOf(nameOrFolder: string): string {
  const candidates = NAME.test(nameOrFolder)
    ? [join(DATA_FOLDER, nameOrFolder), nameOrFolder]
    : [nameOrFolder];
  const folder = candidates.find((candidate) => existsSync(join(candidate, 'dataset.json')));
  if (folder !== undefined && nameOrFolder !== '') return folder;
  const known = readdirSync(DATA_FOLDER).filter((name) =>
    existsSync(join(DATA_FOLDER, name, 'dataset.json')),
  );
  throw new UserError(
    `unknown data set ${quoted(nameOrFolder)}: expected ${known.join(', ')} or a folder with a dataset.json`,
  );
}
