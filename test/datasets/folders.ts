import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

const root = mkdtempSync(join(tmpdir(), 'datasets-'));
after(() => rmSync(root, { recursive: true, force: true }));
let written = 0;

/** Writes files into a new temporary folder that goes when the test file ends; returns the folder. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(written++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** Tab-separated lines out of rows written with single spaces; `~` stands for a space inside a cell. */
export function tsv(...rows: string[]): string {
  return rows.map((row) => `${row.replaceAll(' ', '\t').replaceAll('~', ' ')}\n`).join('');
}
