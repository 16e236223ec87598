import { type ColumnTable, table } from 'arquero';
import type { Encoded } from '../reading/formats/reading';

/** All interactions, and where to find an item and a user in them. A code is a place in `users` or `items`. */
export interface Histories extends Omit<Encoded, 'counts'> {
  readonly itemCodes: ReadonlyMap<string, number>;
  /** User u's history stands in `itemAt` from starts[u] up to starts[u + 1], oldest first. */
  readonly starts: Int32Array;
}

export function historiesOf({ counts, ...encoded }: Encoded): Histories {
  const starts = new Int32Array(counts.length + 1);
  for (const [user, count] of counts.entries()) starts[user + 1] = starts[user] + count;
  return { ...encoded, itemCodes: new Map(encoded.items.map((id, code) => [id, code])), starts };
}

/** The item codes of one user, oldest first. */
export const historyOf = ({ starts, itemAt }: Histories, user: number): Int32Array =>
  itemAt.subarray(starts[user], starts[user + 1]);

/** The times of one user's interactions, oldest first; empty without a timeline. */
export const timesOf = ({ starts, timeAt = new Float64Array(0) }: Histories, user: number): Float64Array =>
  timeAt.subarray(starts[user], starts[user + 1]);

/** Number of interactions of a user before a time: the first of their history. */
export function countBefore(histories: Histories, user: number, time: number): number {
  const times = timesOf(histories, user);
  const at = times.findIndex((own) => own >= time);
  return at < 0 ? times.length : at;
}

/** The interactions as a table, user by user, oldest first: columns user_id and item_id. */
export function interactionsTable({ users, items, starts, itemAt }: Histories): ColumnTable {
  const userAt = new Int32Array(itemAt.length);
  for (let user = 0; user < users.length; user++) userAt.fill(user, starts[user], starts[user + 1]);
  // A column looks its ids up, so that a row holds a code and no text.
  const idsAt = (codes: Int32Array, ids: readonly string[]) => {
    return { length: codes.length, at: (row: number) => ids[codes[row]] };
  };
  return table({ user_id: idsAt(userAt, users), item_id: idsAt(itemAt, items) });
}
