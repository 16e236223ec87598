import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import iconv from 'iconv-lite';
import { UserError } from '../../base/userError';

/** The encoding of text by default. */
export const UTF8 = 'utf-8';

/** Whether iconv-lite knows `name` as an encoding of text. */
export const isEncoding = (name: string): boolean =>
  iconv.encodingExists(name) && !/^(base64|hex|binary|utf-?7)/i.test(name);

/** The flaw of one row of a file; `column`: its name, or its number where the header names none. */
export type Flaw = { readonly column: string; readonly expected: string; readonly found: string };

/** A value as shown in an error message: quoted, control characters escaped, shortened. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The error for one place of a file; `line` counts from 1. */
export function flawAt(file: string, line: number, flaw: Flaw): UserError {
  return new UserError(
    `${file}, line ${line}, column ${flaw.column}: expected ${flaw.expected}, found ${flaw.found}`,
  );
}

/** The lines of a text without their line ends. */
export function linesIn(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** A text file without its byte order mark. Throws a UserError for one that is unreadable or not UTF-8. */
export function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UserError(`${file}: expected a readable file (${(error as NodeJS.ErrnoException).code})`);
  }
  return textOf(file, bytes);
}

/** UTF-8 bytes as text without a byte order mark. Throws a UserError that names `file` for other bytes. */
export function textOf(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file}: expected UTF-8 text of at most 512 MB`);
  }
}

/** The flaw of a row with fewer or more cells than its file has columns. */
export function widthFlaw(
  { length }: readonly string[],
  columns: readonly string[],
  kind = 'tab-separated fields',
): Flaw | undefined {
  if (length === columns.length) return undefined;
  const first = Math.min(length, columns.length);
  const column = columns[first] || String(first + 1);
  return { column, expected: `${columns.length} ${kind}`, found: String(length) };
}

/** The path of a file or folder that a card names, links resolved. Throws a UserError for none and for one outside its folder. */
export function pathOfCard(folder: string, key: string, path: string): string {
  const root = realpathSync(folder);
  let found: string;
  try {
    found = realpathSync(join(root, path));
  } catch {
    throw refused(folder, key, 'a file in the folder', `no ${quoted(path)}`);
  }
  if (found === root || found.startsWith(root + sep)) return found;
  const link = normalize(path).startsWith('..') ? '' : ', a link that leads out of it';
  throw refused(folder, key, 'a file inside the folder', `${quoted(path)}${link}`);
}

/** The path of a file that a card names. Throws a UserError as `pathOfCard`, and for a folder. */
export function fileOfCard(folder: string, key: string, path: string): string {
  const file = pathOfCard(folder, key, path);
  if (statSync(file).isFile()) return file;
  throw refused(folder, key, 'a file', `the folder ${quoted(path)}`);
}

const refused = (folder: string, key: string, expected: string, found: string) =>
  new UserError(`${join(folder, 'dataset.json')}: ${key}: expected ${expected}, found ${found}`);
