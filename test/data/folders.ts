import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = mkdtempSync(join(tmpdir(), 'datasets-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));
/** What is read in a test is kept for this process only. */
process.env.WORKBENCH_CACHE = join(root, 'cache');
let written = 0;

/** Writes files into a new temporary folder that goes with the process; returns the folder. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String(written++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** Tab-separated lines out of rows written with single spaces; `~` stands for a space inside a cell. */
export function tsv(...rows: string[]): string {
  return rows.map((row) => `${row.replaceAll(' ', '\t').replaceAll('~', ' ')}\n`).join('');
}
