/** Values of test users, and their sums by user. */

/** The values of each user's instances, which are not independent. */
export type PerUser = ReadonlyMap<string, readonly number[]>;

/** The users of a seed, with the sum and count of the values of each. */
export type Tested = Readonly<Record<'sums' | 'counts', Float64Array>> & {
  readonly users: readonly string[];
};

/** Collects the values of rows by user; `userIds[i]` belongs to `values[i]`. */
export function groupByUser(userIds: readonly string[], values: ArrayLike<number>): PerUser {
  const groups = new Map<string, number[]>(userIds.map((id) => [id, []]));
  for (const [i, id] of userIds.entries()) groups.get(id)?.push(values[i]);
  return groups;
}

const total = (values: readonly number[] = []): number => values.reduce((sum, value) => sum + value, 0);

/** The values of a seed's users, less those of `other` where it is given. Throws where the two have other users. */
export function testedIn(one: PerUser, other?: PerUser): Tested {
  const users = [...one.keys()];
  if (other && (other.size !== one.size || users.some((user) => !other.has(user))))
    throw new Error(`paired statistics need the same users on both sides, got ${one.size} and ${other.size}`);
  return {
    users,
    sums: Float64Array.from(users, (user) => total(one.get(user)) - total(other?.get(user))),
    counts: Float64Array.from([...one.values()], ({ length }) => length),
  };
}
