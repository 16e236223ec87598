import type { Engine } from '../../reading/sql/engine';

/** Rows at the start of a table that are looked at where the rest cannot tell anything else. */
export const LOOKED_AT = 100_000;

/** Share of the first rows whose value is not below that of the row before. */
export async function risingShare(engine: Engine, table: string, value: string): Promise<number> {
  const inOrder = `SELECT ${value} AS value, rowid FROM ${table} WHERE rowid < ${LOOKED_AT}`;
  const [[share]] = await engine.rows(
    `SELECT coalesce(avg((value >= before)::INTEGER), 0)::DOUBLE
     FROM (SELECT value, lag(value) OVER (ORDER BY rowid) AS before FROM (${inOrder}) WHERE value IS NOT NULL)`,
  );
  return share as number;
}
