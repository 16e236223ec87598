import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, inWholePool, ordersOf } from '../../lib/evidence/protocols';
import { better } from '../../lib/evidence/questions';
import type { InstanceRow } from '../../lib/experiments/documents/document';
import { causal } from '../../lib/experiments/methods/family';
import { correctedGains } from '../../lib/metrics/sampled';
import { folderWith } from '../data/folders';
import { sampleClaim } from '../report/sampleClaim';
import { leave, sampleCompletedRun, sampleResult } from '../report/sampleResults';

const { PeterRec, FineAll, FineZero } = causal;

test('a change is the difference of the differences, its interval that of both as if they were independent', () => {
  const paper = sampleClaim({ difference: 0.05, low: 0.02, high: 0.09 });
  const timely = sampleClaim({ difference: 0.01, low: -0.03, high: 0.04 });
  const other = sampleClaim({ question: better(PeterRec, FineZero) });
  const [{ change, low, high }, ...more] = changesOf([paper, other], [timely]);
  assert.deepEqual(more, []);
  const close = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-12);
  close(change, -0.04);
  close(low, -0.04 - Math.hypot(0.04, 0.04));
  close(high, -0.04 + Math.hypot(0.03, 0.03));
});

test('in the whole pool a claim about ranks has the verdict of ranks there, and one about classes none', () => {
  const pool = { difference: -0.01, low: -0.02, high: 0, verdict: 'undecided' } as const;
  const claims = [sampleClaim({ metric: 'HR@5', inPool: pool }), sampleClaim({ metric: 'Acc' })];
  assert.deepEqual(inWholePool(claims), [{ ...claims[0], ...pool, metric: 'HR@5/full' }]);
});

/** One instance each of the first users, by rank in the sample and in the pool. */
const ranks = (...both: (readonly [rank: number, full: number])[]): InstanceRow[] =>
  both.map(([rank, full_rank], row) => ({
    row,
    user_id: `user${row}`,
    label: 'v',
    rank,
    full_rank,
    pool: 10,
    sample: 9,
  }));

/** Leaves what methods of one seed rank. */
const completedRun = (out: string, ...methods: readonly InstanceRow[][]) =>
  sampleCompletedRun(
    out,
    methods.map((rows, i) => {
      const method = [PeterRec, FineAll, FineZero][i];
      return leave(out, sampleResult({ task: 'ColdRec-1', method, seed: 1, test: { 'HR@5': 0 } }), rows);
    }),
  );

test('methods are ordered by their means among 1 + 99, in the pool, and as these are estimated', () => {
  const out = folderWith({});
  const completed = completedRun(
    out,
    ranks([1, 2], [2, 3], [9, 10]),
    ranks([1, 2], [6, 6], [7, 8]),
    ranks([5, 5], [6, 6], [7, 8]),
  );
  const [{ task, metric, standings, tau }, ...more] = ordersOf(completed);
  assert.deepEqual([task, metric, more], ['ColdRec-1', 'HR@5', []]);
  // The made-up task has ten labels, of which a user knows one: the sample is the pool.
  const means = standings.map(({ sampled, full, corrected }) => [sampled, full, corrected]);
  assert.deepEqual(
    means,
    [2 / 3, 1 / 3, 1 / 3].map((mean) => [mean, mean, mean]),
  );
  assert.deepEqual(tau, { sampled: 1, corrected: 1 });
});

test('ranks in the pool are estimated from the pool and the sample of each instance', () => {
  const [row] = ranks([1, 2]);
  const estimated = (pool: number, sample: number) =>
    ordersOf(completedRun(folderWith({}), [{ ...row, pool, sample }]))[0].standings[0].corrected;
  const pool = 298;
  for (const sample of [99, 20]) {
    const gains = correctedGains({ pool, sample }, (rank) => (rank <= 5 ? 1 : 0));
    assert.equal(estimated(pool, sample), gains[0]);
  }
});

test('Kendall’s τ tells contrary orders, and is none where methods tie', () => {
  const out = folderWith({});
  const tauOf = (...methods: readonly InstanceRow[][]) =>
    ordersOf(completedRun(out, ...methods))[0].tau.sampled;
  assert.equal(tauOf(ranks([1, 9]), ranks([9, 1])), -1);
  assert.equal(tauOf(ranks([1, 1]), ranks([1, 1])), Number.NaN);
});
