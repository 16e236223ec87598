import { basename } from 'node:path';
import { flawAt } from '../../card/textFile';
import type { Field, Layout } from '../formats/layout';
import type { Piece } from '../sql/part';
import type { Folder } from '../text/folder';
import { CELL_END } from '../text/rows';
import { SPOKEN } from './delimiter';

/** A table as it lies there: its columns, before anything is known of their meaning. */
export interface Sheet {
  /** In the order of the cells; one without a name is an index that pandas wrote. */
  readonly columns: readonly SheetColumn[];
  /** What else it calls something that holds objects and so is no column. */
  readonly nested: readonly string[];
  readonly headerLines: 0 | 1;
  /** What stands between the cells of a file of text. */
  readonly delimiter: string | undefined;
  readonly pieces: readonly Piece[];
}

export interface SheetColumn {
  readonly name: string;
  /** Whether its values are lists, as in Parquet and JSON. */
  readonly isList: boolean;
}

/** Where a table lies and what is known of it beforehand. */
export interface SheetPlace {
  readonly folder: Folder;
  /** A folder for checked text. */
  readonly work: string;
  /** The card's key of the file, and its name or pattern. */
  readonly part: string;
  readonly name: string;
  readonly encoding: string;
  readonly onBadRow: 'error' | 'drop';
  /** The names of the columns, where the file does not have them. */
  readonly header: readonly string[] | undefined;
  /** Columns that a header must have. */
  readonly needed: readonly string[];
}

/** What the rows of a table look like once its columns are fields. */
export function layoutOf({ delimiter, headerLines }: Sheet, fields: readonly Field[]): Layout {
  const cells = delimiter === undefined ? 'columns' : `fields separated by ${SPOKEN[delimiter]}`;
  return { fields, delimiter: CELL_END, cells, separator: CELL_END, headerLines };
}

/** Throws a UserError where two columns of a file have one name. */
export function requireOnce(label: string, columns: readonly string[]): void {
  const repeated = columns.find((name, c) => name !== '' && columns.indexOf(name) < c);
  if (repeated === undefined) return;
  throw flawAt(label, 1, { column: repeated, expected: 'each column once', found: 'it twice' });
}

/** Throws a UserError where a file of a pattern has other columns than the first one. */
export function requireSame(
  label: string,
  found: readonly string[],
  first: { readonly name: string; readonly columns: readonly string[] },
): void {
  const { columns } = first;
  const width = Math.max(found.length, columns.length);
  const c = Array.from({ length: width }, (_, i) => i).find((i) => found[i] !== columns[i]);
  if (c === undefined) return;
  const expected = `the columns of ${basename(first.name)}, ${columns.join(', ')}`;
  throw flawAt(label, 1, { column: String(c + 1), expected, found: found[c] ?? 'none' });
}
