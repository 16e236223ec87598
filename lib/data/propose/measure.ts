/** Opens the tables of a proposal and measures their columns. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { columnName, type Field } from '../reading/formats/layout';
import { type Engine, literal } from '../reading/sql/engine';
import { ingest } from '../reading/sql/ingest';
import { labelOf, layoutOf, openSheet, type SheetPlace } from '../reading/tables/sheet';
import { CELL_END } from '../reading/text/rows';

/** A column of a table, as measured. */
export type Column = Awaited<ReturnType<typeof measureColumn>>;
/** A table, its columns measured. */
export type Table = Awaited<ReturnType<typeof measureTable>>;

/** Reads a table into SQL, by the name `sql`, and measures its columns. Throws a UserError at the first bad row, unless the card drops them. */
export async function measureTable(engine: Engine, sql: string, place: SheetPlace) {
  const work = join(place.work, sql);
  mkdirSync(work, { recursive: true });
  const sheet = await openSheet(engine, { ...place, work });
  const fields = sheet.columns.map(({ name, isList }): Field => {
    return { name, type: isList ? 'token_seq' : 'token', required: false, marked: true };
  });
  const { name, onBadRow } = place;
  const label = labelOf(place);
  const file = { label, layout: layoutOf(sheet, fields), pieces: sheet.pieces, onBadRow };
  await ingest(engine, sql, file, {});
  const [[rows]] = await engine.rows(`SELECT count(*)::DOUBLE FROM ${sql}`);
  const columns: Column[] = [];
  for (const [c, field] of fields.entries())
    if (field.name !== '') columns.push(await measureColumn(engine, sql, columnName(field, c), field));
  // `name` is a file or a pattern.
  return { name, label, sql, rows: rows as number, columns: columns as readonly Column[] };
}

async function measureColumn(engine: Engine, table: string, sql: string, { name, type }: Field) {
  const [[distinct]] = await engine.rows(
    `SELECT count(DISTINCT ${sql})::DOUBLE FROM ${table} WHERE ${sql} <> ''`,
  );
  // Values of Parquet and JSON may be lists.
  return { name, sql, isList: type === 'token_seq', distinct: distinct as number };
}

/** Whether hardly a value of a column comes again. */
export const isUnique = ({ distinct }: Column, rows: number): boolean => distinct >= 0.95 * rows;

/** Separators, and the most different values for each different cell: genres are far fewer than their combinations. */
const SEPARATORS = Object.entries({ '|': 1, ';': 0.9, ',': 0.7 });

/** Separator of the values of a column's cells; undefined where a cell is one value. */
export async function separatorOf(engine: Engine, table: string, { name, sql, isList }: Column) {
  if (isList) return undefined;
  if (/:(token|float)_seq$/.test(name)) return ' ';
  const cells = `SELECT ${sql} AS cell FROM ${table} WHERE ${sql} <> ''`;
  const fits = SEPARATORS.map(([separator, most]) => {
    const values = `SELECT DISTINCT trim(unnest(string_split(cell, ${literal(separator)}))) FROM (${cells})`;
    return `bool_or(contains(cell, ${literal(separator)})) AND (SELECT count(*) FROM (${values})) <= ${most} * count(DISTINCT cell)`;
  });
  const [found] = await engine.rows(`SELECT ${fits.join(', ')} FROM (${cells})`);
  return SEPARATORS[found.indexOf(true)]?.[0];
}

/** SQL of a cell's values: trimmed where a text is split, unchanged in lists of JSON and Parquet. */
export function valuesSql({ sql, isList }: Column, separator: string | undefined): string {
  if (isList) return `unnest(string_split(${sql}, ${literal(CELL_END)}))`;
  if (separator === undefined) return sql;
  return `trim(unnest(string_split(${sql}, ${literal(separator)})))`;
}
