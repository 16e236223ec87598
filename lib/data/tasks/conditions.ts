import type { ColumnTable } from 'arquero';
import { UserError } from '../../base/userError';
import type { Condition } from '../card/taskSpecs';
import { quoted } from '../card/textFile';
import type { Cell } from '../loading/dataset';

/** Whether a cell meets a condition of the card; a sequence does if any of its values does. */
export function meets(cell: Cell, condition: Condition): boolean {
  const values: readonly (string | number)[] = typeof cell === 'object' ? cell : [cell];
  if (Array.isArray(condition))
    return condition.some((wanted) => values.some((value) => same(value, wanted)));
  const { from = -Infinity, to = Infinity } = condition;
  return values.some((value) => value !== '' && Number(value) >= from && Number(value) <= to);
}

/** Ages and years are often tokens: 21 in the card is "21" in the file. */
function same(value: string | number, wanted: string | number): boolean {
  return typeof value === 'number' ? value === Number(wanted) : value === String(wanted);
}

/** Throws a UserError where users or items have neither a file nor a field that a task of the card names. */
export function requireTable(table: ColumnTable | undefined, key: string): ColumnTable {
  if (table !== undefined) return table;
  throw new UserError(
    `${key}: expected fields that tasks of the card name: without a file of their own no others are read`,
  );
}

/** The cells of a field named in the card at `key`. Throws a UserError for an unknown field. */
export function fieldCells(table: ColumnTable, field: string, key: string): readonly Cell[] {
  const fields = table.columnNames();
  if (fields.includes(field)) return Array.from(table.array(field) as ArrayLike<Cell>);
  throw new UserError(`${key}: expected one of the fields ${fields.join(', ')}, found ${quoted(field)}`);
}
