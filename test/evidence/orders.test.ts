import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, uniform } from '../../lib/base/random';
import { agreement, halvesAgree } from '../../lib/evidence/orders';

/** Methods with these means, each with noise within so much. */
function drawnAround(means: readonly number[], width: number, seed: number) {
  const stream = random(seed, 'orders');
  return means.map((difference) => ({
    difference,
    draws: Float64Array.from({ length: 400 }, () => difference + width * (uniform(stream) - 0.5)),
  }));
}

test('τ is 1 for one order, noise lowers that of resamples, and there is none where all tie', () => {
  const means = Array.from({ length: 12 }, (_, i) => i / 100);
  const of = (width: number, seed: number) => drawnAround(means, width, seed);
  assert.deepEqual(agreement([of(0, 1), of(0, 2)]), { tau: 1, low: 1, high: 1 });
  assert.deepEqual(agreement([of(0, 1), drawnAround([...means].reverse(), 0, 2)]), {
    tau: -1,
    low: -1,
    high: -1,
  });
  const apart = agreement([of(0.08, 1), of(0.08, 2)]);
  assert.ok(apart.tau === 1 && apart.high < 1, `${apart.high}`);
  const tied = drawnAround([1, 1], 0, 1);
  const [same, contrary] = [of(0, 2), drawnAround([...means].reverse(), 0, 2)];
  assert.deepEqual(agreement([of(0, 1), same], [of(0, 1), contrary], [tied, tied]), {
    tau: 0,
    low: 0,
    high: 0,
  });
  assert.deepEqual(agreement([tied, tied]), { tau: Number.NaN, low: Number.NaN, high: Number.NaN });
});

test('halves of the seeds agree as far as each half with the rest, in the mean', () => {
  // [0, 1, 3] and [1.5, 1.5, 3]: 2 / √6; [2, 1, 3] and [.5, 1.5, 3]: 1 / 3; [1, 2, 3] and [1, 1, 3]: 2 / √6
  const values = [
    [0, 2, 1],
    [1, 1, 2],
    [3, 3, 3],
  ];
  assert.ok(
    Math.abs(halvesAgree(values, values) - (1 / 3 + 4 / Math.sqrt(6)) / 3) < 1e-12,
    `${halvesAgree(values, values)}`,
  );
  assert.ok(Number.isNaN(halvesAgree([[1], [2]], [[1], [2]])));
  // One order by each seed as the other by the other seed, and contrary to it by the same.
  const [a, b] = [0, 1].map((i) =>
    [
      [1, 3],
      [2, 2],
      [3, 1],
    ].map((own) => [own[i], own[1 - i]]),
  );
  assert.equal(halvesAgree(a, b), 1);
  // Of noise alone the halves agree as often as not.
  const stream = random(1, 'halves');
  const noise = Array.from({ length: 60 }, () => [0, 0, 0, 0].map(() => uniform(stream)));
  assert.ok(Math.abs(halvesAgree(noise, noise)) < 0.1, `${halvesAgree(noise, noise)}`);
});
