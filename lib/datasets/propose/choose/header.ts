import { mode } from 'simple-statistics';
import { isRoleName } from './words';

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\b/;
const isValue = (cell: string) => NUMBER.test(cell) || DATE.test(cell);

/**
 * Names for the columns where the first row is no header. Two names of a user, an item or a time make it one, whatever stands
 * beside them; else a number, a date or an empty cell behind the first makes it a row, as does a text that stands below it
 * again where no cell is such a name. Undefined where it is a header.
 */
export function headerFor(rows: readonly (readonly string[])[]): string[] | undefined {
  const [first, ...others] = rows.map((row) => row.map((cell) => cell.trim()));
  const stands = (cell: string, c: number) => others.some((row) => row[c] === cell);
  const names = first.filter((cell, c) => isRoleName(cell) && !stands(cell, c)).length;
  const isOdd = first.some((cell, c) => isValue(cell) || (cell === '' && c > 0));
  if (names >= 2 || (!isOdd && (names === 1 || !first.some(stands)))) return undefined;
  return Array.from({ length: mode(rows.map(({ length }) => length)) }, (_, c) => `column${c + 1}`);
}
