import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTrunks, pretrainingGains } from '../../lib/evidence/pretrainingGains';
import { folderWith } from '../data/folders';
import { assertClose } from '../engine/bothWays';
import { pretrained } from './pretrainedTrunk';

test('the gain is the mean rank by popularity over that by the trunk, beside the MRR@5 of both and of co-occurrence', () => {
  const out = folderWith({});
  const runs = [pretrained(out, 'causal', { a: [10, 20, 5], b: [2, 40, 6], c: [4, 1, 9], d: [24, 59, 1] })];
  const [gain] = pretrainingGains(out, runs);
  assert.deepEqual([gain.source, gain.direction, gain.users], ['Films', 'causal', 4]);
  assertClose([gain.trunk, gain.popularity, gain.ratio], [40 / 4, 120 / 4, 3], 1e-12);
  assert.ok(gain.low < gain.ratio && gain.ratio < gain.high);
  const counted = [gain.trunkMRR, gain.popularityMRR, gain.cooccurrenceMRR];
  assertClose(counted, [(1 / 2 + 1 / 4) / 4, 1 / 4, (1 / 5 + 1) / 4], 1e-12);
});

test('a user of two seeds is one user, who counts twice in the means', () => {
  const out = folderWith({});
  const first = pretrained(out, 'causal', { a: [10, 20], b: [20, 40] }, { seed: 1 });
  const second = pretrained(out, 'causal', { a: [30, 60] }, { seed: 2 });
  const [gain] = pretrainingGains(out, [first, second]);
  assert.equal(gain.users, 2);
  // Every user is ranked twice as far ahead, so users do not vary.
  assertClose([gain.trunk, gain.popularity, gain.low, gain.high], [60 / 3, 120 / 3, 2, 2], 1e-12);
});

test('each source and each direction has its own gain', () => {
  const out = folderWith({});
  const gains = pretrainingGains(out, [
    pretrained(out, 'causal', { a: [1, 2] }),
    pretrained(out, 'non-causal', { a: [1, 3] }),
    pretrained(out, 'causal', { a: [1, 4] }, { source: 'News' }),
  ]);
  const found = gains.map(({ source, direction, ratio }) => `${source} ${direction} ${ratio}`);
  assert.deepEqual(found, ['Films causal 2', 'Films non-causal 3', 'News causal 4']);
});

test('trunks are compared by the mean ranks of the same users, if both were pre-trained', () => {
  const out = folderWith({});
  const causal = pretrained(out, 'causal', { a: [10, 1], b: [50, 1] });
  const beside = (a: number, b: number) =>
    compareTrunks(out, [causal, pretrained(out, 'non-causal', { a: [a, 1], b: [b, 1] })]);
  const expected = { source: 'Films', users: 2 };
  // Either user's item is nine places further ahead, so users do not vary.
  assert.deepEqual(beside(1, 41), [{ ...expected, difference: 9, low: 9, high: 9 }]);
  // Differences of −10 and 40, s² = 1,250: 15 ± 12.706 √(1,250 / 2), t of one degree of freedom
  const [{ difference, low, high }] = beside(20, 10);
  assertClose([difference, low, high], [15, 15 - 12.706 * 25, 15 + 12.706 * 25], 1e-2);
  const second = pretrained(out, 'causal', { a: [500, 1], b: [500, 1] }, { seed: 2 }); // of one trunk only
  const both = [causal, second, pretrained(out, 'non-causal', { a: [1, 1], b: [41, 1] })];
  assert.deepEqual(compareTrunks(out, both), [{ ...expected, difference: 9, low: 9, high: 9 }]);
  assert.deepEqual(compareTrunks(out, [causal]), []);
});
