import type { ColumnTable } from 'arquero';

/** All interactions, user by user in time order. A code is a row number in `users` or `items`. */
export interface Histories {
  /** Ids by first appearance in the file. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly itemCodes: ReadonlyMap<string, number>;
  /** User u's history stands in `itemAt` from starts[u] up to starts[u + 1], oldest first. */
  readonly starts: Int32Array;
  readonly itemAt: Int32Array;
}

/** Groups interactions by user; within a user the order is timestamp, then file order. */
export function historiesOf(interactions: ColumnTable): Histories {
  const users = encode(interactions.array('user_id') as string[]);
  const items = encode(interactions.array('item_id') as string[]);
  const time = interactions.array('timestamp', Float64Array) as Float64Array;
  const starts = offsets(users.codes, users.ids.length);
  const rows = rowsByUser(users.codes, starts);
  for (let u = 0; u < users.ids.length; u++) {
    rows.subarray(starts[u], starts[u + 1]).sort((a, b) => time[a] - time[b] || a - b);
  }
  return {
    users: users.ids,
    items: items.ids,
    itemCodes: items.codeOf,
    starts,
    itemAt: rows.map((row) => items.codes[row]),
  };
}

/** The item codes of one user, oldest first. */
export function historyOf({ starts, itemAt }: Histories, user: number): Int32Array {
  return itemAt.subarray(starts[user], starts[user + 1]);
}

function encode(values: readonly string[]) {
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(values, (value) => {
    const code = codeOf.get(value) ?? codeOf.size;
    if (code === codeOf.size) codeOf.set(value, code);
    return code;
  });
  return { codes, codeOf, ids: [...codeOf.keys()] };
}

function offsets(codes: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const code of codes) starts[code + 1]++;
  for (let code = 0; code < count; code++) starts[code + 1] += starts[code];
  return starts;
}

function rowsByUser(codes: Int32Array, starts: Int32Array): Int32Array {
  const next = starts.slice();
  const rows = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row++) rows[next[codes[row]]++] = row;
  return rows;
}
