/** Who touched what, and what the fields of users and items could make of it. */
import type { Engine } from '../reading/sql/engine';
import type { IdColumn } from './links';
import { type Column, valuesSql } from './measure';

/** Interactions, and the 90th percentile of those of a user. */
export type Sizes = Readonly<Record<'interactions' | 'most', number>>;

/** A value of a field of items, and who would be in a task whose target domain it is. */
export interface Domain {
  readonly field: string;
  readonly value: string;
  readonly items: number;
  readonly interactions: number;
  /** Its users with at least three other interactions. */
  readonly cold: number;
}

/** A field of users and its most frequent values. */
export interface Label {
  readonly field: string;
  readonly values: readonly (readonly [value: string, users: number])[];
}

/** Makes the tables `pairs` (who, what, n) and `totals` (who, total). */
export async function measureSizes(engine: Engine, user: IdColumn, item: IdColumn): Promise<Sizes> {
  await engine.run(
    `CREATE TABLE pairs AS SELECT ${user.id.sql} AS who, ${item.id.sql} AS what, count(*) AS n FROM ${user.table.sql}
     WHERE ${user.id.sql} <> '' AND ${item.id.sql} <> '' GROUP BY ALL`,
  );
  await engine.run('CREATE TABLE totals AS SELECT who, sum(n)::DOUBLE AS total FROM pairs GROUP BY who');
  const [[interactions, most]] = await engine.rows(
    'SELECT sum(total)::DOUBLE, quantile_cont(total, 0.9)::DOUBLE FROM totals',
  );
  return { interactions, most } as unknown as Sizes;
}

/** An id with two values in a column, which is then no field of it; undefined where there is none. */
export async function contradiction(engine: Engine, { table, id }: IdColumn, { sql }: Column) {
  const ids = `SELECT ${id.sql} AS id, min(${sql}) AS a, max(${sql}) AS b FROM ${table.sql} WHERE ${sql} <> '' GROUP BY 1`;
  const [first] = await engine.rows(
    `SELECT id || ' has ' || a || ' and ' || b FROM (${ids}) WHERE a <> b LIMIT 1`,
  );
  return first?.[0] as string | undefined;
}

/** The target domains that the values of a field of items would make. */
export async function measureDomains(
  engine: Engine,
  { table, id }: IdColumn,
  value: Column,
  separator: string | undefined,
): Promise<Domain[]> {
  const values = `SELECT DISTINCT ${id.sql} AS what, ${valuesSql(value, separator)} AS value FROM ${table.sql}`;
  const rows = await engine.rows(
    `WITH domain AS (SELECT * FROM (${values}) WHERE value <> '' AND value NOT LIKE '[%'),
       sizes AS (SELECT value, count(*) AS items FROM domain GROUP BY value),
       touched AS (SELECT who, value, sum(n) AS own FROM pairs JOIN domain USING (what) GROUP BY ALL)
     SELECT value, any_value(items)::DOUBLE, sum(own)::DOUBLE, count(*) FILTER (total - own >= 3)::DOUBLE
     FROM touched JOIN totals USING (who) JOIN sizes USING (value) GROUP BY value ORDER BY 3 DESC, value`,
  );
  return rows.map(([found, items, interactions, cold]) => ({
    ...{ field: value.name, value: found, items, interactions, cold },
  })) as unknown as Domain[];
}

/** The values of a field among the users of `totals`. */
export async function measureLabel(engine: Engine, { table, id }: IdColumn, value: Column): Promise<Label> {
  const own = `SELECT max(${value.sql}) AS value FROM ${table.sql}
    WHERE ${value.sql} <> '' AND ${id.sql} IN (SELECT who FROM totals) GROUP BY ${id.sql}`;
  const values = await engine.rows(
    `SELECT value, count(*)::DOUBLE AS users FROM (${own}) GROUP BY value ORDER BY users DESC, value LIMIT 100`,
  );
  return { field: value.name, values: values as unknown as Label['values'] };
}
