import { mode } from 'simple-statistics';
import { tokensOf, WORDS } from './words';

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}/;
const isValue = (cell: string) => NUMBER.test(cell) || DATE.test(cell);

/**
 * Names for the columns where the first row is no header: where it has a number, a date, an empty cell behind the
 * first, or a text that stands below it again. Undefined where it is one.
 */
export function headerFor(rows: readonly (readonly string[])[]): string[] | undefined {
  const [first, ...others] = rows;
  const isOdd = first.some((cell, c) => isValue(cell) || (cell === '' && c > 0));
  const stands = (cell: string, c: number) => others.some((row) => row[c] === cell);
  const isKnown = first.some((cell) => tokensOf(cell).some((token) => ROLE_WORDS.has(token)));
  if (!isOdd && (isKnown || !first.some(stands))) return undefined;
  return Array.from({ length: mode(rows.map(({ length }) => length)) }, (_, c) => `column${c + 1}`);
}

const ROLE_WORDS = new Set(
  Object.values(WORDS).flatMap((tiers) => tiers.flatMap((words) => words.split(' '))),
);
