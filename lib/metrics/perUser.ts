/** Values of test users, and sums of them over methods. */
import { sum } from 'simple-statistics';

/** The values of each user's instances, which are not independent. */
export type PerUser = ReadonlyMap<string, readonly number[]>;

/** The users of a seed, with the sum and count of the values of each. */
export type Tested = Readonly<Record<'sums' | 'counts', Float64Array>> & {
  readonly users: readonly string[];
};

/** A method with its weight in a sum of means, and the values of the users whom each seed tested. */
export type Side = { readonly weight: number; readonly seeds: readonly PerUser[] };

/** Collects the values of rows by user; `userIds[i]` belongs to `values[i]`. */
export function groupByUser(userIds: readonly string[], values: ArrayLike<number>): PerUser {
  const groups = new Map<string, number[]>(userIds.map((id) => [id, []]));
  for (const [i, id] of userIds.entries()) groups.get(id)?.push(values[i]);
  return groups;
}

export const less = (one: readonly PerUser[], other: readonly PerUser[]): Side[] => [
  { weight: 1, seeds: one },
  { weight: -1, seeds: other },
];

/** Weighted sums over sides of the values of each user of a seed. Throws where the sides have other users. */
export function summed(sides: readonly Side[], seed: number): Tested {
  const users = [...sides[0].seeds[seed].keys()];
  const totals = sides.map(({ seeds }) => totalsOf(seeds[seed], users));
  const weighted = (_: string, user: number) =>
    sum(sides.map(({ weight }, side) => weight * totals[side].sums[user]));
  return { users, sums: Float64Array.from(users, weighted), counts: totals[0].counts };
}

/** In the order of `users`; throws where the values are of others. */
function totalsOf(perUser: PerUser, users: readonly string[]): Omit<Tested, 'users'> {
  const own = users.map((user) => perUser.get(user) ?? []);
  if (perUser.size !== users.length || own.some(({ length }) => length === 0))
    throw new Error(
      `paired statistics need the same users on both sides, got ${users.length} and ${perUser.size}`,
    );
  return {
    sums: Float64Array.from(own, (values) => values.reduce((sum, value) => sum + value, 0)),
    counts: Float64Array.from(own, ({ length }) => length),
  };
}
