import assert from 'node:assert/strict';
import { less, nestedBootstrap, type PerUser } from '../../lib/metrics/bootstrap';

/** Two sides of one seed. */
export const paired = (a: PerUser, b: PerUser, seed: number, repeats?: number) =>
  nestedBootstrap(less([a], [b]), { crossed: false, seed }, repeats);

/** Users with one value each: `blocks` are [value, how many users]. */
export const users = (...blocks: (readonly [value: number, count: number])[]): PerUser =>
  new Map(
    blocks
      .flatMap(([value, count]) => Array<number>(count).fill(value))
      .map((value, u) => [`u${u}`, [value]]),
  );

/** The same users, all with the value 0. */
export const zeros = (perUser: PerUser): PerUser =>
  new Map([...perUser].map(([user, values]) => [user, values.map(() => 0)]));

export const near = (actual: number | undefined, expected: number, tolerance: number): void =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
