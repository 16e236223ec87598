import { join } from 'node:path';
import { UserError } from '../../base/userError';
import type { Card } from '../card/card';
import { UTF8 } from '../card/textFile';
import { readAuthors } from './formats/authors';
import type { Format, Use } from './formats/layout';
import type { Reading } from './formats/reading';
import { recbole } from './formats/recbole';
import { tenrec } from './formats/tenrec';
import { checkReferences, encode, tableOf, tableWithin } from './sql/encode';
import { type Engine, openEngine, outOfMemory } from './sql/engine';
import { ingest } from './sql/ingest';
import type { Part, RawFile } from './sql/part';
import { cellsBy } from './tables/delimiter';
import { type CardFolder, type Files, tableFiles, useOfTables } from './tables/tableFiles';
import { bytesOf, type Folder, pathIn } from './text/folder';
import { writePlainText } from './text/plainText';
import { CELL_END } from './text/rows';

const FORMATS: Readonly<Record<Exclude<Card['format'], 'authors' | 'table'>, Format>> = {
  recbole,
  tenrec,
};

/**
 * Reads the files that a card names; what does not fit in memory goes into the folder `work`. Throws a UserError at the first bad
 * row, unless the card says that these are dropped, and where memory is too small.
 */
export async function readDataset(folder: Folder, card: Card, work: string): Promise<Reading> {
  if (card.format === 'authors') return readAuthors(folder, card, work);
  const engine = await openEngine(work);
  const place = { folder, card, work };
  try {
    if (card.format === 'table')
      return await readTables(engine, card, useOfTables(card), await tableFiles(engine, place));
    const format = FORMATS[card.format];
    return await readTables(engine, card, format, await filesOf(format, place));
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

/** The files of a published format, their text checked. */
async function filesOf(format: Format, { folder, card, work }: CardFolder): Promise<Files> {
  const files: Files = {};
  for (const part of ['interactions', 'users', 'items'] as const) {
    const name = card[part];
    if (name === undefined) continue;
    const label = pathIn(folder, part, name);
    if (name.endsWith('.parquet'))
      throw new UserError(`${label}: expected text; with "columns" in the card Parquet is read too`);
    const { columns, ...written } = format.fileOf(label, part);
    const { onBadRow } = card;
    const bytes = bytesOf(folder, part, name);
    const text = await writePlainText(bytes, join(work, part), {
      label,
      onBadRow,
      encoding: UTF8,
      ...written,
    });
    const delimiter = written.quotes ? CELL_END : written.delimiter;
    const found = columns(text.firstLine.split(delimiter));
    const layout = { ...found, delimiter, cells: cellsBy(written.delimiter) };
    files[part] = { label, layout, pieces: [{ label, content: text }], onBadRow };
  }
  return files;
}
