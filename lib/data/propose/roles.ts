import { UserError } from '../../base/userError';
import { quoted } from '../card/textFile';
import { type Column, MOSTLY, type Table } from './measure';
import { isAttributeName, isMeasureName, nameScore, timeScore, tokensOf } from './words';

/** A choice of a proposal and its reason. */
export type Reason = { readonly what: string; readonly why: string };

/** Which columns of a table are user, item and time; time null: the order of the file. */
export interface Roles {
  readonly user: string;
  readonly item: string;
  readonly time: string | null;
  readonly reasons: readonly Reason[];
}

type Looked = Pick<Table, 'label' | 'rows' | 'columns'>;
type Role = 'user' | 'item';
type Choice = { readonly column: Column; readonly why: string };

/** A column of ids or times has more values than a column of stars. */
const FEW = 12;

const RERUN = 'into a dataset.json beside it and run this again';
const ASKED = `write "columns": { "user": …, "item": …, "time": … } ${RERUN}`;

/**
 * Chooses by names, then by contents; of an item and its group the one of which another table has one row each
 * (`described`). Throws a UserError that asks for `columns` or `timeFormat` where nothing tells columns apart.
 */
export function chooseRoles(table: Looked, described: readonly string[] = []): Roles {
  const times = timesIn(table);
  const candidates = table.columns.filter((each) => each !== times[0]?.column && isIdLike(each, table.rows));
  const user = chooseId(table, candidates, 'user', described);
  const others = candidates.filter((column) => column !== user.column);
  const item = chooseId(table, others, 'item', described);
  const time = chooseTime(table, times);
  const reasons = Object.entries({ user, item, time }).map(([role, { column, why }]) => {
    return { what: `${role}: ${column?.name ?? null}`, why };
  });
  const ids = { user: user.column.name, item: item.column.name };
  return { ...ids, time: time.column?.name ?? null, reasons };
}

/** Whether names say that a table has users and items, each of which comes again. */
export const isLog = ({ columns, rows }: Looked) =>
  (['user', 'item'] as const).every((role) =>
    columns.some((column) => nameScore(column.name, role) > 0 && !isUnique(column, rows)),
  );

/** Whether hardly a value of a column comes again. */
export const isUnique = ({ distinct }: Column, rows: number) => distinct >= 0.95 * rows;

const hasMany = ({ distinct }: Column, rows: number) => distinct > FEW || distinct > rows / 4;

const isNamedId = ({ name }: Column) => nameScore(name, 'user') + nameScore(name, 'item') > 0;

function isIdLike(column: Column, rows: number): boolean {
  const { isList, filled, distinct, numbers, wholes, dates, length } = column;
  const isDecimal = numbers > MOSTLY && wholes < numbers;
  const isFilled = filled >= (isNamedId(column) ? 0.5 : MOSTLY) * rows;
  return !isList && isFilled && distinct >= 2 && !isDecimal && dates < MOSTLY && length <= 64;
}

function chooseId(table: Looked, candidates: readonly Column[], role: Role, described: readonly string[]) {
  const other = role === 'user' ? 'item' : 'user';
  // Values that all differ would be users or items with one interaction each.
  const isOnce = (column: Column) => isUnique(column, table.rows) && table.rows > FEW;
  const named = candidates
    .map((column) => ({ column, score: nameScore(column.name, role) - (isOnce(column) ? 3 : 0) }))
    .filter(({ column, score }) => score > 0 && score >= nameScore(column.name, other))
    .sort((a, b) => b.score - a.score || b.column.distinct - a.column.distinct);
  if (named.length === 0) {
    const isOther = ({ name }: Column) =>
      nameScore(name, other) > 0 || isMeasureName(name) || isAttributeName(name);
    const unnamed = candidates.filter((each) => !isOther(each) && !isOnce(each) && hasMany(each, table.rows));
    return byPlace(table, unnamed, role);
  }
  const [{ column: best, score }, ...rest] = named;
  const near = rest.filter((each) => each.score >= score - 1 && each.column.distinct > FEW);
  const group = near.find(({ column: { name } }) => described.includes(name) && name.endsWith(best.name));
  const isGrouped = group !== undefined && !described.includes(best.name);
  const column = isGrouped ? group.column : best;
  const possible = [best, ...near.map((each) => each.column)].filter((each) => each !== column);
  const way = `by its name${isGrouped ? ' and another file' : ''}`;
  return { column, why: `${way}, ${valuesOf(column)}${possibleToo(possible)}` };
}

const valuesOf = ({ distinct }: Column) => `${distinct.toLocaleString('en-US')} values`;

const namesOf = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ');

const possibleToo = (columns: readonly Column[]) =>
  columns.length === 0 ? '' : `; possible as well: ${namesOf(columns)}`;

