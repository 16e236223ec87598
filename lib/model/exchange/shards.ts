/** Files of many rows, computed in shards: one that is cut off goes on at the first shard that is missing. */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../base/fingerprint';
import { type Content, removeParts, writeWhole } from '../../base/whole';

/** Rows of a shard. They change no byte of the file. */
const SHARD = 1 << 14;

/** Sources of a file, so that shards of another model or input are not taken for its own; told after each shard. */
export type Making = {
  readonly made: object;
  readonly rows: number;
  readonly shard?: number;
  readonly onShard?: (done: number, of: number) => void;
};

/**
 * Writes a file from its shards, each computed once and kept beside it until all are there. `join` gives the content of the file, or
 * writes it, from the files of the shards.
 */
export async function writeSharded(
  file: string,
  { made, rows, shard = SHARD, onShard }: Making,
  contentOf: (from: number, to: number) => Iterable<Content>,
  join: (shards: readonly string[]) => Iterable<Content> | Promise<void>,
): Promise<void> {
  const folder = `${file}.shards`;
  const own = path.join(folder, fingerprint({ made, rows, shard }));
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : [])
    if (path.join(folder, name) !== own) fs.rmSync(path.join(folder, name), { recursive: true });
  removeParts(own, '');
  removeParts(path.dirname(file), `${path.basename(file)}.`);
  const starts = Array.from({ length: Math.ceil(rows / shard) }, (_, i) => i * shard);
  const shards = starts.map((from) => path.join(own, String(from)));
  for (const [i, from] of starts.entries()) {
    if (!fs.existsSync(shards[i])) writeWhole(shards[i], contentOf(from, Math.min(rows, from + shard)));
    onShard?.(i + 1, starts.length);
  }
  const joined = join(shards);
  if (joined instanceof Promise) await joined;
  else writeWhole(file, joined);
  fs.rmSync(folder, { recursive: true });
}

/** The contents of files, one after the other. */
export function* contents(files: readonly string[]): Generator<Content> {
  for (const file of files) yield fs.readFileSync(file);
}
