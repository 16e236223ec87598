import { UserError } from '../../userError';
import { quoted } from '../card/textFile';
import { type Column, MOSTLY, type Table } from './measure';
import { isAttributeName, isMeasureName, nameScore, timeScore, tokensOf } from './words';

/** One line of what a proposal says for itself. */
export interface Reason {
  readonly what: string;
  readonly why: string;
}

/** Which columns of a table are user, item and time. */
export interface Roles {
  readonly user: string;
  readonly item: string;
  /** Null for the order of the file. */
  readonly time: string | null;
  readonly timeFormat?: string | undefined;
  readonly reasons: readonly Reason[];
}

type Looked = Pick<Table, 'label' | 'rows' | 'header' | 'columns'>;

/** A column of ids or times has more values than a column of stars. */
const FEW = 12;

const ASKED =
  'write "columns": { "user": …, "item": …, "time": … } into a dataset.json beside it and run this again';

/**
 * Chooses by names, then by contents; of an item and its group the one of which another table has one row each
 * (`described`). Throws a UserError that asks for `columns` or `timeFormat` where nothing tells columns apart.
 */
export function chooseRoles(table: Looked, described: readonly string[] = []): Roles {
  const ids = chooseIds(table, described);
  const { time, timeFormat, reason } = chooseTime(table);
  return { ...ids, time, timeFormat, reasons: [...ids.reasons, reason] };
}

