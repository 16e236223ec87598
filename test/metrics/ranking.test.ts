import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hitRate, ndcg, rankOf, reciprocalRank } from '../../lib/metrics/ranking';

const rankCases: readonly (readonly [string, number, number[], number])[] = [
  ['the best score has rank 1', 3, [2, 1], 1],
  ['each better score costs a rank', 1, [2, 3, 0], 3],
  ['an equal score counts against the true item', 2, [2, 1, 2], 3],
  ['a constant model ranks last', 0, [0, 0, 0], 4],
  ['a true score that is not a number ranks last', Number.NaN, [1, 2], 3],
  ['another score that is not a number counts against the true item', 1, [Number.NaN, 0], 2],
  ['without competitors the rank is 1', 0, [], 1],
];

for (const [behaviour, trueScore, others, rank] of rankCases)
  test(behaviour, () => assert.equal(rankOf(trueScore, others), rank));

const RANKS = [1, 2, 3, 7];
const metricCases: readonly (readonly [string, number, number])[] = [
  ['HR@5 of ranks 1 2 3 7 is 3/4', hitRate(RANKS, 5), 3 / 4],
  ['HR@1 of ranks 1 2 3 7 is 1/4', hitRate(RANKS, 1), 1 / 4],
  ['MRR@5 of ranks 1 2 3 7 is (1 + 1/2 + 1/3) / 4', reciprocalRank(RANKS, 5), 11 / 24],
  ['MRR@2 of ranks 1 2 3 7 is (1 + 1/2) / 4', reciprocalRank(RANKS, 2), 3 / 8],
  ['NDCG@7 of ranks 1 3 7 is (1 + 1/2 + 1/3) / 3', ndcg([1, 3, 7], 7), 11 / 18],
  ['NDCG@5 of ranks 1 3 7 is (1 + 1/2) / 3', ndcg([1, 3, 7], 5), 1 / 2],
  ['a metric without ranks is not a number', hitRate([], 5), Number.NaN],
];

for (const [behaviour, value, expected] of metricCases)
  test(behaviour, () =>
    assert.ok(Number.isNaN(expected) ? Number.isNaN(value) : Math.abs(value - expected) < 1e-12, `${value}`),
  );
