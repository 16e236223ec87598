import { type Engine, literal } from '../../reading/sql/engine';
import { BRACKETS, bracketedValues } from '../../reading/tables/brackets';
import { CELL_END } from '../../reading/text/rows';
import type { DomainProfile, LabelProfile, UseProfile } from '../choose/profile';

/** SQL of a column of ids or values: a table and an expression over it. */
export interface Cells {
  readonly table: string;
  readonly id: string;
  readonly value: string;
  /** What separates the values of a list, or BRACKETS; undefined where a cell is one value. */
  readonly separator: string | undefined;
}

type Ids = Pick<Cells, 'table' | 'id'>;
type Sizes = Omit<UseProfile, 'domains' | 'labels'>;

/** Makes the table `pairs` (who, what, n) of the users and the items that they touched. */
export async function makePairs(
  engine: Engine,
  { table, user, item }: { readonly table: string; readonly user: string; readonly item: string },
): Promise<void> {
  await engine.run(
    `CREATE TABLE pairs AS SELECT ${user} AS who, ${item} AS what, count(*) AS n FROM ${table} WHERE ${user} <> '' AND ${item} <> '' GROUP BY ALL`,
  );
}

/** Takes out of `pairs` whose user (`who`) or item (`what`) a column of ids does not have. */
export async function keepListed(engine: Engine, own: 'who' | 'what', { table, id }: Ids): Promise<void> {
  await engine.run(`DELETE FROM pairs WHERE ${own} NOT IN (SELECT ${id} FROM ${table})`);
}

/** An id that `pairs` have with .0 and without, as pandas writes it where others are missing, and how many they are. */
export async function idsWithFraction(
  engine: Engine,
  own: 'who' | 'what',
): Promise<{ readonly id: string; readonly count: number } | undefined> {
  const ids = `SELECT DISTINCT ${own} AS id FROM pairs`;
  const [[id, count]] = await engine.rows(
    `SELECT min(id), count(*)::DOUBLE FROM (${ids})
     WHERE regexp_full_match(id, '[0-9]+') AND id || '.0' IN (SELECT ${own} FROM pairs)`,
  );
  return count === 0 ? undefined : { id: id as string, count: count as number };
}

/** What share of the ids of `pairs` a column has as the same numbers in other digits, and one of these as both write it. */
export async function sameNumbers(
  engine: Engine,
  own: 'who' | 'what',
  { table, id }: Ids,
): Promise<{ readonly share: number; readonly here: string; readonly there: string }> {
  const ids = `SELECT DISTINCT ${own} AS here FROM pairs`;
  const listed = `SELECT TRY_CAST(${id} AS DOUBLE) AS number, min(${id}) AS there FROM ${table} GROUP BY number`;
  const [[share, here, there]] = await engine.rows(
    `SELECT count(*) / (SELECT count(*) FROM (${ids}))::DOUBLE, min(here), arg_min(there, here)
     FROM (${ids}) JOIN (${listed}) ON TRY_CAST(here AS DOUBLE) = number AND here <> there`,
  );
  return { share: share as number, here: String(here), there: String(there) };
}

/** Makes the table `totals` (who, total); returns the sizes of the whole. */
export async function measureSizes(engine: Engine): Promise<Sizes> {
  await engine.run('CREATE TABLE totals AS SELECT who, sum(n)::DOUBLE AS total FROM pairs GROUP BY who');
  const [[interactions, users, items, median, most]] = await engine.rows(
    `SELECT sum(total)::DOUBLE, count(*)::DOUBLE, (SELECT count(DISTINCT what) FROM pairs)::DOUBLE,
       median(total)::DOUBLE, quantile_cont(total, 0.9)::DOUBLE FROM totals`,
  );
  return { interactions, users, items, median, most } as Sizes;
}

/** How many ids have several values in a column: it is a field of theirs where none has. */
export async function contradictions(engine: Engine, { table, id, value }: Cells): Promise<number> {
  const [[count]] = await engine.rows(
    `SELECT count(*)::DOUBLE FROM (SELECT ${id} FROM ${table} WHERE ${value} <> '' GROUP BY ${id} HAVING min(${value}) <> max(${value}))`,
  );
  return count as number;
}

