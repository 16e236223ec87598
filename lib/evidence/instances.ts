/** The test instances beside documents, and what each adds to a metric. */
import { UserError } from '../base/userError';
import type { InstanceRow, Result } from '../experiments/documents/document';
import { instanceRows } from '../experiments/documents/results';
import { groupByUser, type PerUser } from '../metrics/perUser';
import { hitRate, ndcg, reciprocalRank } from '../metrics/ranking';

export type Row = InstanceRow;

const gains = { HR: hitRate, MRR: reciprocalRank, NDCG: ndcg };

/**
 * Share of one instance in the mean that a metric is, by the metric's name: `Acc`, or HR, MRR or NDCG at any N among
 * 1 + 99 (`HR@10`) or in the whole pool (`HR@10/full`). Throws a UserError for any other name.
 */
export function instanceValue(metric: string): (row: Row) => number {
  if (metric === 'Acc') return ({ correct }) => Number(correct);
  const [, kind, n, pool] = /^(HR|MRR|NDCG)@([1-9]\d*)(\/full)?$/.exec(metric) ?? [];
  if (kind === undefined)
    throw new UserError(
      `metric ${metric}: expected Acc, or HR@N, MRR@N or NDCG@N, with /full for the whole pool`,
    );
  const column = pool === undefined ? 'rank' : 'full_rank';
  return (row) => gains[kind as keyof typeof gains]([Number(row[column])], Number(n));
}

/** A metric by ranks in the whole pool; that of profiles as it is. */
export const metricInPool = (metric: string): string =>
  metric === 'Acc' || metric.endsWith('/full') ? metric : `${metric}/full`;

export const namesOf = (rows: readonly Row[]): string[] => rows.map(({ row }) => String(row)).sort();

export type RowsOf = (run: Result) => readonly Row[];

/** The rows beside documents, each file read once. */
export function rowReader(out: string): RowsOf {
  const known = new Map<string, readonly Row[]>();
  return (run) => {
    const rows = known.get(run.instances) ?? instanceRows(out, run);
    known.set(run.instances, rows);
    return rows;
  };
}

/** Values of the given rows by user. */
export const perUser = (rows: readonly Row[], value: (row: Row) => number): PerUser =>
  groupByUser(
    rows.map((row) => String(row.user_id)),
    rows.map(value),
  );

export type Readers = {
  readonly rowsOf: RowsOf;
  /** The values of a metric by user. */
  readonly valuesOf: (run: Result, metric: string) => PerUser;
};

/** Readers of the files beside documents, each read once. */
export function readersOf(out: string): Readers {
  const rowsOf = rowReader(out);
  const known = new Map<string, PerUser>();
  const valuesOf = (run: Result, metric: string) => {
    const of = `${metric} of ${run.instances}`;
    const values = known.get(of) ?? perUser(rowsOf(run), instanceValue(metric));
    known.set(of, values);
    return values;
  };
  return { rowsOf, valuesOf };
}