/** Without a name that says it: users stand before items in nearly every published log. */
function byPlace({ label, columns }: Looked, candidates: readonly Column[], role: Role): Choice {
  const most = role === 'user' ? 2 : 1;
  const [column, ...rest] = candidates;
  const found = column ? `${namesOf(candidates)} alike` : `none among ${namesOf(columns)}`;
  if (column === undefined || candidates.length > most)
    throw new UserError(`${label}: expected a column of ${role}s, found ${found}: ${ASKED}`);
  const others = rest.length > 0 ? ` before ${namesOf(rest)}` : '';
  return { column, why: `by its place alone${others}, ${valuesOf(column)}: look whether that is so` };
}

const UNITS = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];

/** The score of numbers that are times by their size alone: they may be ids. */
const UNNAMED = 3;

/** The likeliest column of times; without one the order of the file. */
function chooseTime(table: Looked, times: ReturnType<typeof timesIn>) {
  const { label, columns, rows } = table;
  const isFiner = ({ column }: Scored) => timeScore(column.name) === 2 && hasClock(column);
  const [first] = times;
  const best = first && !hasClock(first.column) ? (times.find(isFiner) ?? first) : first;
  const rest = times.filter((each) => each !== best);
  if (best === undefined) {
    requireNoneCalled(table);
    return { column: undefined, why: 'no column of times: the order of the file counts' };
  }
  const { column } = best;
  const alike = rest.filter(({ score }) => score === UNNAMED && best.score === UNNAMED);
  const also = alike.length > 0 ? alike.map((each) => each.column) : otherParts(column, columns);
  if (also.length > 0)
    throw new UserError(
      `${label}: expected times in one column, found ${namesOf([column, ...also])}: join them, or ${ASKED}`,
    );
  const { name, dates, epochs } = column;
  const units = UNITS.filter((_, unit) => epochs[unit] > 0);
  if (isSinceEpoch(column, rows) && units.length > 1)
    throw new UserError(`${label}, column ${name}: expected times in one unit, found ${units.join(' and ')}`);
  const form = dates >= MOSTLY ? 'dates' : (units[0] ?? 'numbers');
  return { column, why: `${form}${possibleToo(rest.map((each) => each.column))}` };
}

type Scored = ReturnType<typeof timesIn>[number];

/** The columns of times, the likeliest first; of equals the one with fewer empty cells. */
const timesIn = ({ columns, rows }: Looked) =>
  columns
    .map((column) => ({ column, score: timeColumnScore(column, rows) }))
    .filter(({ column, score }) => score >= 2 && timeScore(column.name) >= 0)
    .sort((a, b) => b.score - a.score || b.column.filled - a.column.filled);

/** Dates first, then numbers that are times since 1970, then numbers that are called times. */
function timeColumnScore(column: Column, rows: number): number {
  const { name, isList, filled, dates, numbers } = column;
  if (isList || filled < 0.5 * rows || nameScore(name, 'user') > 2 || nameScore(name, 'item') > 2) return 0;
  if (dates >= MOSTLY) return 4 + timeScore(name);
  if (numbers < MOSTLY) return 0;
  return (isSinceEpoch(column, rows) ? UNNAMED : 0) + timeScore(name);
}

/** Whether nearly all are: a missing time may be written as 0. */
const isSinceEpoch = (column: Column, rows: number) =>
  hasMany(column, rows) && column.epochs.reduce((sum, share) => sum + share, 0) >= MOSTLY;

const CLOCK = ['time', 'timeframe', 'clock', 'hour', 'minute', 'second'];
const DAY = ['year', 'month', 'day', 'date'];

/** Whether times are finer than days. */
const hasClock = ({ dates, length, epochs }: Column): boolean =>
  dates >= MOSTLY ? length > 10 : epochs.some((share) => share > 0.5);

/** Where times are days or parts of them: the columns that seem to hold the rest. */
function otherParts(time: Column, columns: readonly Column[]): Column[] {
  const parts = time.dates >= MOSTLY ? CLOCK : [...CLOCK, ...DAY];
  const isPart = ({ name, filled }: Column) =>
    filled > 0 && timeScore(name) >= 0 && parts.includes(tokensOf(name).pop() ?? '');
  return hasClock(time) ? [] : columns.filter((column) => column !== time && isPart(column));
}

/** Throws a UserError where a column that is called a time cannot be read as one. */
function requireNoneCalled({ label, columns, rows }: Looked): void {
  const called = columns.find(
    (each) => !each.isList && each.filled > 0 && timeScore(each.name) >= 2 && !isNamedId(each),
  );
  if (called === undefined) return;
  const { name, odd, filled } = called;
  const found = filled < 0.5 * rows ? 'mostly empty cells' : odd ? quoted(odd.cell) : 'numbers and dates';
  throw new UserError(
    `${odd?.place ?? label}, column ${name}: expected times as numbers or ISO dates, found ${found}: write "timeFormat": "%d/%m/%Y %H:%M" or the like, or "columns" with "time": null, ${RERUN}`,
  );
}
