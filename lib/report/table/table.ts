/** A table as a plain object, before any format is chosen. */
import type { MeanSd } from '../../evidence/aggregate';
import { signed } from '../answer/answer';

/** A number with its interval: `+0.012 [−0.003, +0.027]`; `mark` as of `MeanSd`. */
export type Estimate = Readonly<Record<'value' | 'low' | 'high', number>> & { readonly mark?: string };

export type Cell = string | number | MeanSd | Estimate | null;

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
export function cellValue(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') return cell;
  if (isEstimate(cell)) return cell.value;
  return isMeanSd(cell) ? cell.mean : null;
}

export const isMeanSd = (cell: Cell | undefined): cell is MeanSd =>
  cell !== null && typeof cell === 'object' && 'mean' in cell;

export const isEstimate = (cell: Cell | undefined): cell is Estimate =>
  cell !== null && typeof cell === 'object' && 'value' in cell;

/** The table without the columns of the CSV alone. */
export const printed = (table: Table): Table => ({
  ...table,
  columns: table.columns.filter(({ detail }) => !detail),
});

/** Whether the column is set flush left or right. */
export function alignment(table: Table, column: Column): 'left' | 'right' {
  const numeric = table.rows.some((row) => cellValue(row[column.key]) !== null);
  return column.align ?? (numeric ? 'right' : 'left');
}

/** Every cell of the table as text, rows in order: numbers rounded, the best of a competing column bold. */
export function printCells(table: Table): PrintedCell[][] {
  const { columns, rows } = table;
  const winners = columns.map((column) => winner(table, column));
  return rows.map((row) => columns.map((column, i) => printCell(row[column.key], column, winners[i])));
}

function printCell(cell: Cell | undefined, column: Column, winner: string | null): PrintedCell {
  const value = cellValue(cell);
  if (value === null) return { text: typeof cell === 'string' ? cell : '–', bold: false };
  const print = (number: number) => formatNumber(number, column);
  const text = print(value);
  const bold = text === winner;
  if (isEstimate(cell)) {
    const { low, high, mark } = cell;
    return { text: `${text} [${print(low)}, ${print(high)}]`, bold, ...(mark !== undefined && { mark }) };
  }
  if (!isMeanSd(cell)) return { text, bold };
  const { n, sd, mark } = cell;
  return { text, bold, ...(n > 1 && { spread: print(sd) }), ...(mark !== undefined && { mark }) };
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

/** Of a share: 0.0942 as 9.42%, in three digits. */
export const percent = (share: number): string =>
  share.toLocaleString('en', { style: 'percent', maximumSignificantDigits: 3 });
