/** Opens the tables of a proposal and measures their columns. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Card } from '../card/card';
import { flawAt, quoted } from '../card/textFile';
import { columnName, type Field, isNumber } from '../reading/formats/layout';
import { type Engine, literal } from '../reading/sql/engine';
import { ingest, rowAt } from '../reading/sql/ingest';
import type { Part } from '../reading/sql/part';
import { delimiterOf, rowsBy } from '../reading/tables/delimiter';
import { BRACKETS, bracketedValues, formatted, IN_BRACKETS, ISO_FORMS } from '../reading/tables/forms';
import { kindOf, labelOf, layoutOf, openSheet, type SheetPlace } from '../reading/tables/sheet';
import { bytesOf, namesMatching, pathIn } from '../reading/text/folder';
import { firstLinesOf } from '../reading/text/plainText';
import { isDomainName, isRoleName } from './words';

/** The share of nearly all cells. */
export const MOSTLY = 0.9;

/** A column of a table, as measured. */
export type Column = Awaited<ReturnType<typeof measureColumn>>;
/** A table, its columns measured. */
export type Table = Awaited<ReturnType<typeof measureTable>>;

/** Keys of a card about its tables, given beforehand. */
type Hints = Partial<Pick<Card, 'timeFormat' | 'lists'>>;

/** Reads a table into SQL, by the name `sql`, and measures its columns. Throws a UserError at the first bad row, unless the card drops them. */
export async function measureTable(engine: Engine, sql: string, place: SheetPlace, hints: Hints) {
  if (place.header === undefined) await requireHeader(place);
  const work = join(place.work, sql);
  mkdirSync(work, { recursive: true });
  const sheet = await openSheet(engine, { ...place, work });
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
    if (field.name !== '')
      columns.push(await measureColumn(engine, part, columnName(field, c), field, hints));
  // `name` is a file or a pattern.
  return { name, label, sql, rows: rows as number, columns: columns as readonly Column[] };
}

/** Throws a UserError where the first row of a file of text is no header: it would be lost. */
async function requireHeader({ folder, part, name, encoding }: SheetPlace): Promise<void> {
  const [first] = namesMatching(folder, part, name);
  if (kindOf(first) !== 'text') return;
  const lines = await firstLinesOf(bytesOf(folder, part, first), 100, encoding);
  const rows = rowsBy(
    lines,
    delimiterOf(lines, () => true),
  );
  const odd = valueIn(rows);
  if (odd === undefined) return;
  const asked = `a name, or "header": { "${part}": [${rows[0].map(() => '"…"').join(', ')}] } in a dataset.json beside it`;
  throw flawAt(pathIn(folder, part, first), 1, { ...odd, expected: asked });
}

const VALUE =
  /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$|^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\b/;

/**
 * The cell that shows that the first row is no header: a number, a date, an empty cell behind the first, or a text that
 * comes again; none where two cells name users, items or times.
 */
export function valueIn(rows: readonly (readonly string[])[]) {
  const [first, ...others] = rows.map((row) => row.map((cell) => cell.trim()));
  const comesAgain = (cell: string, c: number) => others.some((row) => row[c] === cell);
  const names = first.filter((cell, c) => isRoleName(cell) && !comesAgain(cell, c)).length;
  const odd = first.findIndex((cell, c) => VALUE.test(cell) || (cell === '' && c > 0));
  const again = names === 1 ? -1 : first.findIndex(comesAgain);
  const c = odd >= 0 ? odd : again;
  return c < 0 || names >= 2 ? undefined : { column: String(c + 1), found: quoted(first[c]) };
}

/** Times from 1980 to 2096 in seconds, and the units of a second. */
const [FIRST, END] = [3.1e8, 4e9];
const UNITS = [1, 1e3, 1e6, 1e9];

async function measureColumn(engine: Engine, part: Part, sql: string, { name, type }: Field, hints: Hints) {
  const number = `CASE WHEN ${isNumber(sql)} THEN CAST(${sql} AS DOUBLE) END`;
  const forms = hints.timeFormat === undefined ? ISO_FORMS : [formatted(hints.timeFormat)];
  const date = forms.map(({ matches }) => matches(sql)).join(' OR ');
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
  const given = hints.lists && Object.hasOwn(hints.lists, name) ? hints.lists[name] : undefined;
  const at = oddCell === null ? undefined : rowAt(part, oddRow as number);
  return {
    ...{ name, sql },
    /** Whether its values are lists, as in Parquet and JSON. */
    isList,
    /** Shares of the filled cells that are numbers, whole numbers, and ISO dates or times of the card's format. */
    ...{ numbers, wholes, dates },
    /** Shares of the filled cells that are a time from 1980 to 2096 in s, ms, µs and ns since 1970. */
    epochs: ofUnits,
    filled: filled as number,
    distinct: distinct as number,
    /** Mean number of characters. */
    length: length as number,
    /** The first cell that is neither a number nor such a time, and where it stands. */
    odd: at && { cell: String(oddCell), place: `${at.piece.label}, line ${at.line}` },
    /** Separator of the values of a list, or `[]`; undefined where a cell is one value. */
    separator: hints.lists || !isText ? given : await separatorOf(engine, part.name, sql, name),
  };
}

/** Rows at the start of a table that tell what its cells look like. */
const LOOKED_AT = 100_000;

/** How RecBole heads a column of lists. */
const TYPED_LIST = /:(token|float)_seq$/;

/**
 * Separators, and the most different values for each different cell: the words of titles are nearly as many as the
 * titles, genres are far fewer than their combinations.
 */
const SEPARATORS = Object.entries({ '|': 1, ';': 0.9, ',': 0.7 });

/** Cells whose commas separate nothing: in brackets, or a decimal comma. */
const NO_LIST = '\\[.*\\]|[+-]?[0-9.]+,[0-9]+';

/** Brackets, or the first separator, that take cells apart into values that come again. */
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
