import { test } from 'node:test';
import { meansWithin } from '../../lib/evidence/means';
import { estimateOf, variationOf } from '../../lib/metrics/significance';
import { near, perUser } from '../metrics/paired';

const alone = (values: readonly number[]) => estimateOf(variationOf([perUser(values)]));

test('intervals of means leave out what methods share of the users', () => {
  const shared = [0.1, 0.9, 0.4, 0.2, 0.9];
  const parallel = meansWithin([[perUser(shared)], [perUser(shared.map((value) => value + 0.1))]]);
  for (const [i, { mean, low, high }] of parallel.entries()) {
    near(mean, [0.5, 0.6][i], 1e-12);
    near(high - low, 0, 1e-12);
  }
  // Two methods: half their difference is left of each, times √2
  const own = [0.3, -0.1, 0.2, 0, 0.1];
  const apart = shared.map((value, u) => value + own[u]);
  const [{ mean, low, high }] = meansWithin([[perUser(shared)], [perUser(apart)]]);
  const rest = alone(own.map((value) => value / Math.SQRT2));
  near(mean, 0.5, 1e-12);
  near(mean - low, rest.difference - rest.low, 1e-12);
  near(high - mean, rest.high - rest.difference, 1e-12);
});

test('the interval of one method alone is that of its users', () => {
  const [{ mean, low, high }] = meansWithin([[perUser([0, 0, 1, 1])]]);
  near(mean, 0.5, 1e-12);
  near(high, 0.5 + 3.1824 * Math.sqrt(1 / 12), 1e-4);
  near(low, 0.5 - 3.1824 * Math.sqrt(1 / 12), 1e-4); // t of 3 degrees of freedom, s² = 1/3 over 4 users
});
