import { test } from 'node:test';
import { expectedBest } from '../../lib/metrics/expectedBest';
import { assertClose } from '../engine/bothWays';

test('the expected best of one, two and three trials of 2, 1 and 3, by hand', () => {
  // Of two: the largest of nine pairs is 1 once, 2 thrice, 3 five times; of three: 1 once, 2 seven times, 3 nineteen times of 27.
  assertClose(expectedBest([2, 1, 3]), [2, (1 + 2 * 3 + 3 * 5) / 9, (1 + 2 * 7 + 3 * 19) / 27], 1e-12);
});

test('equal trials have their score whatever their number, also below 0', () => {
  assertClose(expectedBest([-2, -2]), [-2, -2], 1e-12);
});
