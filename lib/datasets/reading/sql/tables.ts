import { columnName } from '../formats/layout';
import type { TextTable } from '../formats/reading';
import { mark, refuse, requireRows } from './badRows';
import type { Engine } from './engine';
import type { Part } from './part';

/** The sound rows of a users or items file, in its order. */
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
 * The users or items of the interactions with those of their fields that are their own, by first appearance.
 * A row that contradicts an earlier one of the same user or item is refused.
 */
export async function tableWithin(
  engine: Engine,
  interactions: Part,
  kind: 'users' | 'items',
  own: readonly string[],
): Promise<TextTable> {
  const { name } = interactions;
  const id = kind === 'users' ? 'user_id' : 'item_id';
  for (const column of own) {
    const firsts = `SELECT ${id} AS id, arg_min(${column}, rowid) AS first FROM ${name} WHERE flaw IS NULL GROUP BY ${id} HAVING min(${column}) <> max(${column})`;
    const others = `SELECT ${name}.rowid FROM ${name} JOIN (${firsts}) ON id = ${id} WHERE flaw IS NULL AND ${column} <> first`;
    await mark(engine, interactions, { column, expected: `one ${column} for each ${id}` }, others);
  }
  await refuse(engine, interactions);
  await requireRows(engine, interactions);
  const values = own.map((column) => `any_value(${column})`).join(', ');
  const rows = await engine.rows(
    `SELECT ${id}, ${values} FROM ${name} WHERE flaw IS NULL GROUP BY ${id} ORDER BY min(rowid)`,
  );
  return {
    fields: [id, ...own].map((field) => ({ name: field, type: 'token' })),
    separator: ' ',
    columns: [id, ...own].map((_, c) => rows.map((row) => row[c] as string)),
  };
}
