import { basename } from 'node:path';
import { columnName, headingOf, ID_OF, isRole, type Use } from '../formats/layout';
import type { Encoded, TextTable } from '../formats/reading';
import type { Engine } from './engine';
import { mark, refuse, requireRows } from './ingest';
import type { Part } from './part';

type Parts = { readonly users?: Part | undefined; readonly items?: Part | undefined };

/** Refuses the interactions of users and items that the users and items files do not list. */
export async function checkReferences(engine: Engine, interactions: Part, parts: Parts): Promise<void> {
  for (const kind of ['users', 'items'] as const) {
    const [column, part] = [ID_OF[kind], parts[kind]];
    if (part === undefined) continue;
    const known = `SELECT ${column} FROM ${part.name} WHERE flaw IS NULL`;
    const unknown = `SELECT rowid FROM ${interactions.name} WHERE flaw IS NULL AND ${column} NOT IN (${known})`;
    const [[count]] = await engine.rows(`SELECT count(*)::DOUBLE FROM (${unknown})`);
    if (count === 0) continue;
    const expected = `${column === 'user_id' ? 'a user' : 'an item'} of ${basename(part.label)}`;
    await mark(engine, interactions, { column, expected }, unknown);
  }
  await refuse(engine, interactions);
  await requireRows(engine, interactions);
}

/**
 * Numbers users and items by first appearance and groups the interactions by user; within a user the order is
 * `order` (SQL), then the file's. `condition` (SQL) says which rows are interactions.
 */
export async function encode(
  engine: Engine,
  interactions: Part,
  { order = 'timestamp', condition = 'true', timed }: Use & { readonly timed: boolean },
): Promise<Encoded> {
  const { name, layout } = interactions;
  const sound = `flaw IS NULL AND (${condition})`;
  for (const kind of ['user', 'item']) {
    await engine.run(
      `CREATE TABLE ${kind}_codes AS SELECT id, (row_number() OVER (ORDER BY first) - 1)::INTEGER AS code, count
       FROM (SELECT ${kind}_id AS id, min(rowid) AS first, count(*)::INTEGER AS count FROM ${name} WHERE ${sound} GROUP BY id)`,
    );
  }
  await requireRows(engine, interactions, condition);
  const [[total]] = await engine.rows('SELECT sum(count)::DOUBLE FROM user_codes');
  const rows = `FROM ${name} JOIN user_codes ON user_codes.id = user_id JOIN item_codes ON item_codes.id = item_id
     WHERE ${sound} ORDER BY user_codes.code, ${order}, ${name}.rowid`;
  const itemAt = await engine.numbers(`SELECT item_codes.code ${rows}`, new Int32Array(total as number));
  const ids = async (kind: string) =>
    (await engine.rows(`SELECT id FROM ${kind}_codes ORDER BY code`)).map(([id]) => id as string);
  const [users, items] = [await ids('user'), await ids('item')];
  const inOrder = 'SELECT count FROM user_codes ORDER BY code';
  const counts = await engine.numbers(inOrder, new Int32Array(users.length));
  if (!timed || order !== 'timestamp') return { users, items, counts, itemAt };
  const timeAt = await engine.numbers(`SELECT timestamp::DOUBLE ${rows}`, new Float64Array(total as number));
  const isDate = layout.fields.some(({ type, form }) => type === 'time' && form !== undefined);
  return { users, items, counts, itemAt, timeAt, times: isDate ? 'dates' : 'numbers' };
}

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
  const id = ID_OF[kind];
  const fields = own.map((field) => {
    const c = layout.fields.findIndex((other) => !isRole(other) && other.name === field);
    return { ...layout.fields[c], column: columnName(layout.fields[c], c) };
  });
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

const presentSql = (column: string) => `nullif(${column}, '')`;
