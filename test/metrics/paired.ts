import assert from 'node:assert/strict';
import { type Random, uniform } from '../../lib/base/random';
import type { PerUser } from '../../lib/metrics/perUser';

/** Users with one value each. */
export const perUser = (values: readonly number[]): PerUser =>
  new Map(values.map((value, u) => [`u${u}`, [value]]));

/** The same, by [value, how many users]. */
export const users = (...blocks: (readonly [value: number, count: number])[]): PerUser =>
  perUser(blocks.flatMap(([value, count]) => Array<number>(count).fill(value)));

/** The same users, all with the value 0. */
export const zeros = (perUser: PerUser): PerUser =>
  new Map([...perUser].map(([user, values]) => [user, values.map(() => 0)]));

/** A value with mean 0 and that standard deviation. */
export const noise = (deviation: number, stream: Random) =>
  deviation * Math.sqrt(12) * (uniform(stream) - 0.5);

export const near = (actual: number | undefined, expected: number, tolerance: number): void =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
