import { columnName, type Field, headingOf, isRole, type Layout } from '../formats/layout';
import type { TextTable } from '../formats/reading';
import { mark, refuse, requireRows } from './badRows';
import type { Engine } from './engine';
import type { Part } from './part';

/** The rows without a flaw of a users or items file, in its order. */
export async function tableOf(engine: Engine, { name, layout }: Part): Promise<TextTable> {
  const columns = layout.fields.map(columnName).join(', ');
  const rows = await engine.rows(`SELECT ${columns} FROM ${name} WHERE flaw IS NULL ORDER BY rowid`);
  return {
    fields: layout.fields.map(({ name: field, type }) => ({ name: field, type })),
    separator: layout.separator,
    columns: layout.fields.map((_, c) => rows.map((row) => row[c] as string)),
  };
}

/**
 * The users or items of the interactions with their `own` fields, by first appearance. A row that contradicts an earlier one of the
 * same user or item is a bad row; an empty cell is missing.
 */
export async function tableWithin(
  engine: Engine,
  interactions: Part,
  kind: 'users' | 'items',
  own: readonly string[],
): Promise<TextTable> {
  const { name, layout } = interactions;
  const id = kind === 'users' ? 'user_id' : 'item_id';
  const fields = own.map((field) => fieldOf(layout, field));
  for (const { name: field, column } of fields) {
    const value = presentSql(column);
    const firsts = `SELECT ${id} AS id, arg_min(${value}, rowid) AS first FROM ${name} WHERE flaw IS NULL GROUP BY ${id} HAVING min(${value}) <> max(${value})`;
    const others = `SELECT ${name}.rowid FROM ${name} JOIN (${firsts}) ON id = ${id} WHERE flaw IS NULL AND ${value} <> first`;
    const expected = `one ${field} for each ${headingOf(layout, id)}`;
    await mark(engine, interactions, { column, expected }, others);
  }
  await refuse(engine, interactions);
  await requireRows(engine, interactions);
  const values = fields.map(({ column }) => `coalesce(any_value(${presentSql(column)}), '')`);
  const rows = await engine.rows(
    `SELECT ${[id, ...values].join(', ')} FROM ${name} WHERE flaw IS NULL GROUP BY ${id} ORDER BY min(rowid)`,
  );
  return {
    fields: [{ name: id, type: 'token' }, ...fields.map(({ name: field, type }) => ({ name: field, type }))],
    separator: ' ',
    columns: [id, ...own].map((_, c) => rows.map((row) => row[c] as string)),
  };
}

/** The field of a name that is no role, and what it is called in SQL. */
function fieldOf({ fields }: Layout, name: string): Field & { readonly column: string } {
  const c = fields.findIndex((field) => !isRole(field) && field.name === name);
  return { ...fields[c], column: columnName(fields[c], c) };
}

const presentSql = (column: string) => `nullif(${column}, '')`;
