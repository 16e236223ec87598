/** Results as one long table, to filter and to pivot. */
import { type ColumnTable, table } from 'arquero';
import type { Metrics, Result } from '../documents/document';
import { instanceValue, type RowsOf, rowReader } from './instances';

const COLUMNS = [
  ...(['task', 'method', 'experiment', 'trunk', 'preset', 'seed'] as const),
  ...(['part', 'metric', 'value'] as const),
];

type Measurement = Pick<Result, 'task' | 'method' | 'experiment' | 'trunk' | 'preset' | 'seed'> & {
  readonly part: 'test' | 'valid';
  readonly metric: string;
  readonly value: number;
};

/**
 * A row for each task, method, experiment, trunk, preset, seed, part and metric, with its `value`. Beside the metrics of the
 * documents, HR, MRR and NDCG at every N of `at`, among 1 + 99 (`HR@10`) and in the whole pool (`HR@10/full`), from the ranks
 * of the test instances; these must lie beside the documents then, or a UserError names the file.
 */
export function results(
  out: string,
  documents: readonly Result[],
  { at = [] }: { readonly at?: readonly number[] } = {},
): ColumnTable {
  const names = rankMetrics(at);
  const rowsOf = rowReader(out);
  const found = documents.flatMap((result) =>
    measurements(result, { ...result.metrics.test, ...fromRanks(result, names, rowsOf) }),
  );
  return table(
    Object.fromEntries(COLUMNS.map((column) => [column, found.map((row) => row[column])])),
    COLUMNS,
  );
}

const rankMetrics = (at: readonly number[]) =>
  at.flatMap((n) =>
    ['', '/full'].flatMap((pool) => ['HR', 'MRR', 'NDCG'].map((kind) => `${kind}@${n}${pool}`)),
  );

/** None for tasks that classify, and for pre-training, which has no test part. */
function fromRanks(result: Result, names: readonly string[], rowsOf: RowsOf): Metrics {
  if (names.length === 0 || !('HR@5' in result.metrics.test)) return {};
  const rows = rowsOf(result);
  const mean = (value: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  return Object.fromEntries(names.map((name) => [name, mean(instanceValue(name))]));
}

function measurements(result: Result, test: Metrics): Measurement[] {
  const { task, method, experiment, trunk, preset, seed } = result;
  const about = { task, method, experiment, trunk, preset, seed };
  const of = (part: Measurement['part'], metrics: Metrics) =>
    Object.entries(metrics).map(([metric, value]) => ({ ...about, part, metric, value }));
  return [...of('test', test), ...of('valid', result.metrics.valid)];
}
