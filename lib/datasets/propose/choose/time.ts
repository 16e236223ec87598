import { UserError } from '../../../userError';
import { quoted } from '../../card/textFile';
import type { ColumnProfile, Reason, TableProfile, TimeFormat } from './profile';
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

/**
 * The column of times, by content and name, and of such that are alike the one with fewer empty cells; without one the order
 * of the file is that of time.
 */
export function chooseTime(columns: readonly ColumnProfile[]): ChosenTime {
  const [best, ...rest] = columns
    .map((column) => ({ column, score: timeColumnScore(column) }))
    .filter(({ score }) => score >= 2)
    .sort(
      (a, b) => b.score - a.score || b.column.filled - a.column.filled || b.column.rising - a.column.rising,
    );
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

/** Numbers that are no times but parts of one, by what a column of them alone is called. */
const PARTS = /^(year|month|day|hour|minute|second)s?$/i;
const hasClock = (format: string) => /%[HI]/.test(format);
/** A day without a time of day, YYYY-MM-DD. */
const DAY_LENGTH = 10;

/** Throws a UserError where the times of a table cannot be what was chosen: they would put the rows into a wrong order. */
export function requireTime(table: TableProfile, time: string | null): void {
  const chosen = table.columns.find(({ name }) => name === time);
  const doubt = chosen === undefined ? unread(table) : partial(table, chosen);
  if (doubt === undefined) return;
  throw new UserError(
    `${table.label}${doubt}; or write "columns": { "user": …, "item": …, "time": … } into a dataset.json beside it, with null for the order of the file, and run this again`,
  );
}

/** A column that is called a time and is none that can be read. */
function unread({ columns, name: file, hasHeader }: TableProfile): string | undefined {
  const called = columns.find(
    ({ name, isList, filled }) =>
      !isList &&
      filled > 0 &&
      timeScore(name) >= 2 &&
      nameScore(name, 'user') + nameScore(name, 'item') === 0,
  );
  if (called === undefined) return undefined;
  const { name, odd, filled, rows } = called;
  const line = odd && !file.includes('*') ? `, line ${odd.row + (hasHeader ? 1 : 0)}` : '';
  const others = filled < 0.5 * rows ? 'mostly empty cells' : 'numbers and dates';
  const expected = 'expected times as its name says, all of them numbers, ISO dates or of one usual format';
  return `${line}, column ${name}: ${expected}, found ${odd ? quoted(odd.cell) : others}: write them so`;
}

/** What is missing of times: a clock that stands in a column of its own, parts of a date, one unit for all. */
function partial({ columns }: TableProfile, time: ColumnProfile): string | undefined {
  const { name, dates, numbers, length, formats, least, greatest } = time;
  const isDay = dates >= MOSTLY ? length <= DAY_LENGTH : formats.length > 0 && !hasClock(formats[0].format);
  const clock = columns.find(({ clocks }) => clocks >= MOSTLY);
  if (isDay && clock)
    return `: expected times in one column, found the day in ${name} and the time of day in ${clock.name}: join them`;
  const parts = columns.filter((column) => PARTS.test(column.name) && column.numbers >= MOSTLY);
  if (PARTS.test(name) && parts.length > 1)
    return `: expected times in one column, found ${parts.map((part) => part.name).join(', ')}: join them`;
  if (numbers >= MOSTLY && dates < MOSTLY && least >= 3.1e8 && greatest >= 100 * least)
    return `, column ${name}: expected times in one unit, found numbers from ${least} to ${greatest}: write all in seconds or all in milliseconds`;
  return undefined;
}

/** The columns that come into question beside the one that was chosen. */
export function wouldDo(columns: readonly ColumnProfile[]): string {
  return columns.length === 0 ? '' : `; possible as well: ${columns.map(({ name }) => name).join(', ')}`;
}
