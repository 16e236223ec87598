import { UserError } from '../../../userError';
import type { ColumnProfile, Reason, TableProfile } from './profile';
import { isAttributeName, isMeasureName, nameScore, timeScore } from './words';

/** Which columns of a table are user, item and time. */
export interface Roles {
  readonly user: string;
  readonly item: string;
  readonly time: string | null;
  readonly timeFormat: string | undefined;
  readonly reasons: readonly Reason[];
}

const MOSTLY = 0.9;
/** A column of ids has more values than a column of stars. */
const FEW = 12;

/** Chooses by names and content; throws a UserError where nothing tells the candidates for a role apart. */
export function chooseRoles(table: TableProfile): Roles {
  const time = chooseTime(table.columns);
  const others = table.columns.filter((column) => column.name !== time.column?.name && isIdLike(column));
  const user = chooseId(table, others, 'user');
  const item = chooseId(
    table,
    others.filter(({ name }) => name !== user.name),
    'item',
  );
  return {
    user: user.name,
    item: item.name,
    time: time.column?.name ?? null,
    timeFormat: time.format,
    reasons: [user.reason, item.reason, ...time.reasons],
  };
}

/** Whether a table has a column of users and one of items, neither of which has its values once only. */
export function hasInteractions(table: TableProfile): boolean {
  try {
    const { user, item } = chooseRoles(table);
    return [user, item].every((name) => !isUnique(table.columns.find((column) => column.name === name)));
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

export function isUnique(column: ColumnProfile | undefined): boolean {
  return column !== undefined && column.distinct >= 0.95 * column.rows;
}

function isIdLike({
  isList,
  filled,
  rows,
  distinct,
  numbers,
  wholes,
  dates,
  length,
  name,
}: ColumnProfile): boolean {
  const isDecimal = numbers > MOSTLY && wholes < numbers;
  const isKnown = nameScore(name, 'user') + nameScore(name, 'item') > 0;
  const isThere = filled >= (isKnown ? 0.5 : MOSTLY) * rows;
  return !isList && isThere && distinct >= 2 && !isDecimal && dates < MOSTLY && length <= 64;
}

interface Chosen {
  readonly name: string;
  readonly reason: Reason;
}

function chooseId(table: TableProfile, candidates: readonly ColumnProfile[], role: 'user' | 'item'): Chosen {
  const other = role === 'user' ? 'item' : 'user';
  const named = candidates
    .map((column) => ({ column, score: idScore(column, role) }))
    .filter(({ column, score }) => score > 0 && score >= nameScore(column.name, other))
    .sort((a, b) => b.score - a.score || b.column.distinct - a.column.distinct);
  if (named.length > 0) {
    const [{ column, score }, ...rest] = named;
    const near = rest.filter((other) => other.score >= score - 1 && other.column.distinct > FEW);
    const why = `by its name, ${count(column.distinct)} values${wouldDo(near.map((each) => each.column))}`;
    return { name: column.name, reason: { what: `${role}: ${column.name}`, why } };
  }
  return byPlace(
    table,
    candidates.filter((column) => isUnnamedId(column, other)),
    role,
  );
}

/** A column whose values all differ would be of users or items with one interaction each. */
function idScore(column: ColumnProfile, role: 'user' | 'item'): number {
  return nameScore(column.name, role) - (isUnique(column) && column.rows > FEW ? 3 : 0);
}

function isUnnamedId(column: ColumnProfile, other: 'user' | 'item'): boolean {
  const { name, distinct, rows } = column;
  const isOther = nameScore(name, other) > 0 || isMeasureName(name) || isAttributeName(name);
  const isMany = distinct > FEW || distinct > rows / 4;
  return !isOther && isMany && !(isUnique(column) && rows > FEW);
}

/** Without a name that says it: users stand before items in nearly every published log. */
function byPlace(table: TableProfile, candidates: readonly ColumnProfile[], role: 'user' | 'item'): Chosen {
  const expected = role === 'user' && table.hasHeader ? 2 : 1;
  const isClear = candidates.length > 0 && (!table.hasHeader || candidates.length <= expected);
  if (!isClear) throw nothingTells(table, candidates, role);
  const [column, ...rest] = candidates;
  const others = rest.length > 0 ? ` before ${rest.map(({ name }) => name).join(', ')}` : '';
  const why = `by its place alone${others}, ${count(column.distinct)} values: look whether that is so`;
  return { name: column.name, reason: { what: `${role}: ${column.name}`, why } };
}

function nothingTells(table: TableProfile, candidates: readonly ColumnProfile[], role: string): UserError {
  const columns = table.columns.map(({ name }) => name).filter((name) => name !== '');
  const alike = candidates.map(({ name }) => name).join(', ');
  const found = candidates.length === 0 ? `none among ${columns.join(', ')}` : `${alike} alike`;
  return new UserError(
    `${table.label}: expected a column that can be told to be the ${role}, found ${found}: write "columns": { "user": …, "item": …, "time": … } into a dataset.json beside it and run this again`,
  );
}

interface ChosenTime {
  readonly column: ColumnProfile | undefined;
  readonly format: string | undefined;
  readonly reasons: readonly Reason[];
}

function chooseTime(columns: readonly ColumnProfile[]): ChosenTime {
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
  const [format, ...others] = column.dates >= MOSTLY ? [] : column.formats;
  const reasons = [
    { what, why },
    ...(format
      ? [
          formatReason(
            format.format,
            others.map((other) => other.format),
          ),
        ]
      : []),
  ];
  return { column, format: format?.format, reasons };
}

function formatReason(format: string, others: readonly string[]): Reason {
  const doubt =
    others.length > 0
      ? `; ${others.join(', ')} would read all of them too, but the order of the file speaks for this one`
      : '';
  return { what: `timeFormat: ${format}`, why: `reads what is neither a number nor an ISO date${doubt}` };
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

function wouldDo(columns: readonly ColumnProfile[]): string {
  return columns.length === 0 ? '' : `; possible as well: ${columns.map(({ name }) => name).join(', ')}`;
}

const count = (number: number) => number.toLocaleString('en-US');
