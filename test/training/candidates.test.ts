import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import {
  candidateBatch,
  drawCandidates,
  logExpectedCounts,
  logUniformSampler,
  uniformSampler,
} from '../../lib/training/inputs';
import { assertClose } from '../engine/bothWays';

test('log-uniform probabilities of 3 items are ½, log 3/2 / log 4 and log 4/3 / log 4', () => {
  assertClose([0, 1, 2].map(logUniformSampler(3).probability), [0.5, 0.292481, 0.207519], 1e-6);
});

for (const [name, { items, probability, draw }] of Object.entries({
  'log-uniform': logUniformSampler(50),
  uniform: uniformSampler(50),
}))
  test(`${name} draws come as often as their probability says (χ², five deviations), which sums to 1`, () => {
    const [draws, stream] = [200_000, random(7, 'draws')];
    const counts = new Array<number>(items).fill(0);
    for (let i = 0; i < draws; i++) counts[draw(stream)]++;
    const sumOver = (of: (count: number, i: number) => number) =>
      counts.map(of).reduce((sum, one) => sum + one, 0);
    assertClose([sumOver((_, i) => probability(i))], [1], 1e-12);
    // Σ (n − n p)² / (n p) has mean V − 1 and variance 2 (V − 1).
    const chiSquare = sumOver((n, i) => (n - draws * probability(i)) ** 2 / (draws * probability(i)));
    assert.ok(Math.abs(chiSquare - 49) < 5 * Math.sqrt(2 * 49), `${chiSquare}`);
  });

test('the candidates are distinct items, the same for the same seed', () => {
  const draw = (seed: number) => drawCandidates(logUniformSampler(645_000), 2000, random(seed, 'candidates'));
  const { ids, tries } = draw(3);
  assert.equal(new Set(ids).size, 2000);
  assert.ok(ids.every((id) => id >= 0 && id < 645_000));
  assert.ok(tries > 2000, 'frequent items are drawn more than once');
  assert.deepEqual(draw(3), { ids, tries });
  assert.notDeepEqual(draw(4).ids, ids);
});

test('as many candidates as items are all items; more, or none, are refused', () => {
  const draw = (S: number) => drawCandidates(logUniformSampler(5), S, random(1, 'all'));
  assert.deepEqual([...draw(5).ids].sort(), [0, 1, 2, 3, 4]);
  for (const S of [0, 6, Number.NaN])
    assert.throws(() => draw(S), { name: 'UserError', message: new RegExp(`1 to 5 .* not ${S}$`) });
});

test('expected counts are S · P where each draw was a new item, else 1 − (1 − P)^tries; a batch has them for its labels too', () => {
  const sampler = uniformSampler(4);
  const count = (tries: number) =>
    logExpectedCounts(Int32Array.of(0), { ids: Int32Array.of(2, 3), tries }, sampler).map(Math.exp);
  assertClose([...count(2), ...count(3)], [2 / 4, 1 - (3 / 4) ** 3], 1e-6);
  const [skewed, labels] = [logUniformSampler(10), Int32Array.of(1, 9, 1)];
  const drawn = drawCandidates(skewed, 4, random(2, 'batch'));
  const batch = candidateBatch(skewed, 4, labels, random(2, 'batch'));
  assert.deepEqual(batch.labelLogCounts, logExpectedCounts(labels, drawn, skewed));
  assert.notEqual(batch.labelLogCounts[0], batch.labelLogCounts[1]);
});

test('how often an item is among the candidates is near its expected count', () => {
  const [sampler, stream, rounds] = [logUniformSampler(40), random(5, 'rounds'), 4000];
  const [found, expected] = [new Float64Array(40), new Float64Array(40)];
  const items = Int32Array.from({ length: 40 }, (_, i) => i);
  for (let round = 0; round < rounds; round++) {
    const drawn = drawCandidates(sampler, 8, stream);
    for (const id of drawn.ids) found[id] += 1 / rounds;
    for (const [i, log] of logExpectedCounts(items, drawn, sampler).entries())
      expected[i] += Math.exp(log) / rounds;
  }
  // The count of a frequency p over 4000 rounds deviates by at most ½ / √4000 = 0.008; the formula itself is an
  // approximation, which is off most for the items that are nearly always drawn.
  assertClose(found.subarray(1), expected.subarray(1), 0.05);
});
