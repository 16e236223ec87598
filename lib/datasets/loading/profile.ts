import { type ColumnTable, table } from 'arquero';
import type { FieldType } from '../reading/formats/layout';
import type { TextTable } from '../reading/formats/reading';

/** A value of the users or items table. */
export type Cell = string | number | readonly string[] | readonly number[];

/**
 * The users or items as a table. Columns: token string[], token_seq string[][], float Float64Array (NaN where there is none),
 * float_seq number[][]. Numbers of which a double would make others, such as long codes, stay texts.
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
  if (type === 'float' && texts.every(isHeld))
    return Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)));
  if (!type.endsWith('_seq')) return texts;
  const lists = texts.map((text) => words(text, separator));
  return type === 'float_seq' && lists.flat().every(isHeld) ? lists.map((list) => list.map(Number)) : lists;
}

/** Whether a double holds a number: not one beyond its range, nor a row of digits of which it would make another. */
function isHeld(text: string): boolean {
  const number = Number(text);
  return Number.isFinite(number) && (!/^[+-]?\d{16,}$/.test(text) || BigInt(number) === wholeOf(text));
}

/** A row of digits that may have a sign. */
function wholeOf(text: string): bigint {
  const digits = BigInt(text.replace(/^[+-]/, ''));
  return text.startsWith('-') ? -digits : digits;
}

function words(text: string, separator: string): string[] {
  return text.split(separator).filter((word) => word !== '');
}
