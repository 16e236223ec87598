import type { Card } from '../card/card';
import { readAuthors } from './formats/authors';
import type { Format, Use } from './formats/layout';
import type { Reading } from './formats/reading';
import { recbole } from './formats/recbole';
import { tenrec } from './formats/tenrec';
import { checkReferences, encode, tableOf, tableWithin } from './sql/encode';
import { type Engine, openEngine, outOfMemory } from './sql/engine';
import { ingest } from './sql/ingest';
import type { Part, RawFile } from './sql/part';
import { type Files, tableFiles, useOfTables } from './tables/tableFiles';
import type { Folder } from './text/folder';

const FORMATS: Readonly<Record<'recbole' | 'tenrec', Format>> = { recbole, tenrec };

/**
 * Reads the files that a card names; what does not fit in memory goes into the folder `work`. Throws a UserError at the first bad
 * row, unless the card says that these are dropped, and where memory is too small.
 */
export async function readDataset(folder: Folder, card: Card, work: string): Promise<Reading> {
  if (card.format === 'authors') return readAuthors(folder, card, work);
  const engine = await openEngine(work);
  const format = card.format === 'table' ? undefined : FORMATS[card.format];
  try {
    const files = await tableFiles(engine, { folder, work }, card, format);
    return await readTables(engine, card, format ?? useOfTables(card), files);
  } catch (error) {
    throw outOfMemory(folder.path, error);
  } finally {
    engine.close();
  }
}

async function readTables(engine: Engine, card: Card, use: Use, files: Files): Promise<Reading> {
  const { within = { users: [], items: [] }, finish = (table) => table } = use;
  const keep = [...within.users, ...within.items];
  const interactions = await ingest(engine, 'interactions', files.interactions as RawFile, { keep });
  const users = files.users && (await ingest(engine, 'users', files.users, { unique: 'user_id' }));
  const items = files.items && (await ingest(engine, 'items', files.items, { unique: 'item_id' }));
  await checkReferences(engine, interactions, { users, items });
  const table = async (part: Part | undefined, kind: 'users' | 'items') => {
    if (part) return finish(await tableOf(engine, part));
    if (within[kind].length > 0) return finish(await tableWithin(engine, interactions, kind, within[kind]));
    return undefined;
  };
  const [usersTable, itemsTable] = [await table(users, 'users'), await table(items, 'items')];
  return {
    interactions: await encode(engine, interactions, { ...use, timed: card.timeline !== undefined }),
    users: usersTable,
    items: itemsTable,
    dropped: [interactions, users, items].flatMap((part) => part?.dropped ?? []),
  };
}
