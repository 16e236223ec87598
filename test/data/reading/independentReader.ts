import { gunzipSync } from 'node:zlib';

/**
 * A second reader of atomic files, by the book and in one go, that shares no code with the first: strings, arrays and
 * maps. It says what a data set holds, or that it has to be refused.
 */

export interface Contents {
  /** Sequences by user, both as ids, in the order of first appearance. */
  readonly histories: readonly (readonly [string, readonly string[]])[];
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly dropped: number;
}

class Refused extends Error {}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const isNumber = (text: string) => NUMBER.test(text) && Number.isFinite(Number(text));

const IS: Readonly<Record<string, (text: string) => boolean>> = {
  token: () => true,
  token_seq: () => true,
  float: (text) => text === '' || isNumber(text),
  float_seq: (text) => text.split(' ').every((word) => word === '' || isNumber(word)),
};

interface Table {
  readonly names: readonly string[];
  /** Sound rows. */
  readonly rows: readonly (readonly string[])[];
  readonly dropped: number;
}

export type Rows = Readonly<Record<'interactions' | 'users' | 'items', Buffer>>;

/** What the files hold; undefined where they have to be refused. */
export function independentlyRead(files: Rows, onBadRow: 'error' | 'drop'): Contents | undefined {
  const log = ['user_id:token', 'item_id:token', 'timestamp:float'];
  try {
    const interactions = readTable(files.interactions, log, onBadRow);
    const users = readTable(files.users, ['user_id:token'], onBadRow, 'user_id');
    const items = readTable(files.items, ['item_id:token'], onBadRow, 'item_id');
    return join(interactions, users, items, onBadRow);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function join(interactions: Table, users: Table, items: Table, onBadRow: string): Contents {
  const ids = (table: Table, name: string) => table.rows.map((row) => row[table.names.indexOf(name)]);
  const [userIds, itemIds] = [ids(users, 'user_id'), ids(items, 'item_id')];
  const [knownUsers, knownItems] = [new Set(userIds), new Set(itemIds)];
  const [u, i, t] = ['user_id', 'item_id', 'timestamp'].map((name) => interactions.names.indexOf(name));
  const sound = interactions.rows.filter((row) => knownUsers.has(row[u]) && knownItems.has(row[i]));
  const unknown = interactions.rows.length - sound.length;
  if (sound.length === 0 || (unknown > 0 && onBadRow === 'error')) throw new Refused();
  const histories = new Map<string, (readonly string[])[]>();
  for (const row of sound) histories.set(row[u], [...(histories.get(row[u]) ?? []), row]);
  return {
    histories: [...histories].map(([user, rows]) => [
      user,
      [...rows].sort((a, b) => Number(a[t]) - Number(b[t])).map((row) => row[i]),
    ]),
    users: userIds,
    items: itemIds,
    dropped: interactions.dropped + users.dropped + items.dropped + unknown,
  };
}

function readTable(bytes: Buffer, required: readonly string[], onBadRow: string, unique?: string): Table {
  const [header, ...lines] = linesOf(bytes);
  const fields = header.split('\t').map((cell) => {
    const [name, type, ...more] = cell.split(':');
    if (!IS[type] || name === '' || /\s/.test(name) || more.length > 0) throw new Refused();
    return { name, type };
  });
  const names = fields.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new Refused();
  if (!required.every((cell) => header.split('\t').includes(cell))) throw new Refused();
  const needed = new Set(required.map((cell) => cell.split(':')[0]));
  const seen = new Set<string>();
  const isSound = (cells: readonly string[]) => {
    if (cells.length !== fields.length) return false;
    if (!fields.every(({ name, type }, c) => (cells[c] !== '' || !needed.has(name)) && IS[type](cells[c])))
      return false;
    if (needed.has('timestamp') && Number(cells[names.indexOf('timestamp')]) < 0) return false;
    if (unique === undefined) return true;
    const id = cells[names.indexOf(unique)];
    return !seen.has(id) && seen.add(id);
  };
  const rows = lines.map((line) => line.split('\t')).filter(isSound);
  const dropped = lines.length - rows.length;
  if (rows.length === 0 || (dropped > 0 && onBadRow === 'error')) throw new Refused();
  return { names, rows, dropped };
}

function linesOf(bytes: Buffer): string[] {
  const text = bytes.toString('utf8');
  const isControl = (character: string) => character < ' ' && !'\t\n\r'.includes(character);
  if (!bytes.equals(Buffer.from(text)) || [...text].some(isControl) || /\r(?!\n)/.test(text))
    throw new Refused();
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines[lines.length - 1] === '') lines.pop();
  if (lines.length === 0) throw new Refused();
  return lines;
}

interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** The text in a gzip file, and nothing where it is damaged or something follows it. */
export function gunzipped(bytes: Buffer): Buffer | undefined {
  try {
    const { buffer, engine } = gunzipSync(bytes, { info: true }) as unknown as Unpacked;
    return engine.bytesWritten === bytes.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}
