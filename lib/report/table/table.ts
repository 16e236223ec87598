/** A table as a plain object, before any format is chosen. */
import type { MeanSd } from '../../evidence/aggregate';
import type { Mean } from '../../evidence/means';
import { signed } from '../answer/answer';

/** `Mean`: a number with its interval, `+0.012 [−0.003, +0.027]`; `mark` as of `MeanSd`. */
export type Cell = string | number | MeanSd | (Mean & Pick<MeanSd, 'mark'>) | null;

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Default: left for columns of text, right for columns of numbers. */
  readonly align?: 'left' | 'right';
  /** Digits after the decimal point; default 0. */
  readonly digits?: number;
  /**
   * `percent`: 0.0942 as 9.42%; `plain`: neither rounded nor grouped, as an id; `short`: whole numbers whole, others in four
   * digits; `p`: <0.001 instead of 0; `signed`: with its sign; `fraction`: .736, without the zero.
   */
  readonly style?: 'decimal' | 'percent' | 'plain' | 'short' | 'p' | 'signed' | 'fraction';
  /** In the CSV alone. */
  readonly detail?: true;
  /** Values that are printed bold. */
  readonly best?: 'highest' | 'lowest';
}

/** Columns by their keys: the label, or the label and the digits of its numbers. */
export const columnsOf = (
  labels: Readonly<Record<string, string | readonly [label: string, digits: number]>>,
): Column[] =>
  Object.entries(labels).map(([key, about]) =>
    typeof about === 'string' ? { key, label: about } : { key, label: about[0], digits: about[1] },
  );

export interface Table {
  /** File stem. */
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly note?: string;
}

/** A cell ready to print, unescaped; `spread`: what stands behind `±`. */
export type PrintedCell = {
  readonly text: string;
  readonly bold: boolean;
  readonly spread?: string;
  readonly mark?: string;
};

/** The number of a cell, or null where the cell is text or empty. */
export function cellValue(cell: Cell = null): number | null {
  if (typeof cell === 'number') return cell;
  return isMeasured(cell) ? cell.mean : null;
}

/** Whether a number stands with its spread or its interval. */
export const isMeasured = (cell: Cell): cell is Exclude<Cell, string | number | null> =>
  cell !== null && typeof cell === 'object';

/** The table without the columns of the CSV alone, its cells as text, and the side at which each column is flush. */
export function laidOut(whole: Table) {
  const table = { ...whole, columns: whole.columns.filter(({ detail }) => !detail) };
  const sides = table.columns.map(({ key, align }): 'left' | 'right' => {
    const isNumeric = table.rows.some((row) => cellValue(row[key]) !== null);
    return align ?? (isNumeric ? 'right' : 'left');
  });
  return { table, cells: printCells(table), sides };
}

/** Every cell of the table as text, rows in order: numbers rounded, the best of a competing column bold. */
export function printCells(table: Table): PrintedCell[][] {
  const { columns, rows } = table;
  const winners = columns.map((column) => winner(table, column));
  return rows.map((row) => columns.map((column, i) => printCell(row[column.key], column, winners[i])));
}

function printCell(cell: Cell = null, column: Column, winner: string | null): PrintedCell {
  const value = cellValue(cell);
  if (value === null) return { text: typeof cell === 'string' ? cell : '–', bold: false };
  const print = (number: number) => formatNumber(number, column);
  const text = print(value);
  const bold = text === winner;
  if (!isMeasured(cell)) return { text, bold };
  const mark = cell.mark !== undefined && { mark: cell.mark };
  if ('low' in cell) return { text: `${text} [${print(cell.low)}, ${print(cell.high)}]`, bold, ...mark };
  return { text, bold, ...(cell.n > 1 && { spread: print(cell.sd) }), ...mark };
}

/** The best number of a column as it is printed: numbers that print alike are ties. */
function winner(table: Table, column: Column): string | null {
  const values = table.rows.flatMap((row) => cellValue(row[column.key]) ?? []);
  if (column.best === undefined || values.length < 2) return null;
  return formatNumber(column.best === 'highest' ? Math.max(...values) : Math.min(...values), column);
}

function formatNumber(value: number, { digits = 0, style = 'decimal' }: Column): string {
  if (!Number.isFinite(value)) return '–';
  if (style === 'short') return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
  if (style === 'plain') return String(value);
  if (style === 'p' && value < 0.5 * 10 ** -digits) return `<${(10 ** -digits).toFixed(digits)}`;
  if (style === 'signed') return signed(value, digits);
  if (style === 'fraction')
    return zeroUnsigned(value.toFixed(digits)).replace(/\b0\./, '.').replace('-', '−');
  const rounding = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return zeroUnsigned(value.toLocaleString('en', { style: style === 'p' ? 'decimal' : style, ...rounding }));
}

/** A number that is printed as zero has no sign. */
const zeroUnsigned = (text: string): string => (/[1-9]/.test(text) ? text : text.replace('-', ''));

/** `1.2%`, or from the least to the greatest; null without values. */
export function rangeOf(values: readonly number[], print: (value: number) => string): string | null {
  if (values.length === 0) return null;
  return [...new Set([Math.min(...values), Math.max(...values)].map(print))].join(' to ');
}

/** Of a share: 0.0942 as 9.42%, in three digits. */
export const percent = (share: number): string =>
  share.toLocaleString('en', { style: 'percent', maximumSignificantDigits: 3 });
