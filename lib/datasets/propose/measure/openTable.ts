import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../../reading/formats/layout';
import type { Engine } from '../../reading/sql/engine';
import { ingest } from '../../reading/sql/ingest';
import type { Part } from '../../reading/sql/part';
import { delimiterOf, rowsBy } from '../../reading/tables/delimiter';
import { kindOf, labelOf, openSheet } from '../../reading/tables/openSheet';
import { layoutOf, type SheetPlace } from '../../reading/tables/sheet';
import { bytesOf, type Folder, namesMatching } from '../../reading/text/folder';
import { firstLinesOf } from '../../reading/text/plainText';
import { headerFor } from '../choose/header';

export interface OpenTable {
  /** A file or a pattern. */
  readonly name: string;
  /** All cells as texts, in columns called as `columnName` says. */
  readonly part: Part;
  /** The names of the columns, where the file has no header. */
  readonly header: readonly string[] | undefined;
  /** What holds objects and so is no column. */
  readonly nested: readonly string[];
}

export interface TablePlace {
  readonly folder: Folder;
  /** For checked text. */
  readonly work: string;
  readonly encoding: string;
  readonly onBadRow: 'error' | 'drop';
}

/** A table that is looked at. */
export interface Looked {
  /** A file or a pattern. */
  readonly name: string;
  /** The card's key of it, for messages. */
  readonly key: string;
  /** What it is called in SQL. */
  readonly table: string;
  /** The names of its columns, where the card has them. */
  readonly header: readonly string[] | undefined;
}

const LINES_LOOKED_AT = 100;

/** Puts a file or the files of a pattern into the SQL table `table`; throws a UserError at the first bad row. */
export async function openTable(
  engine: Engine,
  at: TablePlace,
  { name, key, table, header: given }: Looked,
): Promise<OpenTable> {
  const { folder, encoding, onBadRow } = at;
  const header = given ?? (await headerIn(at, key, name));
  const own = join(at.work, table);
  mkdirSync(own, { recursive: true });
  const place: SheetPlace = { folder, work: own, part: key, name, encoding, onBadRow, header, needed: [] };
  const sheet = await openSheet(engine, place);
  const fields = sheet.columns.map(
    ({ name, isList }): Field => ({
      name,
      type: isList ? 'token_seq' : 'token',
      required: false,
      marked: true,
    }),
  );
  const file = { label: labelOf(place), layout: layoutOf(sheet, fields), pieces: sheet.pieces, onBadRow };
  return { name, part: await ingest(engine, table, file, {}), header, nested: sheet.nested };
}

/** Names for the columns of a file of text that has no header. */
async function headerIn(
  { folder, encoding }: TablePlace,
  key: string,
  name: string,
): Promise<string[] | undefined> {
  const [first] = namesMatching(folder, key, name);
  if (kindOf(first) !== 'text') return undefined;
  const lines = await firstLinesOf(bytesOf(folder, key, first), LINES_LOOKED_AT, encoding);
  const delimiter = delimiterOf(lines, () => true);
  return headerFor(rowsBy(lines, delimiter));
}
