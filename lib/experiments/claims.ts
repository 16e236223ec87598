/** Claims that one method beats another, answered from the instances of the test users. */
import { groupByUser, type PerUser, pairedBootstrap, ratioInterval } from '../metrics/bootstrap';
import { holm } from '../metrics/significance';
import { headlineMetric } from './headline';
import type { Result } from './result';
import { instanceRows } from './store';

export type Verdict = 'holds' | 'does not hold' | 'undecided';

/** A pair that the paper compares: by method name, the first is claimed to be better. */
export type Comparison = { readonly better: string; readonly worse: string };

export type Claim = Comparison & {
  readonly task: string;
  readonly metric: string;
  /** Mean of the metric of `better` minus that of `worse`, with its 95 % interval over resampled users. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, after Holm's correction over all claims asked for together. */
  readonly p: number;
  readonly users: number;
  readonly verdict: Verdict;
};

const LEVEL = 0.05;
/** Seed of the resampling; the statistics of the same instances are always the same. */
const RESAMPLING = 0;

type Row = Readonly<Record<string, string>>;
const reciprocal = (rank: number) => (rank <= 5 ? 1 / rank : 0);

/** What one instance adds to the mean that a metric is. */
const values: Record<string, (row: Row) => number> = {
  Acc: ({ predicted, label }) => (predicted === label ? 1 : 0),
  'HR@5': ({ rank }) => (Number(rank) <= 5 ? 1 : 0),
  'MRR@5': ({ rank }) => reciprocal(Number(rank)),
};

/** The values of all test instances of some runs, by user: a user's instances of all seeds belong together. */
function perUser(out: string, runs: readonly Result[], value: (row: Row) => number): PerUser {
  const rows = runs.flatMap((run) => instanceRows(out, run));
  return groupByUser(
    rows.map((row) => row.user_id),
    rows.map(value),
  );
}

/** Answers every comparison on every task where both methods ran, by a paired bootstrap over the test users. */
export function superiority(
  out: string,
  results: readonly Result[],
  comparisons: readonly Comparison[],
): Claim[] {
  const tasks = [...new Set(results.map(({ task }) => task))];
  const found = tasks.flatMap((task) =>
    comparisons.flatMap((comparison) => {
      const runs = (method: string) => results.filter((r) => r.task === task && r.method === method);
      const [better, worse] = [runs(comparison.better), runs(comparison.worse)];
      if (better.length === 0 || worse.length === 0) return [];
      const metric = headlineMetric(task, better[0].metrics.test);
      const [a, b] = [better, worse].map((side) => perUser(out, side, values[metric]));
      return [{ task, metric, ...comparison, users: a.size, ...pairedBootstrap(a, b, RESAMPLING) }];
    }),
  );
  const corrected = holm(found.map(({ p }) => p));
  return found.map((claim, i) => ({
    ...claim,
    p: corrected[i],
    verdict: verdictOf(claim.difference, corrected[i]),
  }));
}

function verdictOf(difference: number, p: number): Verdict {
  if (p >= LEVEL) return 'undecided';
  return difference > 0 ? 'holds' : 'does not hold';
}

export type PretrainingGain = {
  readonly source: string;
  readonly trunk: number;
  readonly popularity: number;
  /** trunk / popularity, MRR@5 of the last item in the whole pool, with its 95 % interval over held-out users. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly users: number;
};

/** How much better than item popularity the pre-trained trunks rank the last item of held-out users. */
export function pretrainingGains(out: string, pretraining: readonly Result[]): PretrainingGain[] {
  return [...new Set(pretraining.map(({ task }) => task))].map((source) => {
    const runs = pretraining.filter(({ task }) => task === source);
    const trunk = perUser(out, runs, ({ rank }) => reciprocal(Number(rank)));
    const popularity = perUser(out, runs, ({ popularity_rank }) => reciprocal(Number(popularity_rank)));
    const interval = ratioInterval(trunk, popularity, RESAMPLING);
    return { source, users: trunk.size, trunk: mean(trunk), popularity: mean(popularity), ...interval };
  });
}

function mean(users: PerUser): number {
  const all = [...users.values()].flat();
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}
