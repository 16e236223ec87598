import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permutation, type Random, random, uniform } from '../../lib/base/random';
import type { PerUser } from '../../lib/metrics/perUser';
import { estimateOf, pooledOver, type Variation, variationOf } from '../../lib/metrics/significance';
import { near, perUser } from './paired';

const of = (...seeds: PerUser[]) => variationOf(seeds);

test('one seed varies by its users: the squared standard error of their mean', () => {
  // np.var([0, 0, 1, 3], ddof=1) / 4
  const { difference, users, between, explained } = of(perUser([0, 0, 1, 3]));
  near(difference, 1, 1e-12);
  near(users, 0.5, 1e-12);
  assert.deepEqual([between, explained], [0, 0]);
});

test('two equal instances of a user are no more evidence than one, and users are matched by their ids', () => {
  const once = perUser([0, 1, 1, 0.5]);
  const twice = new Map([...once].map(([user, values]) => [user, [...values, ...values]]));
  near(of(twice).users, of(once).users, 1e-15);
  const [same, other] = [new Map([...once].reverse()), perUser([0, 1])];
  assert.equal(variationOf([once], [same]).users, 0);
  assert.throws(() => variationOf([once], [other]), /need the same users/);
});

test('users whom all seeds test alike explain nothing between seeds', () => {
  const { users, between, explained } = of(perUser([0, 0, 1, 3]), perUser([1, 1, 2, 4]));
  near(users, 0.5, 1e-12);
  near(between, 0.5, 1e-12);
  near(explained, 0, 1e-12);
});

test('users of one seed each explain the mean of the variances of the seeds', () => {
  const named = (values: readonly number[], seed: number): PerUser =>
    new Map(values.map((value, user) => [`${seed} ${user}`, [value]]));
  const { users, explained, userCount } = of(named([0, 2, 4, 6], 1), named([1, 1, 3, 3], 2));
  // sums of squared distances to the means of seeds, 20 and 4, over 4 ** 2; 8 / 7 corrects for the mean
  near(users, ((20 + 4) / 8 ** 2) * (8 / 7), 1e-12);
  near(explained, ((20 + 4) / 4 ** 2 / 2) * (8 / 7), 1e-12);
  assert.equal(userCount, 8);
});

test('without what users explain an estimate is Student’s t over seeds', () => {
  const seeds = [0.01, 0.03, 0.02, -0.005, 0.015].map((value) => perUser([value, value]));
  const found = estimateOf(of(...seeds));
  // x = np.array([.01, .03, .02, -.005, .015]); stats.t.interval(.95, 4, loc=x.mean(), scale=x.std(ddof=1) / np.sqrt(5))
  near(found.low, -0.0020698378536599497, 1e-9);
  near(found.high, 0.030069837853659954, 1e-9);
});

/** Standard deviations of users' and trainings' differences (power.ts), and the correlation of a user's between passes. */
const SPREAD = {
  Acc: { users: 0.38, trainings: 0.007, correlation: 0.6 },
  'HR@5': { users: 0.25, trainings: 0.003, correlation: 0.2 },
  'MRR@5': { users: 0.24, trainings: 0.005, correlation: 0.2 },
} as const;

/** A normal number (Box and Muller 1958). */
const normal = (deviation: number, stream: Random) =>
  deviation * Math.sqrt(-2 * Math.log(uniform(stream))) * Math.cos(2 * Math.PI * uniform(stream));

type Design = Record<'seeds' | 'users', number> & { readonly spread: (typeof SPREAD)[keyof typeof SPREAD] };

/** The means of a method's seeds: users fall into a cell for each way through the folds of the passes. */
function meansOf({ seeds, users, spread }: Design, stream: Random): number[] {
  const passes = seeds / 3;
  const cells = 3 ** passes;
  const [own, anew] = [spread.correlation, 1 - spread.correlation].map(
    (share) => spread.users * Math.sqrt((share * cells) / users / 2), // half of a difference is of each side
  );
  const lasting = Array.from({ length: cells }, () => normal(own, stream));
  return Array.from({ length: passes }, (_, pass) => {
    const means = [0, 1, 2].map(() => normal(spread.trainings / Math.SQRT2, stream));
    for (const [cell, value] of lasting.entries())
      means[Math.floor(cell / 3 ** pass) % 3] += (value + normal(anew, stream)) / (cells / 3);
    return means;
  }).flat();
}

/** Enough users that signs show all. */
const tested = {
  users: permutation(30, random(0)).map(String),
  sums: new Float64Array(30).fill(1),
  counts: new Float64Array(30).fill(1),
};

/** What two methods' seeds vary by, given what users vary by. */
function between(
  one: readonly number[],
  other: readonly number[],
  { seeds, users, spread }: Design,
): Variation {
  const differences = one.map((mean, seed) => mean - other[seed]);
  const difference = differences.reduce((a, b) => a + b, 0) / seeds;
  const passes = seeds / 3;
  const { users: s, correlation: r } = spread;
  return {
    ...{
      difference,
      userCount: users,
      share: 1 / seeds,
      tested: Array.from({ length: seeds }, () => tested),
    },
    users: (s ** 2 * (r + (1 - r) / passes)) / users,
    between: differences.reduce((sum, own) => sum + (own - difference) ** 2, 0) / (seeds - 1),
    explained:
      ((9 * s ** 2) / users) * ((passes - (passes + passes * (passes - 1) * r) / seeds) / (seeds - 1)),
  };
}

/** Share of claims of one method against so many others that are found at a level though there is no difference. */
function errors(
  design: Design,
  { others, level, worlds }: Record<'others' | 'level' | 'worlds', number>,
): number {
  const stream = random(1, 'errors', JSON.stringify(design));
  let wrong = 0;
  for (let world = 0; world < worlds; world++) {
    const [first, ...rest] = Array.from({ length: others + 1 }, () => meansOf(design, stream));
    const found = rest.map((other) => between(first, other, design));
    const pooled = pooledOver(found, (others + 1) / 2);
    for (const one of found) {
      const { pAbove, pBelow } = estimateOf(one, pooled);
      if (2 * Math.min(pAbove(0), pBelow(0)) < level) wrong++;
    }
  }
  return wrong / worlds / others;
}

/** `WORLDS=12000 node --import tsx --test test/metrics/variation.test.ts` prints the table of lib/evidence/README.md. */
const worlds = Number(process.env.WORLDS ?? 300);
for (const [metric, spread] of Object.entries(SPREAD))
  for (const others of [1, 5])
    test(`${metric}: at 5 % no more than 5.5 % of claims against ${others} are found where there is no difference`, () => {
      const rows = [1000, 5000, 40_000].map((users) =>
        [3, 6, 12].map((seeds) => errors({ seeds, users, spread }, { others, level: 0.05, worlds })),
      );
      const percent = (share: number) => (100 * share).toFixed(1);
      if (process.env.WORLDS)
        console.log(metric, others, rows.map((row) => row.map(percent).join(' ')).join(' | '));
      const tolerance = 3 * Math.sqrt((0.05 * 0.95) / worlds);
      assert.ok(
        rows.flat().every((share) => share < 0.055 + tolerance),
        String(rows),
      );
    });
