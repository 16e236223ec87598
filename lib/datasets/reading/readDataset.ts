import { join } from 'node:path';
import { UserError } from '../../userError';
import type { Card } from '../card/card';
import { readAuthors } from './formats/authors';
import type { Format, PartName, Use } from './formats/format';
import { movielens } from './formats/movielens';
import type { Reading } from './formats/reading';
import { recbole } from './formats/recbole';
import { tenrec } from './formats/tenrec';
import { checkReferences, encode } from './sql/encode';
import { type Engine, openEngine, outOfMemory } from './sql/engine';
import { ingest } from './sql/ingest';
import { parquetColumns, typedHeader } from './sql/parquet';
import type { Part, RawFile } from './sql/part';
import { tableOf, tableWithin } from './sql/tables';
import { tableFiles, useOfTables } from './tables/tableFiles';
import { bytesOf, type Folder, pathIn } from './text/folder';
import { writePlainText } from './text/plainText';
import { CELL_END } from './text/rows';

const FORMATS: Readonly<Record<Exclude<Card['format'], 'authors' | 'table'>, Format>> = {
  recbole,
  movielens,
  tenrec,
};

/**
 * Reads the files that a card names, with room for what does not fit in memory in the folder `work`.
 * Throws a UserError at the first bad row, unless the card says that these are dropped, and where the memory is too small.
 */
export async function readDataset(folder: Folder, card: Card, work: string): Promise<Reading> {
  if (card.format === 'authors') return readAuthors(folder, card, work);
  const engine = await openEngine(work);
  try {
    return await readParts(engine, card, await source(engine, { folder, card, work }));
  } catch (error) {
    throw outOfMemory(folder.path, error);
  } finally {
    engine.close();
  }
}

interface Place {
  readonly folder: Folder;
  readonly card: Card;
  readonly work: string;
}

/** Where the rows come from and what becomes of them. */
interface Source {
  readonly use: Use;
  /** The file of a part, if there is one. */
  readonly open: (part: PartName) => Promise<RawFile | undefined>;
}

async function source(engine: Engine, place: Place): Promise<Source> {
  const { card } = place;
  if (card.format === 'table') {
    const files = await tableFiles(engine, place);
    return { use: useOfTables(card), open: async (part) => files[part] };
  }
  const format = FORMATS[card.format as keyof typeof FORMATS];
  const open = async (part: PartName) => {
    const name = card[part];
    return name === undefined ? undefined : rawFile(engine, format, place, { part, name });
  };
  return { use: format, open };
}

async function readParts(engine: Engine, card: Card, { use, open }: Source): Promise<Reading> {
  const { users: ofUser = [], items: ofItem = [] } = use.within;
  const keep = [...ofUser, ...ofItem];
  const read = async (part: PartName, options: Parameters<typeof ingest>[3]) => {
    const file = await open(part);
    return file && ingest(engine, part, file, options);
  };
  const interactions = (await read('interactions', { keep })) as Part;
  const users = await read('users', { unique: 'user_id' });
  const items = await read('items', { unique: 'item_id' });
  await checkReferences(engine, interactions, [
    { column: 'user_id', part: users },
    { column: 'item_id', part: items },
  ]);
  const table = async (part: Part | undefined, kind: 'users' | 'items', own: readonly string[]) => {
    if (part !== undefined) return use.finish(kind, await tableOf(engine, part));
    return own.length === 0
      ? undefined
      : use.finish(kind, await tableWithin(engine, interactions, kind, own));
  };
  const tables = {
    users: await table(users, 'users', ofUser),
    items: await table(items, 'items', ofItem),
  };
  return {
    interactions: await encode(engine, interactions, { ...use, timed: card.timeline !== undefined }),
    ...tables,
    dropped: [interactions, users, items].flatMap((part) => part?.dropped ?? []),
  };
}

async function rawFile(
  engine: Engine,
  format: Format,
  { folder, card, work }: Place,
  { part, name }: { readonly part: PartName; readonly name: string },
): Promise<RawFile> {
  const label = pathIn(folder, part, name);
  const { columns, encoding, delimiter, quotes } = format.fileOf(label, part);
  const { onBadRow } = card;
  if (name.endsWith('.parquet')) {
    if (folder.members !== undefined)
      throw new UserError(`${label}: expected a Parquet file outside an archive`);
    const found = await parquetColumns(engine, label);
    const { fields } = columns(typedHeader(found));
    const layout = { fields, delimiter, separator: CELL_END, headerLines: 0, cells: 'columns' } as const;
    return { label, layout, pieces: [{ label, content: { parquet: label, columns: found } }], onBadRow };
  }
  const text = await writePlainText(bytesOf(folder, part, name), join(work, part), {
    label,
    encoding,
    delimiter,
    quotes,
    onBadRow,
  });
  const written = quotes ? CELL_END : delimiter;
  const layout = { ...columns(text.firstLine.split(written)), delimiter: written, cells: CELLS[delimiter] };
  return { label, layout, pieces: [{ label, content: text }], onBadRow };
}

const CELLS: Readonly<Record<string, string>> = {
  '\t': 'tab-separated fields',
  ',': 'comma-separated fields',
  '|': 'fields separated by |',
  '::': 'fields separated by ::',
};
