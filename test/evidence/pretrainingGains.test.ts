import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTrunks, type PretrainingGain, pretrainingGains } from '../../lib/evidence/pretrainingGains';
import type { Result } from '../../lib/experiments/documents/document';
import { assertClose } from '../engine/bothWays';
import { inFolder } from '../experiments/recipes/tinyTasks';
import { pretrained } from './pretrainedTrunk';

const gainsOf = (
  name: string,
  runs: (out: string) => Result[],
  check: (first: PretrainingGain, all: readonly PretrainingGain[]) => void,
) =>
  test(name, () =>
    inFolder((out) => {
      const gains = pretrainingGains(out, runs(out));
      check(gains[0], gains);
    }),
  );

gainsOf(
  'the gain is the mean rank by popularity over that by the trunk, beside the MRR@5 of both',
  (out) => [pretrained(out, 'causal', { a: [10, 20], b: [2, 40], c: [4, 1], d: [24, 59] })],
  (gain) => {
    assert.deepEqual([gain.source, gain.direction, gain.users], ['Films', 'causal', 4]);
    assertClose([gain.trunk, gain.popularity, gain.ratio], [40 / 4, 120 / 4, 3], 1e-12);
    assert.ok(gain.low < gain.ratio && gain.ratio < gain.high);
    assertClose([gain.trunkMRR, gain.popularityMRR], [(1 / 2 + 1 / 4) / 4, 1 / 4], 1e-12);
  },
);

gainsOf(
  'a user of two seeds is one user, who counts twice in the means',
  (out) => [
    pretrained(out, 'causal', { a: [10, 20], b: [20, 40] }, { seed: 1 }),
    pretrained(out, 'causal', { a: [30, 60] }, { seed: 2 }),
  ],
  (gain) => {
    assert.equal(gain.users, 2);
    assertClose([gain.trunk, gain.popularity, gain.low, gain.high], [60 / 3, 120 / 3, 2, 2], 1e-12);
  },
);

gainsOf(
  'each source and each direction has its own gain',
  (out) => [
    pretrained(out, 'causal', { a: [1, 2] }),
    pretrained(out, 'non-causal', { a: [1, 3] }),
    pretrained(out, 'causal', { a: [1, 4] }, { source: 'News' }),
  ],
  (_, gains) =>
    assert.deepEqual(
      gains.map(({ source, direction, ratio }) => `${source} ${direction} ${ratio}`),
      ['Films causal 2', 'Films non-causal 3', 'News causal 4'],
    ),
);

test('trunks are compared by the mean ranks of the same users, if both were pre-trained', () =>
  inFolder((out) => {
    const causal = pretrained(out, 'causal', { a: [10, 1], b: [50, 1] });
    const beside = (a: number, b: number) =>
      compareTrunks(out, [causal, pretrained(out, 'non-causal', { a: [a, 1], b: [b, 1] })]);
    const expected = { source: 'Films', users: 2 };
    // Either user's item is nine places further ahead, so every resample gives 9.
    assert.deepEqual(beside(1, 41), [{ ...expected, difference: 9, low: 9, high: 9 }]);
    // A quarter of the resamples is the first user twice, a quarter the second.
    assert.deepEqual(beside(20, 10), [{ ...expected, difference: 15, low: -10, high: 40 }]);
    assert.deepEqual(compareTrunks(out, [causal]), []);
  }));
