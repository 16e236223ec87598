import { basename } from 'node:path';
import type { Use } from '../formats/layout';
import type { Encoded } from '../formats/reading';
import { mark, refuse, requireRows } from './badRows';
import type { Engine } from './engine';
import type { Part } from './part';

/** Ids of the interactions, and the file that has to list them. */
interface Reference {
  readonly column: 'user_id' | 'item_id';
  readonly part: Part | undefined;
}

/** Refuses the interactions of users and items that the users and items files do not list. */
export async function checkReferences(engine: Engine, interactions: Part, references: readonly Reference[]) {
  for (const { column, part } of references) {
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
  { order, condition, timed }: Pick<Use, 'order' | 'condition'> & { readonly timed: boolean },
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
  const [users, items] = [await idsOf(engine, 'user_codes'), await idsOf(engine, 'item_codes')];
  const counts = await engine.numbers(
    'SELECT count FROM user_codes ORDER BY code',
    new Int32Array(users.length),
  );
  if (!timed || order !== 'timestamp') return { users, items, counts, itemAt };
  const timeAt = await engine.numbers(`SELECT timestamp::DOUBLE ${rows}`, new Float64Array(total as number));
  const isDate = layout.fields.some(({ type, form }) => type === 'time' && form !== undefined);
  return { users, items, counts, itemAt, timeAt, times: isDate ? 'dates' : 'numbers' };
}

async function idsOf(engine: Engine, table: string): Promise<string[]> {
  return (await engine.rows(`SELECT id FROM ${table} ORDER BY code`)).map(([id]) => id as string);
}
