import type { Cell, Table } from './table';

/** An Arquero table, as far as it is shown. */
export interface ArqueroTable {
  columnNames(): string[];
  numRows(): number;
  get(column: string, row: number): unknown;
}

/** A Danfo frame, or a series, whose values are cells; as far as it is shown. */
export interface DanfoFrame {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: readonly unknown[];
  readonly shape: readonly number[];
}

/** Rows of a frame that are shown; the note counts the rest. */
const SHOWN_ROWS = 200;

/** The first rows of an Arquero table as a table to show. */
export function fromArquero(frame: ArqueroTable): Table {
  const names = frame.columnNames();
  return frameTable(names, frame.numRows(), (row, column) => frame.get(names[column], row));
}

/** The first rows of a Danfo frame or series as a table to show; where the rows have names, these come first. */
export function fromDanfo({ columns, index, values, shape }: DanfoFrame): Table {
  const cells = (row: number): readonly unknown[] => {
    const own = values[row];
    return Array.isArray(own) ? own : [own];
  };
  if (index.every((name, row) => name === row))
    return frameTable(columns, shape[0], (row, column) => cells(row)[column]);
  return frameTable([INDEX, ...columns], shape[0], (row, column) =>
    column === 0 ? index[row] : cells(row)[column - 1],
  );
}

/** What a frame's names of rows are called. */
const INDEX = 'index';

function frameTable(
  names: readonly string[],
  length: number,
  value: (row: number, column: number) => unknown,
): Table {
  const shown = Math.min(length, SHOWN_ROWS);
  const keys = names.map((name, column) => (names.indexOf(name) === column ? name : `${name} ${column}`));
  const rows = Array.from({ length: shown }, (_, row) =>
    Object.fromEntries(keys.map((key, column) => [key, frameCell(value(row, column))])),
  );
  return {
    name: 'frame',
    caption: `${length} rows`,
    columns: names.map((name, column) => ({ key: keys[column], label: name, style: 'short' })),
    rows,
    ...(shown < length ? { note: `The first ${shown} of ${length} rows, which alone are sorted.` } : {}),
  };
}

function frameCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' ? value : String(value);
}
