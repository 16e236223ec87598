import { join } from 'node:path';
import { UserError } from '../../../userError';
import type { Engine } from '../sql/engine';
import { parquetColumns } from '../sql/parquet';
import type { Piece } from '../sql/part';
import { namesMatching, pathIn } from '../text/folder';
import { openJsonSheet } from './jsonSheet';
import { requireSame, type Sheet, type SheetColumn, type SheetPlace } from './sheet';
import { openTextSheet } from './textSheet';

const OPENERS = { text: openTextSheet, 'JSON lines': openJsonSheet, Parquet: openParquetSheet } as const;

/** Opens a file or the files of a pattern. Throws a UserError for damaged files and for other columns than the first has. */
export function openSheet(engine: Engine, place: SheetPlace): Promise<Sheet> {
  const names = namesMatching(place.folder, place.part, place.name);
  const [kind, ...others] = new Set(names.map(kindOf));
  if (others.length === 0) return OPENERS[kind](engine, place, names);
  const found = [kind, ...others].join(' and ');
  throw new UserError(`${labelOf(place)}: expected files of one kind, found ${found}`);
}

/** What messages call a table: its file, or the pattern. */
export function labelOf({ folder, part, name }: SheetPlace): string {
  return name.includes('*') ? join(folder.path, name) : pathIn(folder, part, name);
}

export function kindOf(name: string): keyof typeof OPENERS {
  if (/\.parquet$/i.test(name)) return 'Parquet';
  return /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name) ? 'JSON lines' : 'text';
}

/** Parquet files: their own columns, of whatever types. */
async function openParquetSheet(
  engine: Engine,
  { folder, part }: SheetPlace,
  names: readonly string[],
): Promise<Sheet> {
  const pieces: Piece[] = [];
  const nested: string[] = [];
  let columns: SheetColumn[] = [];
  for (const name of names) {
    const label = pathIn(folder, part, name);
    if (folder.members) throw new UserError(`${label}: expected a Parquet file outside an archive`);
    const found = await parquetColumns(engine, label);
    const plain = found.filter(({ type }) => !/^(STRUCT|MAP|UNION)/.test(type));
    nested.push(...found.filter((column) => !plain.includes(column)).map((column) => column.name));
    pieces.push({ label, content: { parquet: label, columns: plain } });
    const own = plain.map((column) => ({ name: column.name, isList: column.type.endsWith('[]') }));
    if (pieces.length === 1) columns = own;
    requireSame(label, own, { name: names[0], columns });
  }
  return { columns, nested, headerLines: 0, delimiter: undefined, pieces };
}
