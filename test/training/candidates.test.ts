import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../lib/base/random';
import {
  candidateBatch,
  drawCandidates,
  logExpectedCounts,
  logUniformSampler,
  type Sampler,
  uniformSampler,
} from '../../lib/training/candidates';
import { assertClose } from '../engine/bothWays';

test('log-uniform probabilities of 3 items are ½, log 3/2 / log 4 and log 4/3 / log 4; those of either sampler sum to 1', () => {
  assertClose([0, 1, 2].map(logUniformSampler(3).probability), [0.5, 0.292481, 0.207519], 1e-6);
  for (const { items, probability } of [logUniformSampler(1000), uniformSampler(1000)]) {
    const sum = Array.from({ length: items }, (_, i) => probability(i)).reduce((a, b) => a + b);
    assertClose([sum], [1], 1e-12);
  }
});

/** Σ (n − n p)² / (n p) of n draws; its mean is V − 1, its variance 2 (V − 1). */
function chiSquare({ items, probability, draw }: Sampler, draws: number): number {
  const counts = new Array<number>(items).fill(0);
  const stream = random(7, 'draws');
  for (let i = 0; i < draws; i++) counts[draw(stream)]++;
  return counts.reduce((sum, count, i) => {
    const expected = draws * probability(i);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}
for (const [name, sampler] of [
  ['log-uniform', logUniformSampler(50)],
  ['uniform', uniformSampler(50)],
] as const) {
  test(`${name} draws come as often as their probability says (χ², five deviations)`, () => {
    const off = chiSquare(sampler, 200_000) - 49;
    assert.ok(Math.abs(off) < 5 * Math.sqrt(2 * 49), `${off}`);
  });
}

test('the candidates are distinct items, the same for the same seed', () => {
  const draw = () => drawCandidates(logUniformSampler(645_000), 2000, random(3, 'candidates'));
  const { ids, tries } = draw();
  assert.equal(new Set(ids).size, 2000);
  assert.ok(ids.every((id) => id >= 0 && id < 645_000));
  assert.ok(tries > 2000, 'frequent items are drawn more than once');
  assert.deepEqual(draw(), { ids, tries });
  assert.notDeepEqual(drawCandidates(logUniformSampler(645_000), 2000, random(4, 'candidates')).ids, ids);
});

test('as many candidates as items are all items; more, or none, are refused', () => {
  const { ids } = drawCandidates(logUniformSampler(5), 5, random(1, 'all'));
  assert.deepEqual([...ids].sort(), [0, 1, 2, 3, 4]);
  for (const S of [0, 4, Number.NaN])
    assert.throws(() => drawCandidates(uniformSampler(3), S, random(1, 'none')), {
      name: 'UserError',
      message: new RegExp(`1 to 3 candidates .* not ${S}$`),
    });
});

test('expected counts are S · P where each draw was a new item, else 1 − (1 − P)^tries', () => {
  const sampler = uniformSampler(4);
  const counts = (tries: number) =>
    logExpectedCounts(Int32Array.of(0), { ids: Int32Array.of(2, 3), tries }, sampler);
  assertClose(counts(2).map(Math.exp), [2 / 4], 1e-6);
  assertClose(counts(3).map(Math.exp), [1 - (3 / 4) ** 3], 1e-6);
});

test('how often an item is among the candidates is near its expected count', () => {
  const [sampler, stream, rounds] = [logUniformSampler(40), random(5, 'rounds'), 4000];
  const [found, expected] = [new Float64Array(40), new Float64Array(40)];
  const items = Int32Array.from({ length: 40 }, (_, i) => i);
  for (let round = 0; round < rounds; round++) {
    const drawn = drawCandidates(sampler, 8, stream);
    for (const id of drawn.ids) found[id] += 1 / rounds;
    logExpectedCounts(items, drawn, sampler).forEach((log, i) => {
      expected[i] += Math.exp(log) / rounds;
    });
  }
  // The count of a frequency p over 4000 rounds deviates by at most ½ / √4000 = 0.008; the formula itself is an
  // approximation, which is off most for the items that are nearly always drawn.
  for (let i = 1; i < 40; i++)
    assert.ok(Math.abs(found[i] - expected[i]) < 0.05, `${i}: ${found[i]}, ${expected[i]}`);
});

test('a batch has the log expected counts of its candidates and labels', () => {
  const labels = Int32Array.of(1, 9, 1);
  const { candidates, candidateLogCounts, labelLogCounts } = candidateBatch(
    uniformSampler(10),
    4,
    labels,
    random(2, 'batch'),
  );
  assert.deepEqual([candidates.length, candidateLogCounts.length, labelLogCounts.length], [4, 4, 3]);
  assert.equal(new Set([...candidateLogCounts, ...labelLogCounts]).size, 1);
});
