import { UserError } from '../../../userError';
import { quoted } from '../../card/textFile';
import type { ColumnProfile, Reason, TableProfile, TimeFormat } from './profile';
import { isUnique } from './unique';
import { nameScore, timeScore, tokensOf } from './words';

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
  const [best, ...rest] = rankedTimes(columns);
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

interface Candidate {
  readonly column: ColumnProfile;
  readonly score: number;
}

/** Numbers without a name that says what they are may be ids as well, but ids come again. */
function rankedTimes(columns: readonly ColumnProfile[]): Candidate[] {
  const once = ({ column }: Candidate) => Number(isUnnamed(column) && isUnique(column));
  return columns
    .map((column) => ({ column, score: timeColumnScore(column) }))
    .filter(({ score }) => score >= 2)
    .sort(
      (a, b) =>
        b.score - a.score ||
        once(b) - once(a) ||
        b.column.filled - a.column.filled ||
        b.column.rising - a.column.rising,
    );
}

/** Whether only the size of its numbers says that a column is one of times. */
const isUnnamed = ({ name, numbers, dates }: ColumnProfile) =>
  numbers >= MOSTLY && dates < MOSTLY && timeScore(name) === 0;

/** The columns that are times as likely as the chosen one and may be ids as well: nothing tells which is which. */
function alikeTimes(columns: readonly ColumnProfile[]): ColumnProfile[] {
  const [best, ...rest] = rankedTimes(columns);
  if (best === undefined || !isUnnamed(best.column)) return [];
  const others = rest.filter(
    ({ column, score }) =>
      score === best.score && isUnnamed(column) && isUnique(column) === isUnique(best.column),
  );
  return others.length === 0 ? [] : [best, ...others].map(({ column }) => column);
}

/** Throws a UserError where several columns may be the one of times, and taking one for it would make ids of the others. */
export function requireOneTime({ label, columns }: TableProfile): void {
  const alike = alikeTimes(columns);
  if (alike.length === 0) return;
  const names = columns.flatMap(({ name }) => (alike.some((other) => other.name === name) ? [name] : []));
  throw new UserError(
    `${label}: expected one column of times, found ${names.join(', ')} alike, numbers that may be ids or seconds since 1970: ${WAY}, and run this again`,
  );
}

const WAY = 'write "columns": { "user": …, "item": …, "time": … } into a dataset.json beside it';

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

/** Whether nearly all are: a missing time may be written as 0. */
function isSinceEpoch({ epochs, distinct, rows }: ColumnProfile): boolean {
  const isMany = distinct > FEW || distinct > rows / 4;
  return isMany && epochs.reduce((sum, share) => sum + share, 0) >= MOSTLY;
}

const UNITS = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];

function formOf({ dates, numbers, epochs }: ColumnProfile): string {
  if (dates >= MOSTLY) return 'ISO dates';
  if (numbers < MOSTLY) return 'dates';
  const unit = UNITS[epochs.findIndex((share) => share >= MOSTLY)] ?? 'numbers';
  return `${unit}, of which only the order counts`;
}

/** What numbers are called that are no times but parts of one, and the greatest that one has. */
const PARTS: Readonly<Record<string, number>> = {
  year: 2100,
  month: 12,
  day: 366,
  hour: 24,
  minute: 59,
  second: 59,
};

/** Whether a column has a part of a time that may stand beside others: date_hour, but not hours with a fraction. */
function isPart({ name, numbers, wholes, dates, greatest }: ColumnProfile): boolean {
  const [last = ''] = tokensOf(name).slice(-1);
  const isWhole = numbers >= MOSTLY && wholes === numbers && dates < MOSTLY;
  return isWhole && Object.hasOwn(PARTS, last) && greatest <= PARTS[last] && timeScore(name) >= 0;
}

/** Whether times are numbers of days: counted, or written as 20201231. */
function isDayNumber({ name, numbers, dates, least, greatest }: ColumnProfile): boolean {
  const isCompact = least >= 19_000_101 && greatest <= 21_001_231;
  return numbers >= MOSTLY && dates < MOSTLY && (isCompact || tokensOf(name).includes('day'));
}

/** The last quarter of a day in hours, as hhmm and hhmmss, in seconds and in milliseconds. */
const EVENINGS = [
  [18, 24],
  [1800, 2400],
  [180_000, 240_000],
  [64_800, 86_400],
  [64_800_000, 86_400_000],
] as const;

/** Whether a column has times of day: written with colons, or as numbers that are called so and end with a day. */
function isClock({ name, clocks, numbers, wholes, least, greatest }: ColumnProfile): boolean {
  if (clocks >= MOSTLY) return true;
  const isCalled = timeScore(name) >= 0 && tokensOf(name).some((token) => /^(hour|time$)/.test(token));
  const isWhole = numbers >= MOSTLY && wholes === numbers;
  return (
    isCalled && isWhole && least >= 0 && EVENINGS.some(([from, to]) => greatest >= from && greatest <= to)
  );
}

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

const FORMATTED = ', or say how they are written, as "timeFormat": "%d/%m/%Y %H:%M" does';

const isCalledTime = (name: string) =>
  timeScore(name) >= 2 && nameScore(name, 'user') + nameScore(name, 'item') === 0;

/** A column that is called a time and is none that can be read. */
function unread({ columns, nested, name: file }: TableProfile): string | undefined {
  const called = columns.find(({ name, isList, filled }) => !isList && filled > 0 && isCalledTime(name));
  const around = nested.find(isCalledTime);
  if (called === undefined && around !== undefined)
    return `, column ${around}: expected times as its name says, found objects: write what they hold in their place`;
  if (called === undefined) return undefined;
  const { name, odd, filled, rows } = called;
  const line = odd && !file.includes('*') ? `, line ${odd.line}` : '';
  const others = filled < 0.5 * rows ? 'mostly empty cells' : 'numbers and dates';
  const expected = 'expected times as its name says, all of them numbers, ISO dates or of one usual format';
  return `${line}, column ${name}: ${expected}, found ${odd ? quoted(odd.cell) : others}: write them so${odd ? FORMATTED : ''}`;
}

/** What is missing of times: a clock that stands in a column of its own, parts of a date, one unit for all. */
function partial({ columns }: TableProfile, time: ColumnProfile): string | undefined {
  const { name, dates, length, formats, least, greatest, epochs } = time;
  const isDate = dates >= MOSTLY ? length <= DAY_LENGTH : formats.length > 0 && !hasClock(formats[0].format);
  const clock = columns.find((column) => column !== time && isClock(column));
  if ((isDate || isDayNumber(time)) && clock)
    return `: expected times in one column, found the day in ${name} and the time of day in ${clock.name}: join them`;
  const parts = columns.filter(isPart);
  if (isPart(time) && parts.length > 1)
    return `: expected times in one column, found ${parts.map((part) => part.name).join(', ')}: join them`;
  if (isSinceEpoch(time) && epochs.filter((share) => share > 0).length > 1)
    return `, column ${name}: expected times in one unit, found numbers from ${least} to ${greatest}: write all in seconds or all in milliseconds`;
  return undefined;
}

/** The columns that come into question beside the one that was chosen. */
export function wouldDo(columns: readonly ColumnProfile[]): string {
  return columns.length === 0 ? '' : `; possible as well: ${columns.map(({ name }) => name).join(', ')}`;
}
