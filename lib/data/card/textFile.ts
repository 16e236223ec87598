import { readFileSync } from 'node:fs';
import { UserError } from '../../base/userError';

/** The flaw of one row of a file. */
export interface Flaw {
  /** The column's name, or its number where the header names none. */
  readonly column: string;
  readonly expected: string;
  readonly found: string;
}

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
  cells: readonly string[],
  columns: readonly string[],
  kind = 'tab-separated fields',
): Flaw | undefined {
  if (cells.length === columns.length) return undefined;
  const first = Math.min(cells.length, columns.length);
  return {
    column: columns[first] || String(first + 1),
    expected: `${columns.length} ${kind}`,
    found: String(cells.length),
  };
}
