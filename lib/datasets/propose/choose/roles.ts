import { UserError } from '../../../userError';
import { quoted } from '../../card/textFile';
import { SPOKEN } from '../../reading/tables/delimiter';
import { firstOf } from './firstOf';
import type { ColumnProfile, Reason, TableProfile } from './profile';
import { chooseTime, FEW, MOSTLY, wouldDo } from './time';
import { isUnique } from './unique';
import { isAttributeName, isMeasureName, nameScore, tokensOf } from './words';

/** Which columns of a table are user, item and time. */
export interface Roles {
  readonly user: string;
  readonly item: string;
  readonly time: string | null;
  readonly timeFormat: string | undefined;
  readonly reasons: readonly Reason[];
}

/**
 * Chooses by names and content, and by the columns of the other tables that describe users or items; throws a UserError
 * where nothing tells the candidates for a role apart.
 */
export function chooseRoles(table: TableProfile, others: readonly TableProfile[] = []): Roles {
  const time = chooseTime(table.columns);
  const candidates = table.columns.filter((column) => column.name !== time.column?.name && isIdLike(column));
  const described = others.flatMap(({ columns }) => columns.filter(isUnique).map(({ name }) => name));
  const user = chooseId(table, candidates, 'user', described);
  const item = chooseId(
    table,
    candidates.filter(({ name }) => name !== user.name),
    'item',
    described,
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

function chooseId(
  table: TableProfile,
  candidates: readonly ColumnProfile[],
  role: 'user' | 'item',
  described: readonly string[],
): Chosen {
  const other = role === 'user' ? 'item' : 'user';
  const named = candidates
    .map((column) => ({ column, score: idScore(column, role) }))
    .filter(({ column, score }) => score > 0 && score >= nameScore(column.name, other))
    .sort((a, b) => b.score - a.score || b.column.distinct - a.column.distinct);
  if (named.length > 0) {
    const [{ column: best, score }, ...rest] = named;
    const near = rest
      .filter((other) => other.score >= score - 1 && other.column.distinct > FEW)
      .map(({ column }) => column);
    const group = near.find(({ name }) => described.includes(name) && isKindOf(name, best.name));
    const isGrouped = group !== undefined && !described.includes(best.name);
    const column = isGrouped ? group : best;
    const possible = [best, ...near].filter((other) => other !== column);
    const way = isGrouped ? 'by its name and since another file describes it' : 'by its name';
    const why = `${way}, ${count(column.distinct)} values${wouldDo(possible)}`;
    return { name: column.name, reason: { what: `${role}: ${column.name}`, why } };
  }
  return byPlace(
    table,
    candidates.filter((column) => isUnnamedId(column, other)),
    role,
  );
}

/** Whether a name says more than another: parent_asin and asin. */
const isKindOf = (name: string, other: string) =>
  ` ${tokensOf(name).join(' ')}`.endsWith(` ${tokensOf(other).join(' ')}`);

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
  const alike = candidates.map(({ name }) => name).join(', ');
  const found = candidates.length === 0 ? noneAmong(table) : `${alike} alike`;
  return new UserError(
    `${table.label}: expected a column that can be told to be the ${role}, found ${found}: write "columns": { "user": …, "item": …, "time": … } into a dataset.json beside it and run this again`,
  );
}

const SEPARATORS = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(Object.values(SPOKEN));

/** The columns, or the first of many; of text a single one has cells that nothing known separates. */
function noneAmong({ columns }: TableProfile): string {
  const names = columns.map(({ name }) => name).filter((name) => name !== '');
  if (names.length === 1)
    return `one column, ${quoted(names[0])}, where ${SEPARATORS} separate those of a text`;
  return `none among ${firstOf(names)}`;
}

const count = (number: number) => number.toLocaleString('en-US');
