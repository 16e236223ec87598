import type { ColumnProfile, Reason, TimeFormat } from './profile';
import { nameScore, timeScore } from './words';

/** Of nearly all cells. */
export const MOSTLY = 0.9;
/** A column of ids or times has more values than a column of stars. */
export const FEW = 12;

interface ChosenTime {
  readonly column: ColumnProfile | undefined;
  readonly format: string | undefined;
  readonly reasons: readonly Reason[];
}

/** The column of times, by content and name; without one the order of the file is that of time. */
export function chooseTime(columns: readonly ColumnProfile[]): ChosenTime {
  const [best, ...rest] = columns
    .map((column) => ({ column, score: timeColumnScore(column) }))
    .filter(({ score }) => score >= 2)
    .sort((a, b) => b.score - a.score || b.column.rising - a.column.rising);
  if (best === undefined)
    return {
      column: undefined,
      format: undefined,
      reasons: [{ what: 'time: null', why: 'no column of times, so the order of the file is that of time' }],
    };
  const { column } = best;
  const what = `time: ${column.name}`;
  const why = `${formOf(column)}${wouldDo(rest.map((other) => other.column))}`;
  const formats = column.dates >= MOSTLY ? [] : column.formats;
  const reasons = [{ what, why }, ...(formats.length > 0 ? [formatReason(formats)] : [])];
  return { column, format: formats[0]?.format, reasons };
}

function formatReason([{ format, rising }, ...others]: readonly TimeFormat[]): Reason {
  const what = `timeFormat: ${format}`;
  const why = 'reads what is neither a number nor an ISO date';
  if (others.length === 0) return { what, why };
  const names = others.map((other) => other.format).join(', ');
  const isTold = others.every((other) => other.rising < rising);
  const told = isTold ? 'the file rises along this one' : 'nothing tells them apart, so look which it is';
  return { what, why: `${why}; possible as well: ${names}, but ${told}` };
}

/** By content first: dates, then numbers that are seconds, or fractions of one, since 1970; then by name. */
function timeColumnScore(column: ColumnProfile): number {
  const { name, isList, filled, rows, dates, numbers, formats } = column;
  if (isList || filled < 0.5 * rows || nameScore(name, 'user') > 2 || nameScore(name, 'item') > 2) return 0;
  const byName = timeScore(name);
  if (dates >= MOSTLY || (formats.length > 0 && numbers < MOSTLY)) return 4 + byName;
  if (numbers < MOSTLY) return 0;
  return (isSinceEpoch(column) ? 3 : 0) + byName;
}

/** From 1980 to 2096, in seconds, milli-, micro- or nanoseconds. */
function isSinceEpoch({ least, greatest, distinct, rows }: ColumnProfile): boolean {
  const isMany = distinct > FEW || distinct > rows / 4;
  return isMany && [1, 1e3, 1e6, 1e9].some((unit) => least >= 3.1e8 * unit && greatest < 4e9 * unit);
}

function formOf({ dates, numbers, greatest }: ColumnProfile): string {
  if (dates >= MOSTLY) return 'ISO dates';
  if (numbers < MOSTLY) return 'dates';
  const units = [
    [4e9, 'seconds'],
    [4e12, 'milliseconds'],
    [4e15, 'microseconds'],
  ] as const;
  const unit =
    greatest < 3.1e8 ? 'numbers' : (units.find(([limit]) => greatest < limit)?.[1] ?? 'nanoseconds');
  return `${unit}, of which only the order counts`;
}

/** The columns that come into question beside the one that was chosen. */
export function wouldDo(columns: readonly ColumnProfile[]): string {
  return columns.length === 0 ? '' : `; possible as well: ${columns.map(({ name }) => name).join(', ')}`;
}
