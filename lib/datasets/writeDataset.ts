import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files/whole';
import { UserError } from '../userError';
import { parseCard } from './card/card';

type Value = string | number | Date | readonly string[] | null | undefined;
type Row = Readonly<Record<string, Value>>;

/**
 * The tables of a data set as lists of rows, which `table.objects()` of Arquero and `dfd.toJSON(frame)` of Danfo give.
 * Interactions have user_id, item_id and timestamp, users a user_id, items an item_id.
 */
export type Frames = {
  readonly interactions: readonly object[];
  readonly users?: readonly object[];
  readonly items?: readonly object[];
};

const FILES = { interactions: 'data.inter', users: 'data.user', items: 'data.item' } as const;

/**
 * Writes data frames as a data set: RecBole's atomic files and their card, which needs no file names. Lists become
 * sequences of tokens, dates seconds. Throws a UserError for a wrong card, for text that a table cannot hold, and for a
 * folder whose card is not its own.
 */
export function writeDataset(folder: string, card: object, frames: Frames): void {
  const file = join(folder, 'dataset.json');
  if (existsSync(file) && !existsSync(join(folder, FILES.interactions)))
    throw new UserError(`${folder}: expected a new folder or one written before, found another data set`);
  const names = (Object.keys(FILES) as (keyof Frames)[]).filter((name) => frames[name] !== undefined);
  const whole = { ...Object.fromEntries(names.map((name) => [name, FILES[name]])), ...card };
  parseCard(file, JSON.stringify(whole));
  const tables = names.map((name) => {
    const path = join(folder, FILES[name]);
    return { path, text: textOf(path, frames[name] as readonly Row[]) };
  });
  for (const { path, text } of tables) writeWhole(path, text);
  writeWhole(file, `${JSON.stringify(whole, null, 2)}\n`);
}

function textOf(file: string, rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const header = columns.map((column) => `${column}:${typeOf(column, rows)}`);
  const lines = rows.map((row) => columns.map((column) => cell(file, column, row[column])).join('\t'));
  return `${[header.join('\t'), ...lines].join('\n')}\n`;
}

/** Ids are tokens whatever they look like; other columns are what their first value is. */
function typeOf(column: string, rows: readonly Row[]): 'token' | 'token_seq' | 'float' {
  if (column === 'user_id' || column === 'item_id') return 'token';
  const value = rows.map((row) => row[column]).find((found) => found !== null && found !== undefined);
  if (Array.isArray(value)) return 'token_seq';
  return typeof value === 'number' || value instanceof Date ? 'float' : 'token';
}

function cell(file: string, column: string, value: Value): string {
  const text = plain(value);
  const splits = Array.isArray(value) ? value.some((token) => /\s/.test(token)) : /[\t\r\n]/.test(text);
  if (!splits) return text;
  const expected = Array.isArray(value) ? 'words without spaces' : 'text without tabs and line breaks';
  throw new UserError(`${file}: ${column}: expected ${expected}, found ${JSON.stringify(value)}`);
}

function plain(value: Value): string {
  if (value instanceof Date) return String(value.getTime() / 1000);
  return Array.isArray(value) ? value.join(' ') : String(value ?? '');
}