/** Share of the ids of `pairs` that a column has, and share of the column's ids that are there. */
export async function coverage(
  engine: Engine,
  own: 'who' | 'what',
  { table, id }: Ids,
): Promise<{ readonly covered: number; readonly used: number }> {
  const ids = `SELECT DISTINCT ${own} AS id FROM pairs`;
  const [[all, common, listed]] = await engine.rows(
    `SELECT (SELECT count(*) FROM (${ids}))::DOUBLE, (SELECT count(*) FROM (${ids}) WHERE id IN (SELECT ${id} FROM ${table}))::DOUBLE,
       (SELECT count(DISTINCT ${id}) FROM ${table})::DOUBLE`,
  );
  return { covered: (common as number) / (all as number), used: (common as number) / (listed as number) };
}

/** What tasks the values of a field of items would make. */
export async function measureDomains(engine: Engine, field: string, cells: Cells): Promise<DomainProfile[]> {
  const values = `SELECT DISTINCT id AS what, value FROM (${valuesSql(cells)}) WHERE value <> ''`;
  const rows = await engine.rows(
    `WITH domain AS (${values}),
       sizes AS (SELECT value, count(*) AS items, bit_xor(hash(what)) AS hash FROM domain GROUP BY value),
       touched AS (SELECT who, value, sum(n) AS own, count(*) AS different FROM pairs JOIN domain USING (what) GROUP BY ALL)
     SELECT value, any_value(items)::DOUBLE, any_value(hash)::VARCHAR, sum(own)::DOUBLE, count(*)::DOUBLE,
       count(*) FILTER (total - own >= 3)::DOUBLE, count(*) FILTER (total > own)::DOUBLE,
       coalesce(median(different) FILTER (total > own), 0)::DOUBLE,
       coalesce(quantile_cont(total - own, 0.9) FILTER (total > own), 0)::DOUBLE
     FROM touched JOIN totals USING (who) JOIN sizes USING (value) GROUP BY value ORDER BY 4 DESC, value`,
  );
  return rows.map(([value, items, hash, interactions, users, cold, barelyCold, targets, sources]) => ({
    field,
    value,
    items,
    hash,
    interactions,
    users,
    cold,
    barelyCold,
    targets,
    sources,
  })) as DomainProfile[];
}

/** Blanks around the values of a text are none of them; those in a list of a JSON or Parquet file are. */
function valuesSql({ table, id, value, separator }: Cells): string {
  if (separator === undefined) return `SELECT ${id} AS id, ${value} AS value FROM ${table}`;
  if (separator === BRACKETS)
    return `SELECT ${id} AS id, unnest(${bracketedValues(value)}) AS value FROM ${table}`;
  const values = `unnest(string_split(${value}, ${literal(separator)}))`;
  return `SELECT ${id} AS id, ${separator === CELL_END ? values : `trim(${values})`} AS value FROM ${table}`;
}

/** The values of a field among the users of `pairs`. */
export async function measureLabel(
  engine: Engine,
  field: string,
  { table, id, value }: Cells,
  isNumber: boolean,
): Promise<LabelProfile> {
  const own = `SELECT ${id} AS who, max(${value}) AS value FROM ${table} WHERE ${value} <> '' AND ${id} IN (SELECT who FROM totals) GROUP BY ${id}`;
  const values = await engine.rows(
    `SELECT value, count(*)::DOUBLE AS users FROM (${own}) GROUP BY value ORDER BY users DESC, value LIMIT 100`,
  );
  const [[distinct, ...quartiles]] = await engine.rows(
    `SELECT count(DISTINCT value)::DOUBLE, ${[0.25, 0.5, 0.75, 1].map((q) => `quantile_disc(TRY_CAST(value AS DOUBLE), ${q})`).join(', ')} FROM (${own})`,
  );
  return {
    field,
    values: values as unknown as LabelProfile['values'],
    distinct: distinct as number,
    quartiles: isNumber ? (quartiles as number[]) : undefined,
  };
}
