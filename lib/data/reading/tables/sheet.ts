import type { Card } from '../../card/card';
import { type Field, ID_OF, type Layout, type PartName } from '../formats/layout';
import type { Piece } from '../sql/part';
import type { Folder } from '../text/folder';
import { CELL_END } from '../text/rows';
import { cellsBy } from './delimiter';

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
  const cells = delimiter === undefined ? 'columns' : cellsBy(delimiter);
  return { fields, delimiter: CELL_END, cells, separator: CELL_END, headerLines };
}

const ROLES = { user: 'user_id', item: 'item_id', time: 'timestamp' } as const;

type Roles = Readonly<Record<string, (typeof ROLES)[keyof typeof ROLES]>>;

/** By the name of a column that the card names, the field that the reading knows. */
export function rolesOf({ columns }: Pick<Card, 'columns'>, part: PartName): Roles {
  const named = Object.entries(columns?.[part] ?? {}).filter(([, column]) => column !== null);
  return Object.fromEntries(named.map(([role, column]) => [column, ROLES[role as keyof typeof ROLES]]));
}

/** The fields of a file. A column without a name, or called as the ids without being them, is only counted. */
export function fieldsOf(columns: readonly SheetColumn[], roles: Roles, part: PartName): Field[] {
  return columns.map(({ name, isList }): Field => {
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role === undefined) {
      const own = part !== 'interactions' && name === ID_OF[part] ? '' : name;
      const type = isList ? 'token_seq' : 'token';
      return { name: own, heading: name, type, required: false, marked: true };
    }
    const type = role === 'timestamp' ? 'time' : 'token';
    return { name: role, heading: name, type, required: true, marked: true };
  });
}
