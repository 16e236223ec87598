import type { Field, Layout } from '../formats/layout';
import type { Piece } from '../sql/part';
import type { Folder } from '../text/folder';
import { CELL_END } from '../text/rows';
import { SPOKEN } from './delimiter';

/** A table before its columns have a meaning. */
export interface Sheet {
  /** In the order of the cells; a column without a name is an index that pandas wrote. */
  readonly columns: readonly SheetColumn[];
  /** Names of what holds objects and so is no column. */
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
