import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pretrainingGains } from '../../lib/evidence/pretrainingGains';
import { inFolder } from '../recipes/tinyTasks';
import { assertClose } from '../tensorflow/bothWays';
import { pretrained } from './pretrainedTrunk';

test('the gain is the mean rank by popularity over that by the trunk', () =>
  inFolder((out) => {
    const lastItems = { a: [10, 20], b: [2, 40], c: [4, 1], d: [24, 59] } as const;
    const [gain] = pretrainingGains(out, [pretrained(out, 'causal', lastItems)]);
    assert.deepEqual([gain.source, gain.direction, gain.users], ['Films', 'causal', 4]);
    assertClose([gain.trunk, gain.popularity, gain.ratio], [40 / 4, 120 / 4, 3], 1e-12);
    assert.ok(gain.low < gain.ratio && gain.ratio < gain.high);
  }));

test('MRR@5 of the same items counts those among the first five alone', () =>
  inFolder((out) => {
    const lastItems = { a: [10, 20], b: [2, 40], c: [4, 1], d: [24, 59] } as const;
    const [gain] = pretrainingGains(out, [pretrained(out, 'causal', lastItems)]);
    assertClose([gain.trunkMRR, gain.popularityMRR], [(1 / 2 + 1 / 4) / 4, 1 / 4], 1e-12);
  }));

test('where every user is ranked three times further ahead, so is every resample', () =>
  inFolder((out) => {
    const lastItems = { a: [10, 30], b: [2, 6], c: [100, 300] } as const;
    const [gain] = pretrainingGains(out, [pretrained(out, 'causal', lastItems)]);
    assertClose([gain.ratio, gain.low, gain.high], [3, 3, 3], 1e-12);
  }));

test('a user of two seeds is one user, who counts twice in the means', () =>
  inFolder((out) => {
    const [gain] = pretrainingGains(out, [
      pretrained(out, 'causal', { a: [10, 20], b: [20, 40] }, { seed: 1 }),
      pretrained(out, 'causal', { a: [30, 60] }, { seed: 2 }),
    ]);
    assert.equal(gain.users, 2);
    assertClose([gain.trunk, gain.popularity, gain.low, gain.high], [60 / 3, 120 / 3, 2, 2], 1e-12);
  }));

test('each source and each direction has its own gain', () =>
  inFolder((out) => {
    const gains = pretrainingGains(out, [
      pretrained(out, 'causal', { a: [1, 2] }),
      pretrained(out, 'non-causal', { a: [1, 3] }),
      pretrained(out, 'causal', { a: [1, 4] }, { source: 'News' }),
    ]);
    assert.deepEqual(
      gains.map(({ source, direction, ratio }) => [source, direction, ratio]),
      [
        ['Films', 'causal', 2],
        ['Films', 'non-causal', 3],
        ['News', 'causal', 4],
      ],
    );
  }));
