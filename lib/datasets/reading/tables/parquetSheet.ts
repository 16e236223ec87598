import { UserError } from '../../../userError';
import type { Engine } from '../sql/engine';
import { parquetColumns } from '../sql/parquet';
import type { Piece } from '../sql/part';
import { pathIn } from '../text/folder';
import { requireOnce, requireSame, type Sheet, type SheetColumn, type SheetPlace } from './sheet';

/** Parquet files: their own columns, of whatever types. */
export async function openParquetSheet(
  engine: Engine,
  { folder, part }: SheetPlace,
  names: readonly string[],
): Promise<Sheet> {
  const labels = names.map((name) => pathIn(folder, part, name));
  if (folder.members !== undefined)
    throw new UserError(`${labels[0]}: expected a Parquet file outside an archive`);
  const pieces: Piece[] = [];
  const columns: SheetColumn[][] = [];
  const nested: string[] = [];
  for (const label of labels) {
    const found = await parquetColumns(engine, label);
    const plain = found.filter(({ type }) => !/^(STRUCT|MAP|UNION)/.test(type));
    nested.push(...found.filter((column) => !plain.includes(column)).map(({ name }) => name));
    pieces.push({ label, content: { parquet: label, columns: plain } });
    columns.push(plain.map(({ name, type }) => ({ name, isList: type.endsWith('[]') })));
    const own = namesOf(columns[columns.length - 1]);
    requireOnce(label, own);
    requireSame(label, own, { name: names[0], columns: namesOf(columns[0]) });
  }
  return { columns: columns[0], nested, headerLines: 0, delimiter: undefined, pieces };
}

const namesOf = (columns: readonly SheetColumn[]) => columns.map(({ name }) => name);
