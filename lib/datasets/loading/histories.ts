import { type ColumnTable, table } from 'arquero';
import type { Encoded } from '../reading/formats/reading';

/** All interactions, user by user in time order. A code is a place in `users` or `items`. */
export interface Histories {
  /** Ids by first appearance in the file. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly itemCodes: ReadonlyMap<string, number>;
  /** User u's history stands in `itemAt` from starts[u] up to starts[u + 1], oldest first. */
  readonly starts: Int32Array;
  readonly itemAt: Int32Array;
}

export function historiesOf({ users, items, counts, itemAt }: Encoded): Histories {
  const starts = new Int32Array(users.length + 1);
  for (let user = 0; user < users.length; user++) starts[user + 1] = starts[user] + counts[user];
  return { users, items, itemCodes: new Map(items.map((id, code) => [id, code])), starts, itemAt };
}

/** The item codes of one user, oldest first. */
export function historyOf({ starts, itemAt }: Histories, user: number): Int32Array {
  return itemAt.subarray(starts[user], starts[user + 1]);
}

/** The interactions as a table, user by user, oldest first: columns user_id and item_id. */
export function interactionsTable({ users, items, starts, itemAt }: Histories): ColumnTable {
  const userAt = new Int32Array(itemAt.length);
  for (let user = 0; user < users.length; user++) userAt.fill(user, starts[user], starts[user + 1]);
  return table({ user_id: idColumn(userAt, users), item_id: idColumn(itemAt, items) });
}

/** A column that looks its ids up, so that a row costs no text. */
function idColumn(codes: Int32Array, ids: readonly string[]) {
  const at = (row: number) => ids[codes[row]];
  return { length: codes.length, at };
}
