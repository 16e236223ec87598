/** Opens the tables of a proposal and measures their columns. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mode } from 'simple-statistics';
import type { Card } from '../card/card';
import { columnName, type Field, isNumber } from '../reading/formats/layout';
import { type Engine, literal } from '../reading/sql/engine';
import { ingest, rowAt } from '../reading/sql/ingest';
import type { Part } from '../reading/sql/part';
import { delimiterOf, rowsBy } from '../reading/tables/delimiter';
import { BRACKETS, bracketedValues, IN_BRACKETS, ISO_FORMS } from '../reading/tables/forms';
import { kindOf, labelOf, layoutOf, openSheet, type SheetPlace } from '../reading/tables/sheet';
import { bytesOf, namesMatching } from '../reading/text/folder';
import { firstLinesOf } from '../reading/text/plainText';
import { isDomainName, isRoleName } from './words';

/** The share of nearly all cells. */
export const MOSTLY = 0.9;

/** A column of a table, as measured. */
export type Column = Awaited<ReturnType<typeof measureColumn>>;
/** A table, its columns measured. */
export type Table = Awaited<ReturnType<typeof measureTable>>;

/** What a card says of its tables beforehand. */
type Said = Partial<Pick<Card, 'timeFormat' | 'lists'>>;

/** Reads a table into SQL, by the name `sql`, and measures its columns. Throws a UserError at the first bad row, unless the card drops them. */
export async function measureTable(engine: Engine, sql: string, place: SheetPlace, said: Said) {
  const header = place.header ?? (await guessHeader(place));
  const work = join(place.work, sql);
  mkdirSync(work, { recursive: true });
  const sheet = await openSheet(engine, { ...place, work, header });
  const fields = sheet.columns.map(({ name, isList }): Field => {
    return { name, type: isList ? 'token_seq' : 'token', required: false, marked: true };
  });
  const { name, onBadRow } = place;
  const label = labelOf(place);
  const file = { label, layout: layoutOf(sheet, fields), pieces: sheet.pieces, onBadRow };
  const part = await ingest(engine, sql, file, {});
  const [[rows]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${sql}`);
  const columns: Column[] = [];
  for (const [c, field] of fields.entries())
    if (field.name !== '') columns.push(await measureColumn(engine, part, columnName(field, c), field, said));
  // `name` is a file or a pattern; `header`: the names of the columns where the file has none.
  return { name, label, sql, rows: rows as number, header, columns: columns as readonly Column[] };
}

async function guessHeader({ folder, part, name, encoding }: SheetPlace) {
  const [first] = namesMatching(folder, part, name);
  if (kindOf(first) !== 'text') return undefined;
  const lines = await firstLinesOf(bytesOf(folder, part, first), 100, encoding);
  return headerFor(
    rowsBy(
      lines,
      delimiterOf(lines, () => true),
    ),
  );
}

const VALUE =
  /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$|^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\b/;

/** Whether a row counts its columns, as pandas heads those without names. Three numbers alone may be a row. */
function isCounted([first, ...others]: readonly string[]): boolean {
  const own = first === '' ? others : [first, ...others];
  return others.length >= 3 && own.every((cell, c) => cell === String(c));
}

/**
 * Names for the columns where the first row is no header, else undefined. Two names of users, items or times make it a
 * header; else a number, a date, an empty cell behind the first or a text that comes again make it a row.
 */
export function headerFor(rows: readonly (readonly string[])[]): string[] | undefined {
  const [first, ...others] = rows.map((row) => row.map((cell) => cell.trim()));
  const comesAgain = (cell: string, c: number) => others.some((row) => row[c] === cell);
  const names = first.filter((cell, c) => isRoleName(cell) && !comesAgain(cell, c)).length;
  const isOdd = first.some((cell, c) => VALUE.test(cell) || (cell === '' && c > 0));
  const isHeader = names >= 2 || (!isOdd && (names === 1 || !first.some(comesAgain)));
  if (isHeader || isCounted(first)) return undefined;
  return Array.from({ length: mode(rows.map(({ length }) => length)) }, (_, c) => `column${c + 1}`);
}

/** Times from 1980 to 2096 in seconds, and the units of a second. */
const [FIRST, END] = [3.1e8, 4e9];
const UNITS = [1, 1e3, 1e6, 1e9];

async function measureColumn(engine: Engine, part: Part, sql: string, { name, type }: Field, said: Said) {
  const number = `CASE WHEN ${isNumber(sql)} THEN CAST(${sql} AS DOUBLE) END`;
  const date = ISO_FORMS.map(({ matches }) => matches(sql)).join(' OR ');
  const epochs = UNITS.map(
    (unit) => `count(*) FILTER (number >= ${FIRST * unit} AND number < ${END * unit})::DOUBLE`,
  );
  const odd = 'FILTER (number IS NULL AND NOT isDate)';
  const cells = `SELECT ${sql}, ${number} AS number, rowid AS row FROM ${part.name} WHERE ${sql} <> ''`;
  const [[filled, distinct, length, oddCell, oddRow, ...counts]] = await engine.rows(
    `SELECT count(*)::DOUBLE, count(DISTINCT ${sql})::DOUBLE, coalesce(avg(length(${sql})), 0)::DOUBLE,
       arg_min(${sql}, row) ${odd}, (min(row) ${odd})::DOUBLE, count(number)::DOUBLE,
       count(*) FILTER (number = floor(number))::DOUBLE, count(*) FILTER (isDate)::DOUBLE, ${epochs.join(', ')}
     FROM (SELECT *, CASE WHEN number IS NULL THEN ${date} ELSE false END AS isDate FROM (${cells}))`,
  );
  const [numbers, wholes, dates, ...ofUnits] = counts.map(
    (n) => (n as number) / Math.max(1, filled as number),
  );
  const isList = type === 'token_seq';
  const isText = !isList && filled !== 0 && numbers < MOSTLY && dates < MOSTLY;
  const given = said.lists && Object.hasOwn(said.lists, name) ? said.lists[name] : undefined;
  const at = oddCell === null ? undefined : rowAt(part, oddRow as number);
  return {
    ...{ name, sql },
    /** Whether its values are lists, as in Parquet and JSON. */
    isList,
    /** Shares of the filled cells that are numbers, whole numbers and ISO dates. */
    ...{ numbers, wholes, dates },
    /** Shares of the filled cells that are a time from 1980 to 2096 in s, ms, µs and ns since 1970. */
    epochs: ofUnits,
    filled: filled as number,
    distinct: distinct as number,
    /** Mean number of characters. */
    length: length as number,
    /** The first cell that is neither a number nor an ISO date, and where it stands. */
    odd: at && { cell: String(oddCell), place: `${at.piece.label}, line ${at.line}` },
    /** Formats of strptime that read nearly all cells equally well. */
    formats: isText ? await formatsOf(engine, part.name, sql, said.timeFormat) : [],
    /** What separates the values of a list, or `[]`; undefined where a cell is one value. */
    separator: said.lists || !isText ? given : await separatorOf(engine, part.name, sql, name),
  };
}

const DAYS = [
  ...['%d/%m/%Y', '%m/%d/%Y', '%d.%m.%Y', '%d-%m-%Y', '%m-%d-%Y', '%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d'],
  ...['%d/%m/%y', '%m/%d/%y', '%d %b %Y', '%d-%b-%Y', '%b %d, %Y', '%B %d, %Y'],
];
const CLOCKS = ['', ' %H', ' %H:%M', ' %H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p'];
/** The last one is Twitter's, which check-ins have too. */
const FORMATS = [...DAYS.flatMap((day) => CLOCKS.map((clock) => day + clock)), '%a %b %d %H:%M:%S %z %Y'];

/** Rows at the start of a table that tell what its cells look like. */
const LOOKED_AT = 100_000;

/** The formats that read most cells, if these are nearly all: several where days and months cannot be told apart. */
async function formatsOf(engine: Engine, table: string, cell: string, given?: string): Promise<string[]> {
  const best = async (formats: readonly string[], rows: number) => {
    if (formats.length === 0) return [];
    const shares = formats.map((format) => `coalesce(count(${timeSql(cell, format)}) / count(*), 0)::DOUBLE`);
    const cells = `SELECT ${cell} FROM ${table} WHERE ${cell} <> '' AND rowid < ${LOOKED_AT} LIMIT ${rows}`;
    const [read] = await engine.rows(`SELECT ${shares.join(', ')} FROM (${cells})`);
    const most = Math.max(MOSTLY, ...(read as number[]));
    return formats.filter((_, i) => (read[i] as number) >= most);
  };
  return best(await best(given === undefined ? FORMATS : [given], 100), LOOKED_AT);
}

/** `%Y` reads the two digits of a year as one of the first century. */
function timeSql(cell: string, format: string): string {
  const time = `try_strptime(${cell}, ${literal(format)})`;
  return `CASE WHEN year(${time}) BETWEEN 1900 AND 2100 THEN ${time} END`;
}

/** How RecBole heads a column of lists. */
const TYPED_LIST = /:(token|float)_seq$/;

/**
 * Separators, and the most different values for each different cell: the words of titles are nearly as many as the
 * titles, genres are far fewer than their combinations.
 */
const SEPARATORS = Object.entries({ '|': 1, ';': 0.9, ',': 0.7 });

/** Cells whose commas separate nothing: in brackets, or a decimal comma. */
const NO_LIST = '\\[.*\\]|[+-]?[0-9.]+,[0-9]+';

/** What takes cells apart into values that come again: brackets, or the first of the separators. */
async function separatorOf(engine: Engine, table: string, cell: string, name: string) {
  if (TYPED_LIST.test(name) && isDomainName(name)) return ' ';
  const cells = `SELECT ${cell} AS cell FROM ${table} WHERE ${cell} <> '' AND rowid < ${LOOKED_AT}`;
  const comeAgain = `(SELECT count(*) >= 2 * count(DISTINCT value) FROM (SELECT unnest(${bracketedValues('cell')}) AS value FROM (${cells})))`;
  const fits = SEPARATORS.map(([separator, most]) => {
    const values = `SELECT DISTINCT trim(unnest(string_split(cell, ${literal(separator)}))) FROM (${cells})`;
    return `avg(contains(cell, ${literal(separator)})::INTEGER) >= 0.05
      AND avg(regexp_full_match(cell, ${literal(NO_LIST)})::INTEGER) < 0.5
      AND (SELECT count(*) FROM (${values})) <= ${most} * count(DISTINCT cell)`;
  });
  const [found] = await engine.rows(
    `SELECT bool_and(${IN_BRACKETS.matches('cell')}) AND ${comeAgain}, ${fits.join(', ')} FROM (${cells})`,
  );
  return [BRACKETS, ...SEPARATORS.map(([separator]) => separator)][found.indexOf(true)];
}
