import { type ColumnTable, table } from 'arquero';
import type { FieldType } from '../reading/formats/layout';
import type { TextTable } from '../reading/formats/reading';

/** A value of the users or items table. */
export type Cell = string | number | readonly string[] | readonly number[];

/** The users or items as a table. Columns: token string[], token_seq string[][], float Float64Array (NaN where there is none), float_seq number[][]. */
export function profileTable({ fields, separator, columns }: TextTable): ColumnTable {
  return table(
    fields.map(({ name, type }, c): [string, ArrayLike<Cell>] => [
      name,
      cellsOf(type, columns[c], separator),
    ]),
  );
}

function cellsOf(type: FieldType, texts: readonly string[], separator: string): ArrayLike<Cell> {
  if (type === 'float') return Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)));
  if (type === 'token_seq') return texts.map((text) => words(text, separator));
  if (type === 'float_seq') return texts.map((text) => words(text, separator).map(Number));
  return texts;
}

function words(text: string, separator: string): string[] {
  return text.split(separator).filter((word) => word !== '');
}
