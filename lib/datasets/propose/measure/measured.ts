import { UserError } from '../../../userError';
import { quoted } from '../../card/textFile';
import { columnName } from '../../reading/formats/layout';
import { CELL_END } from '../../reading/text/rows';
import type { ColumnProfile, TableProfile } from '../choose/profile';
import type { Cells } from './measureUse';
import type { OpenTable } from './openTable';

/** A table in the SQL engine and what was measured of it. */
export interface Measured {
  readonly open: OpenTable;
  readonly profile: TableProfile;
}

/** The SQL of a column. */
export function columnOf({ open }: Measured, name: string): string {
  const { fields } = open.part.layout;
  const c = fields.findIndex((field) => field.name === name);
  if (c < 0) {
    const there = fields.map((field) => field.name).join(', ');
    throw new UserError(
      `${open.part.label}: expected one of the columns ${there}, found ${quoted(name)} in the card`,
    );
  }
  return columnName(fields[c], c);
}

/** The values of a column by the ids of another one. */
export function cellsOf(table: Measured, id: string, column: ColumnProfile): Cells {
  return {
    table: table.open.part.name,
    id: columnOf(table, id),
    value: columnOf(table, column.name),
    separator: column.isList ? CELL_END : column.separator,
  };
}
