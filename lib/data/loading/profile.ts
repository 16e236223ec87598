import { type ColumnTable, table } from 'arquero';
import type { FieldType } from '../reading/formats/layout';
import type { TextTable } from '../reading/formats/reading';

/** A value of the users or items table. */
export type Cell = string | number | readonly string[] | readonly number[];

/**
 * The users or items as a table. Columns: token string[], token_seq string[][], float Float64Array (NaN: missing),
 * float_seq number[][]. Numbers that a double would round, such as long codes, stay texts.
 */
export function profileTable({ fields, separator, columns }: TextTable): ColumnTable {
  return table(
    fields.map(({ name, type }, c): [string, ArrayLike<Cell>] => [
      name,
      cellsOf(type, columns[c], separator),
    ]),
  );
}

function cellsOf(type: FieldType, texts: readonly string[], separator: string): ArrayLike<Cell> {
  if (type === 'float' && texts.every(fitsDouble))
    return Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)));
  if (!type.endsWith('_seq')) return texts;
  const lists = texts.map((text) => text.split(separator).filter((word) => word !== ''));
  return type === 'float_seq' && lists.flat().every(fitsDouble)
    ? lists.map((list) => list.map(Number))
    : lists;
}

/** Whether a double holds a number: in its range, and of 16 digits and more without rounding. */
function fitsDouble(text: string): boolean {
  const number = Number(text);
  return Number.isFinite(number) && (!/^[+-]?\d{16,}$/.test(text) || BigInt(number) === BigInt(text));
}
