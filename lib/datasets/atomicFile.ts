import { basename } from 'node:path';
import { type ColumnTable, table } from 'arquero';
import type { Dropped } from './dropped';
import { type Flaw, flawAt, quoted, readLines, widthFlaw } from './textFile';

/**
 * Reader of RecBole's atomic files: tab-separated, first line a typed header such as
 * `user_id:token item_id:token timestamp:float`. Quotes have no meaning; a sequence is separated by spaces.
 */

export type Cell = string | number | readonly string[] | readonly number[];
type FieldType = 'token' | 'token_seq' | 'float' | 'float_seq';
interface Field {
  readonly name: string;
  readonly type: FieldType;
}

export interface AtomicFormat {
  /** Fields that the file must have, with their types; none of their cells may be empty. */
  readonly required: Readonly<Record<string, FieldType>>;
  /** A field whose value may occur once only. */
  readonly unique?: string;
  readonly onBadRow: 'error' | 'drop';
}

export interface AtomicTable {
  /** Columns: token string[], token_seq string[][], float Float64Array, float_seq number[][]. */
  readonly table: ColumnTable;
  /** Bad rows, by what was expected. Empty unless `onBadRow` is 'drop'. */
  readonly dropped: readonly Dropped[];
}

/** Reads a file; a wrong header, and a bad row unless these are dropped, is a UserError naming file, line and column. */
export function readAtomicFile(file: string, format: AtomicFormat): AtomicTable {
  const [header = '', ...rows] = readLines(file);
  const fields = parseHeader(file, header, format.required);
  const flawIn = rowCheck(fields, format);
  const columns: Cell[][] = fields.map(() => []);
  const badRows = new Map<string, number>();
  rows.forEach((row, n) => {
    const cells = row.split('\t');
    const flaw = flawIn(cells, n + 2);
    if (flaw === undefined) {
      for (let c = 0; c < cells.length; c++) columns[c].push(PARSERS[fields[c].type](cells[c]));
    } else if (format.onBadRow === 'error') throw flawAt(file, n + 2, flaw);
    else countBadRow(badRows, flaw);
  });
  if (columns[0].length === 0) {
    throw flawAt(file, 2, { column: fields[0].name, expected: 'at least one row', found: 'none' });
  }
  return { table: toTable(fields, columns), dropped: notes(file, badRows) };
}

function parseHeader(file: string, header: string, required: AtomicFormat['required']): Field[] {
  const fields = header.split('\t').map((cell, c) => parseField(file, cell, c + 1));
  const typeOf = new Map(fields.map(({ name, type }) => [name, type]));
  for (const [name, type] of Object.entries(required)) {
    const found = typeOf.get(name);
    if (found !== type)
      throw flawAt(file, 1, { column: name, expected: `${name}:${type}`, found: found ?? 'none' });
  }
  const repeated = fields.find(({ name }, c) => fields.findIndex((field) => field.name === name) < c);
  if (repeated === undefined) return fields;
  throw flawAt(file, 1, { column: repeated.name, expected: 'each field once', found: 'it twice' });
}

function parseField(file: string, cell: string, column: number): Field {
  const match = /^([^:\s]+):(token|token_seq|float|float_seq)$/.exec(cell);
  if (match) return { name: match[1], type: match[2] as FieldType };
  const expected = 'NAME:TYPE with type token, token_seq, float or float_seq';
  throw flawAt(file, 1, { column: String(column), expected, found: quoted(cell) });
}

/** What is wrong with a row, if anything; remembers the ids of earlier rows where a field is unique. */
function rowCheck(fields: readonly Field[], { required, unique }: AtomicFormat) {
  const names = fields.map(({ name }) => name);
  const idColumn = unique === undefined ? -1 : names.indexOf(unique);
  const firstLine = new Map<string, number>();
  return (cells: readonly string[], line: number): Flaw | undefined => {
    const flaw = widthFlaw(cells, names) ?? cellFlaw(cells, fields, required);
    if (flaw !== undefined || idColumn < 0) return flaw;
    const id = cells[idColumn];
    const earlier = firstLine.get(id);
    if (earlier === undefined) firstLine.set(id, line);
    return earlier === undefined ? undefined : repeatedId(names[idColumn], id, earlier);
  };
}

function cellFlaw(
  cells: readonly string[],
  fields: readonly Field[],
  required: AtomicFormat['required'],
): Flaw | undefined {
  for (let c = 0; c < cells.length; c++) {
    const { name, type } = fields[c];
    const expected = cells[c] === '' && Object.hasOwn(required, name) ? 'a value' : SYNTAX[type](cells[c]);
    if (expected !== undefined) return { column: name, expected, found: quoted(cells[c]) };
  }
  return undefined;
}

function repeatedId(column: string, id: string, earlier: number): Flaw {
  return { column, expected: 'each id once', found: `${quoted(id)} again (first on line ${earlier})` };
}

/** What a cell of a type had to be, where it is not. */
const SYNTAX: Record<FieldType, (text: string) => string | undefined> = {
  token: () => undefined,
  token_seq: () => undefined,
  float: (text) => (isNumber(text) ? undefined : 'a number'),
  float_seq: (text) => (words(text).every(isNumber) ? undefined : 'numbers separated by spaces'),
};

const PARSERS: Record<FieldType, (text: string) => Cell> = {
  token: (text) => text,
  token_seq: words,
  float: Number,
  float_seq: (text) => words(text).map(Number),
};

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function toTable(fields: readonly Field[], columns: readonly Cell[][]): ColumnTable {
  const entries = fields.map(({ name, type }, c): [string, ArrayLike<Cell>] => [
    name,
    type === 'float' ? Float64Array.from(columns[c] as number[]) : columns[c],
  ]);
  return table(entries);
}

function countBadRow(badRows: Map<string, number>, { column, expected }: Flaw): void {
  const why = `column ${column}: expected ${expected}`;
  badRows.set(why, (badRows.get(why) ?? 0) + 1);
}

function notes(file: string, badRows: ReadonlyMap<string, number>): Dropped[] {
  return [...badRows].map(([why, count]) => ({ what: `rows of ${basename(file)}`, why, count }));
}
