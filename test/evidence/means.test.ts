import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, uniform } from '../../lib/base/random';
import { meansWithin } from '../../lib/evidence/means';
import { percentiles } from '../../lib/metrics/bootstrap';

/** A method with these resamples around its metric. */
const drawn = (difference: number, moved: readonly number[]) => ({
  difference,
  draws: Float64Array.from(moved, (by) => difference + by),
});

test('intervals of means leave out what methods share of a resample', () => {
  const stream = random(1, 'means');
  const noise = () => Array.from({ length: 1000 }, () => uniform(stream) - 0.5);
  const shared = noise();
  const parallel = meansWithin([drawn(0.3, shared), drawn(0.4, shared)]);
  for (const [i, { mean, low, high }] of parallel.entries()) {
    assert.equal(mean, [0.3, 0.4][i]);
    assert.ok(Math.abs(high - mean) + Math.abs(mean - low) < 1e-12, `${low} ${high}`);
  }
  // Two methods: half their difference is left of each, times √2
  const own = noise();
  const apart = drawn(
    0.4,
    own.map((by, i) => by + shared[i]),
  );
  const [{ low, high }] = meansWithin([drawn(0.3, shared), apart]);
  const rests = percentiles(Float64Array.from(own, (by) => 0.3 - by / Math.SQRT2));
  assert.ok(Math.abs(low - rests.low) + Math.abs(high - rests.high) < 1e-12, `${low} ${high}`);
  const alone = drawn(0.3, shared);
  assert.deepEqual(meansWithin([alone]), [{ mean: 0.3, ...percentiles(alone.draws) }]);
});
