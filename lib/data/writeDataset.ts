import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inCode, UserError } from '../base/userError';
import { writeWhole } from '../base/whole';
import { parseCard } from './card/card';

type Value = string | number | Date | readonly string[] | null | undefined;
type Row = Readonly<Record<string, Value>>;

/**
 * The tables of a data set as lists of rows, which `table.objects()` of Arquero and `dfd.toJSON(frame)` of Danfo give.
 * Interactions have user_id, item_id and timestamp, users a user_id, items an item_id.
 */
type Frames = {
  readonly interactions: readonly object[];
  readonly users?: readonly object[];
  readonly items?: readonly object[];
};

const FILES = { interactions: 'data.inter', users: 'data.user', items: 'data.item' } as const;
const NEEDED = {
  interactions: ['user_id', 'item_id', 'timestamp'],
  users: ['user_id'],
  items: ['item_id'],
};

/**
 * Writes data frames as a data set: RecBole's atomic files and their card, which needs no file names. Lists become
 * sequences of tokens, dates seconds, missing values, null and NaN empty cells. Throws a UserError, before anything is
 * written, for a wrong card, for what the files cannot hold, and for a folder with another data set.
 */
export function writeDataset(folder: string, card: object, frames: Frames): void {
  const file = join(folder, 'dataset.json');
  if (existsSync(file) && !existsSync(join(folder, FILES.interactions)))
    throw new UserError(`${folder}: expected a new folder or one written before, found another data set`);
  const names = (Object.keys(FILES) as (keyof Frames)[]).filter((name) => frames[name] !== undefined);
  const whole = { ...Object.fromEntries(names.map((name) => [name, FILES[name]])), ...card };
  parseCard(file, JSON.stringify(whole));
  const paths = names.map((name) => join(folder, FILES[name]));
  const texts = names.map((name, n) => textOf(paths[n], frames[name] as readonly Row[], NEEDED[name]));
  for (const [n, path] of paths.entries()) writeWhole(path, texts[n]);
  writeWhole(file, `${JSON.stringify(whole, null, 2)}\n`);
}

function textOf(file: string, rows: readonly Row[], needed: readonly string[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const missing = needed.find((column) => !columns.includes(column));
  if (missing !== undefined)
    throw new UserError(`${file}: expected rows with ${needed.join(', ')}, found ${missing} in none`);
  const odd = columns.find((column) => !/^[^:\s\p{Cc}]+$/u.test(column));
  if (odd !== undefined)
    throw new UserError(`${file}: expected names of columns without spaces and colons, found ${inCode(odd)}`);
  const types = columns.map((column) => typeOf(column, rows));
  const lines = rows.map((row, r) =>
    columns.map((column, c) => {
      const value = row[column];
      const expected = expectedOf(column, value, types[c]);
      if (expected === undefined) return plain(value);
      throw new UserError(`${file}: row ${r + 1}, ${column}: expected ${expected}, found ${inCode(value)}`);
    }),
  );
  const header = columns.map((column, c) => `${column}:${types[c]}`);
  return [header, ...lines].map((cells) => `${cells.join('\t')}\n`).join('');
}

type Type = 'token' | 'token_seq' | 'float';

/** Ids are tokens and times numbers whatever they look like; other columns are what their first value is. */
function typeOf(column: string, rows: readonly Row[]): Type {
  if (column === 'user_id' || column === 'item_id') return 'token';
  if (column === 'timestamp') return 'float';
  const value = rows.map((row) => row[column]).find((found) => plain(found) !== '');
  if (Array.isArray(value)) return 'token_seq';
  return typeof value === 'number' || value instanceof Date ? 'float' : 'token';
}

/** Expectation that a value misses; undefined where a table can hold it. */
function expectedOf(column: string, value: Value, type: Type): string | undefined {
  const [text, isList] = [plain(value), type === 'token_seq'];
  if (text === '') return /^(user_id|item_id|timestamp)$/.test(column) ? 'a value' : undefined;
  if (
    /^(user|item)_id$/.test(column) &&
    typeof value === 'number' &&
    Math.abs(value) > Number.MAX_SAFE_INTEGER
  )
    return 'text, as numbers of more than 15 digits lose some';
  if (Array.isArray(value) !== isList)
    return `${isList ? 'a list' : 'one value'}, as the first of the column is`;
  if (type === 'float' && !Number.isFinite(Number(text))) return 'a finite number or a Date';
  if (column === 'timestamp' && !(/^[\d.e+-]+$/.test(text) && Number(text) >= 0))
    return 'a number from 0 on or a Date';
  if (Array.isArray(value))
    return value.some((token) => /[\s\p{Cc}]/u.test(token)) ? 'words without spaces' : undefined;
  return /\p{Cc}/u.test(text) ? 'text without tabs, line breaks and other control characters' : undefined;
}

/** The text of a cell; empty: missing. */
function plain(value: Value): string {
  const said = value instanceof Date ? value.getTime() / 1000 : value;
  if (said === null || said === undefined || Number.isNaN(said)) return '';
  return Array.isArray(said) ? said.join(' ') : String(said);
}
