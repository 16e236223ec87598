/** Results as one long table, to filter and to pivot. */
import { type ColumnTable, table } from 'arquero';
import { mean } from 'simple-statistics';
import type { CompletedRun } from '../experiments/documents/completedRun';
import type { Result } from '../experiments/documents/document';
import type { Metrics } from '../metrics/metrics';
import { instanceValue, type RowsOf, rowReader } from './instances';

const ABOUT = ['task', 'method', 'experiment', 'trunk', 'training', 'pretraining', 'preset', 'seed'] as const;
const COLUMNS = [...ABOUT, 'part', 'metric', 'value'] as const;

/**
 * A row for each run, part and metric with its `value`: the metrics of the documents, and HR, MRR and NDCG at every N of `at`,
 * among 1 + 99 (`HR@10`) and in the whole pool (`HR@10/full`), from the ranks of the test instances. A UserError names a file of
 * ranks that is not there.
 */
export function longTable(
  { out, results }: Pick<CompletedRun, 'out' | 'results'>,
  { at = [] }: { readonly at?: readonly number[] } = {},
): ColumnTable {
  const names = rankMetrics(at);
  const rowsOf = rowReader(out);
  const found = results.flatMap((result) => {
    const parts = {
      test: { ...result.metrics.test, ...fromRanks(result, names, rowsOf) },
      valid: result.metrics.valid,
    };
    return Object.entries(parts).flatMap(([part, metrics]) =>
      Object.entries(metrics).map(([metric, value]) => ({ ...result, part, metric, value })),
    );
  });
  const columns = COLUMNS.map((column) => [column, found.map((row) => row[column])]);
  return table(Object.fromEntries(columns), [...COLUMNS]);
}

const rankMetrics = (at: readonly number[]) =>
  at.flatMap((n) =>
    ['', '/full'].flatMap((pool) => ['HR', 'MRR', 'NDCG'].map((kind) => `${kind}@${n}${pool}`)),
  );

/** None for tasks that classify, and for pre-training, which has no test part. */
function fromRanks(result: Result, names: readonly string[], rowsOf: RowsOf): Metrics {
  if (names.length === 0 || !('HR@5' in result.metrics.test)) return {};
  const rows = rowsOf(result);
  return Object.fromEntries(names.map((name) => [name, mean(rows.map(instanceValue(name)))]));
}
