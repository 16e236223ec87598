import { mode } from 'simple-statistics';
import { isRoleName } from './words';

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\b/;
const isValue = (cell: string) => NUMBER.test(cell) || DATE.test(cell);

/**
 * Whether a row counts from 0, behind an index or not, as pandas heads columns without names; three numbers alone may be a row
 * like those below.
 */
function isCounted([first, ...others]: readonly (readonly string[])[]): boolean {
  const isIndexed = first[0] === '';
  const own = isIndexed ? first.slice(1) : first;
  const last = first.length - 1;
  const isClear = isIndexed || own.length > 3 || others.every((row) => Number(row[last]) >= 1000);
  return own.length >= 3 && isClear && own.every((cell, c) => cell === String(c));
}

/**
 * Names for the columns where the first row is no header. Two names of a user, an item or a time make it one, whatever stands
 * beside them, as do the numbers of its columns; else a number, a date or an empty cell behind the first makes it a row, as does
 * a text that stands below it again where no cell is such a name. Undefined where it is a header.
 */
export function headerFor(rows: readonly (readonly string[])[]): string[] | undefined {
  const trimmed = rows.map((row) => row.map((cell) => cell.trim()));
  if (isCounted(trimmed)) return undefined;
  const [first, ...others] = trimmed;
  const stands = (cell: string, c: number) => others.some((row) => row[c] === cell);
  const names = first.filter((cell, c) => isRoleName(cell) && !stands(cell, c)).length;
  const isOdd = first.some((cell, c) => isValue(cell) || (cell === '' && c > 0));
  if (names >= 2 || (!isOdd && (names === 1 || !first.some(stands)))) return undefined;
  return Array.from({ length: mode(rows.map(({ length }) => length)) }, (_, c) => `column${c + 1}`);
}
