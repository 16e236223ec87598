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

const SHOWN_ROWS = 200;

export function fromArquero(frame: ArqueroTable): Table {
  const names = frame.columnNames();
  return frameTable(names, frame.numRows(), (row) => names.map((name) => frame.get(name, row)));
}

/** Where rows have names, these come first. */
export function fromDanfo({ columns, index, values, shape: [length] }: DanfoFrame): Table {
  const cells = (row: number) => [values[row]].flat();
  return index.every((name, row) => name === row)
    ? frameTable(columns, length, cells)
    : frameTable(['index', ...columns], length, (row) => [index[row], ...cells(row)]);
}

type Rows = (row: number) => readonly unknown[];

function frameTable(names: readonly string[], length: number, cells: Rows): Table {
  const shown = Math.min(length, SHOWN_ROWS);
  const keys = names.map((name, column) => (names.indexOf(name) === column ? name : `${name} ${column}`));
  const rowOf = (_: unknown, row: number) =>
    Object.fromEntries(cells(row).map((cell, column) => [keys[column], frameCell(cell)]));
  const note = `The first ${shown} of ${length} rows, which alone are sorted and copied.`;
  return {
    ...{ name: 'frame', caption: `${length} rows` },
    columns: names.map((label, column) => ({ key: keys[column], label, style: 'short' })),
    rows: Array.from({ length: shown }, rowOf),
    ...(shown < length && { note }),
  };
}

const frameCell = (value: unknown): Cell =>
  typeof value === 'number' ? value : value === null || value === undefined ? null : String(value);