/** Whether a table has a column of users and one of items, each of whose values comes again. */
export function hasInteractions(table: Looked): boolean {
  try {
    const { user, item } = chooseIds(table, []);
    return [user, item].every(
      (name) =>
        !isUnique(
          table.columns.find((c) => c.name === name),
          table.rows,
        ),
    );
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Whether hardly a value of a column comes again. */
export const isUnique = (column: Column | undefined, rows: number) =>
  column !== undefined && column.distinct >= 0.95 * rows;

function chooseIds(table: Looked, described: readonly string[]): Pick<Roles, 'user' | 'item' | 'reasons'> {
  const time = timesIn(table)[0]?.column.name;
  const candidates = table.columns.filter((column) => column.name !== time && isIdLike(column, table.rows));
  const user = chooseId(table, candidates, 'user', described);
  const others = candidates.filter(({ name }) => name !== user.name);
  const item = chooseId(table, others, 'item', described);
  return { user: user.name, item: item.name, reasons: [user.reason, item.reason] };
}

function isIdLike(column: Column, rows: number): boolean {
  const { name, isList, filled, distinct, numbers, wholes, dates, length } = column;
  const isNamed = nameScore(name, 'user') + nameScore(name, 'item') > 0;
  const isDecimal = numbers > MOSTLY && wholes < numbers;
  const isFilled = filled >= (isNamed ? 0.5 : MOSTLY) * rows;
  return !isList && isFilled && distinct >= 2 && !isDecimal && dates < MOSTLY && length <= 64;
}

function chooseId(
  table: Looked,
  candidates: readonly Column[],
  role: 'user' | 'item',
  described: readonly string[],
): { readonly name: string; readonly reason: Reason } {
  const other = role === 'user' ? 'item' : 'user';
  const named = candidates
    .map((column) => ({ column, score: idScore(column, table.rows, role) }))
    .filter(({ column, score }) => score > 0 && score >= nameScore(column.name, other))
    .sort((a, b) => b.score - a.score || b.column.distinct - a.column.distinct);
  if (named.length === 0) {
    const unnamed = candidates.filter((column) => isUnnamedId(column, table.rows, other));
    return byPlace(table, unnamed, role);
  }
  const [{ column: best, score }, ...rest] = named;
  const near = rest.filter((each) => each.score >= score - 1 && each.column.distinct > FEW);
  const group = near.find(({ column: { name } }) => described.includes(name) && name.endsWith(best.name));
  const isGrouped = group !== undefined && !described.includes(best.name);
  const column = isGrouped ? group.column : best;
  const possible = [best, ...near.map((each) => each.column)].filter((each) => each !== column);
  const why = `by its name${isGrouped ? ' and another file' : ''}, ${count(column.distinct)} values`;
  return reasonFor(role, column, `${why}${possibleToo(possible)}`);
}

const reasonFor = (role: string, { name }: Column, why: string) => ({
  name,
  reason: { what: `${role}: ${name}`, why },
});

const possibleToo = (columns: readonly Column[]) =>
  columns.length === 0 ? '' : `; possible as well: ${columns.map(({ name }) => name).join(', ')}`;

const count = (number: number) => number.toLocaleString('en-US');

/** A column whose values all differ would be of users or items with one interaction each. */
const idScore = (column: Column, rows: number, role: 'user' | 'item') =>
  nameScore(column.name, role) - (isUnique(column, rows) && rows > FEW ? 3 : 0);

function isUnnamedId(column: Column, rows: number, other: 'user' | 'item'): boolean {
  const { name } = column;
  if (nameScore(name, other) > 0 || isMeasureName(name) || isAttributeName(name)) return false;
  return hasMany(column, rows) && !(isUnique(column, rows) && rows > FEW);
}

const hasMany = ({ distinct }: Column, rows: number) => distinct > FEW || distinct > rows / 4;

/** Without a name that says it: users stand before items in nearly every published log. */
function byPlace({ label, header, columns }: Looked, candidates: readonly Column[], role: 'user' | 'item') {
  const most = header ? Infinity : role === 'user' ? 2 : 1;
  const names = (candidates.length > 0 ? candidates : columns).map(({ name }) => name).join(', ');
  const found = candidates.length > 0 ? `${names} alike` : `none among ${names}`;
  if (candidates.length === 0 || candidates.length > most)
    throw new UserError(`${label}: expected a column of ${role}s, found ${found}: ${ASKED}`);
  const [column, ...rest] = candidates;
  const others = rest.length > 0 ? ` before ${rest.map(({ name }) => name).join(', ')}` : '';
  return reasonFor(
    role,
    column,
    `by its place alone${others}, ${count(column.distinct)} values: look whether that is so`,
  );
}

interface Chosen {
  readonly time: string | null;
  readonly timeFormat?: string | undefined;
  readonly reason: Reason;
}

/** Without a column of times the order of the file is that of time. */
function chooseTime(table: Looked): Chosen {
  const { label, columns } = table;
  const [best, ...rest] = timesIn(table);
  if (best === undefined) {
    requireNoneCalled(table);
    return {
      time: null,
      reason: { what: 'time: null', why: 'no column of times: the order of the file counts' },
    };
  }
  const alike = rest.filter(({ score }) => score === UNNAMED && best.score === UNNAMED);
  const also = alike.length > 0 ? alike.map(({ column }) => column) : otherParts(best.column, columns);
  const names = [best.column, ...also].map(({ name }) => name).join(', ');
  if (also.length > 0)
    throw new UserError(`${label}: expected times in one column, found ${names}: join them, or ${ASKED}`);
  const { name, dates, formats, epochs } = best.column;
  const units = UNITS.filter((_, unit) => epochs[unit] > 0).join(' and ');
  if (isSinceEpoch(best.column, table.rows) && units.includes('and'))
    throw new UserError(
      `${label}, column ${name}: expected times in one unit, found ${units}: write all in one`,
    );
  const isFormatted = dates < MOSTLY && formats.length > 0;
  if (isFormatted && formats.length > 1)
    throw new UserError(
      `${label}, column ${name}: expected one format of times, found ${formats.join(', ')} alike: write "timeFormat": "${formats[0]}" or another into a dataset.json beside it and run this again`,
    );
  const form =
    dates >= MOSTLY ? 'ISO dates' : isFormatted ? `dates as ${formats[0]}` : `${units || 'numbers'}`;
  const why = `${form}${possibleToo(rest.map(({ column }) => column))}`;
  return {
    time: name,
    timeFormat: isFormatted ? formats[0] : undefined,
    reason: { what: `time: ${name}`, why },
  };
}

const UNITS = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];

/** The score of numbers that are times by their size alone: they may be ids. */
const UNNAMED = 3;

/** The columns of times, the likeliest first; of equals the one with fewer empty cells. */
function timesIn({ columns, rows }: Looked) {
  return columns
    .map((column) => ({ column, score: timeColumnScore(column, rows) }))
    .filter(({ score }) => score >= 2)
    .sort((a, b) => b.score - a.score || b.column.filled - a.column.filled);
}

/** Dates first, then numbers that are times since 1970, then numbers that are called times. */
function timeColumnScore(column: Column, rows: number): number {
  const { name, isList, filled, dates, numbers, formats } = column;
  if (isList || filled < 0.5 * rows || nameScore(name, 'user') > 2 || nameScore(name, 'item') > 2) return 0;
  if (dates >= MOSTLY || (formats.length > 0 && numbers < MOSTLY)) return 4 + timeScore(name);
  if (numbers < MOSTLY) return 0;
  return (isSinceEpoch(column, rows) ? UNNAMED : 0) + timeScore(name);
}

/** Whether nearly all are: a missing time may be written as 0. */
const isSinceEpoch = (column: Column, rows: number) =>
  hasMany(column, rows) && column.epochs.reduce((sum, share) => sum + share, 0) >= MOSTLY;

/** Days without a clock: the columns that seem to hold the rest of the time. */
function otherParts(time: Column, columns: readonly Column[]): Column[] {
  const { dates, formats, length, epochs } = time;
  const isDate = dates >= MOSTLY || formats.length > 0;
  const isWhole =
    dates >= MOSTLY ? length > 10 : isDate ? /%[HI]/.test(formats[0]) : epochs.some((n) => n > 0.5);
  const parts = isDate
    ? /^(time|clock|hour|minute|second)$/
    : /^(time|clock|hour|minute|second|year|month|day|date)$/;
  const isPart = ({ name, filled }: Column) =>
    filled > 0 && timeScore(name) >= 0 && parts.test(tokensOf(name).pop() ?? '');
  return isWhole ? [] : columns.filter((column) => column !== time && isPart(column));
}

/** Throws a UserError where a column that is called a time cannot be read as one. */
function requireNoneCalled({ label, columns, rows }: Looked): void {
  const isCalled = ({ name }: Column) =>
    timeScore(name) >= 2 && nameScore(name, 'user') + nameScore(name, 'item') === 0;
  const called = columns.find((column) => !column.isList && column.filled > 0 && isCalled(column));
  if (called === undefined) return;
  const { name, odd, filled } = called;
  const found = filled < 0.5 * rows ? 'mostly empty cells' : odd ? quoted(odd.cell) : 'numbers and dates';
  throw new UserError(
    `${odd?.place ?? label}, column ${name}: expected times, all numbers, ISO dates or of one usual format, found ${found}: write "timeFormat": "%d/%m/%Y %H:%M" or the like into a dataset.json beside it, or "columns" with "time": null for the order of the file, and run this again`,
  );
}
