/** Who touched what, and what the fields of users and items could make of it. */
import { type Engine, literal } from '../reading/sql/engine';
import { BRACKETS, bracketedValues } from '../reading/tables/forms';
import { CELL_END } from '../reading/text/rows';
import type { Column, Table } from './measure';

/** Interactions and users, and the interactions of a user: the median and the 90th percentile. */
export type Sizes = Readonly<Record<'interactions' | 'users' | 'median' | 'most', number>>;

/** A value of a field of items, and who would be in a task whose target domain it is. */
export interface Domain {
  readonly field: string;
  readonly value: string;
  readonly items: number;
  readonly interactions: number;
  /** Its users with at least three other interactions. */
  readonly cold: number;
  /** Median number of distinct domain items, over its users with other interactions. */
  readonly targets: number;
  /** 90th percentile of the number of those other interactions. */
  readonly sources: number;
}

/** A field of users: its 100 most frequent values, and where half are numbers the quartiles and the greatest. */
export interface Label {
  readonly field: string;
  readonly values: readonly (readonly [value: string, users: number])[];
  readonly users: number;
  readonly distinct: number;
  readonly quartiles: readonly number[] | undefined;
}

/** A table and the column of its ids. */
export type IdColumn = { readonly table: Table; readonly id: Column };

/** Makes the tables `pairs` (who, what, n) and `totals` (who, total) of the users and items that the files list. */
export async function measureSizes(
  engine: Engine,
  user: IdColumn,
  item: IdColumn,
  listed: readonly (IdColumn & { readonly of: IdColumn })[],
): Promise<Sizes> {
  const filled = [user, item].map(({ id }) => `${id.sql} <> ''`);
  const among = listed.map(({ of, table, id }) => `${of.id.sql} IN (SELECT ${id.sql} FROM ${table.sql})`);
  await engine.run(
    `CREATE TABLE pairs AS SELECT ${user.id.sql} AS who, ${item.id.sql} AS what, count(*) AS n FROM ${user.table.sql}
     WHERE ${[...filled, ...among].join(' AND ')} GROUP BY ALL`,
  );
  await engine.run('CREATE TABLE totals AS SELECT who, sum(n)::DOUBLE AS total FROM pairs GROUP BY who');
  const [[interactions, users, median, most]] = await engine.rows(
    `SELECT sum(total)::DOUBLE, count(*)::DOUBLE, median(total)::DOUBLE, quantile_cont(total, 0.9)::DOUBLE FROM totals`,
  );
  return { interactions, users, median, most } as unknown as Sizes;
}

/** Share of the ids of interactions that a file lists, and share of its ids that are there. */
export async function coverage(engine: Engine, of: IdColumn, file: IdColumn): Promise<readonly number[]> {
  const idsOf = ({ table, id }: IdColumn) =>
    `(SELECT DISTINCT ${id.sql} AS id FROM ${table.sql} WHERE ${id.sql} <> '')`;
  const [shares] = await engine.rows(
    `SELECT count(file.id) / count(*)::DOUBLE, count(file.id) / (SELECT count(*) FROM ${idsOf(file)})::DOUBLE
     FROM ${idsOf(of)} own LEFT JOIN ${idsOf(file)} file ON own.id = file.id`,
  );
  return shares as number[];
}

/** How many ids have several values in a column, of how many, and the first such id with two of them: a field has none. */
export async function contradictions(engine: Engine, { table, id }: IdColumn, value: Column) {
  const ids = `SELECT ${id.sql} AS id, min(${value.sql}) AS a, max(${value.sql}) AS b FROM ${table.sql} WHERE ${value.sql} <> '' GROUP BY 1`;
  const [[several, all, first]] = await engine.rows(
    `SELECT count(*) FILTER (a <> b)::DOUBLE, count(*)::DOUBLE, min(id || ' has ' || a || ' and ' || b) FILTER (a <> b) FROM (${ids})`,
  );
  return { share: (several as number) / (all as number), first: first as string | null };
}

/** The target domains that the values of a field of items would make. */
export async function measureDomains(
  engine: Engine,
  { table, id }: IdColumn,
  value: Column,
): Promise<Domain[]> {
  const values = `SELECT DISTINCT ${id.sql} AS what, ${valuesSql(value)} AS value FROM ${table.sql}`;
  const rows = await engine.rows(
    `WITH domain AS (SELECT * FROM (${values}) WHERE value <> ''),
       sizes AS (SELECT value, count(*) AS items FROM domain GROUP BY value),
       touched AS (SELECT who, value, sum(n) AS own, count(*) AS different FROM pairs JOIN domain USING (what) GROUP BY ALL)
     SELECT value, any_value(items)::DOUBLE, sum(own)::DOUBLE,
       count(*) FILTER (total - own >= 3)::DOUBLE,
       coalesce(median(different) FILTER (total > own), 0)::DOUBLE,
       coalesce(quantile_cont(total - own, 0.9) FILTER (total > own), 0)::DOUBLE
     FROM touched JOIN totals USING (who) JOIN sizes USING (value) GROUP BY value ORDER BY 3 DESC, value`,
  );
  return rows.map(([found, items, interactions, cold, targets, sources]) => ({
    ...{ field: value.name, value: found, items, interactions, cold, targets, sources },
  })) as unknown as Domain[];
}

/** SQL of a cell's values: trimmed where a text is split, unchanged in lists of JSON and Parquet. */
function valuesSql({ sql, isList, separator }: Column): string {
  if (isList) return `unnest(string_split(${sql}, ${literal(CELL_END)}))`;
  if (separator === undefined) return sql;
  if (separator === BRACKETS) return `unnest(${bracketedValues(sql)})`;
  return `trim(unnest(string_split(${sql}, ${literal(separator)})))`;
}

/** The values of a field among the users of `totals`. Words among numbers stand for an unknown one. */
export async function measureLabel(engine: Engine, { table, id }: IdColumn, value: Column): Promise<Label> {
  const own = `SELECT max(${value.sql}) AS value FROM ${table.sql}
    WHERE ${value.sql} <> '' AND ${id.sql} IN (SELECT who FROM totals) GROUP BY ${id.sql}`;
  const values = await engine.rows(
    `SELECT value, count(*)::DOUBLE AS users FROM (${own}) GROUP BY value ORDER BY users DESC, value LIMIT 100`,
  );
  const quantiles = [0.25, 0.5, 0.75, 1].map((q) => `quantile_disc(TRY_CAST(value AS DOUBLE), ${q})`);
  const [[users, distinct, ...quartiles]] = await engine.rows(
    `SELECT count(*)::DOUBLE, count(DISTINCT value)::DOUBLE, ${quantiles.join(', ')} FROM (${own})`,
  );
  return {
    field: value.name,
    values: values as unknown as Label['values'],
    users: users as number,
    distinct: distinct as number,
    quartiles: value.numbers >= 0.5 ? (quartiles as number[]) : undefined,
  };
}
