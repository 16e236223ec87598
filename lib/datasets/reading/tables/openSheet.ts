import { join } from 'node:path';
import { UserError } from '../../../userError';
import type { Engine } from '../sql/engine';
import { namesMatching, pathIn } from '../text/folder';
import { openJsonSheet } from './jsonSheet';
import { openParquetSheet } from './parquetSheet';
import type { Sheet, SheetPlace } from './sheet';
import { openTextSheet } from './textSheet';

const OPENERS = { text: openTextSheet, 'JSON lines': openJsonSheet, Parquet: openParquetSheet } as const;

/** Opens a file or the files of a pattern; throws a UserError for what is damaged or has other columns than the first. */
export function openSheet(engine: Engine, place: SheetPlace): Promise<Sheet> {
  const names = namesMatching(place.folder, place.part, place.name);
  const [kind, ...others] = new Set(names.map(kindOf));
  if (others.length === 0) return OPENERS[kind](engine, place, names);
  const found = [kind, ...others].join(' and ');
  throw new UserError(`${labelOf(place)}: expected files of one kind, found ${found}`);
}

/** What messages call a table: its file, or the pattern. */
export function labelOf({ folder, part, name }: SheetPlace): string {
  return name.includes('*') ? join(folder.path, name) : pathIn(folder, part, name);
}

export function kindOf(name: string): keyof typeof OPENERS {
  if (/\.parquet$/i.test(name)) return 'Parquet';
  return /\.(jsonl|ndjson|json)(\.gz)?$/i.test(name) ? 'JSON lines' : 'text';
}
