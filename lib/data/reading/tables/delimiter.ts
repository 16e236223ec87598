import { mode } from 'simple-statistics';
import { rowAt } from '../text/rows';

/** Delimiters by their names in messages; the last two count only where none of the others fits the first line. */
const SPOKEN: Readonly<Record<string, string>> = {
  ',': 'commas',
  '\t': 'tabs',
  ';': 'semicolons',
  '|': 'bars',
  '::': 'double colons',
  ' ': 'spaces',
};

/** Name in messages of cells between delimiters. */
export const cellsBy = (delimiter: string) => `fields separated by ${SPOKEN[delimiter]}`;

/** The rarest first. */
const RARE = [' ', '::'];

/**
 * The delimiter of the first lines of a file: it makes cells of the first line that fit what is known of them, then
 * equally many cells of as many lines as possible, then as many cells as possible.
 */
export function delimiterOf(lines: readonly string[], fits: (cells: readonly string[]) => boolean): string {
  const ranked = Object.keys(SPOKEN).map((delimiter) => {
    const rows = rowsBy(lines, delimiter);
    const width = mode(rows.map(({ length }) => length));
    const usual = RARE.includes(delimiter) ? RARE.indexOf(delimiter) : RARE.length;
    const alike = rows.filter((cells) => cells.length === width).length;
    return { delimiter, rank: width === 1 ? [] : [Number(fits(rows[0])), usual, alike, width] };
  });
  return ranked.reduce((best, other) => (isAbove(other.rank, best.rank) ? other : best)).delimiter;
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i >= 0 && (b[i] === undefined || a[i] > b[i]);
}

/** The cells of the rows of lines as far as their quotes allow; reading the file checks them. */
function rowsBy(lines: readonly string[], delimiter: string): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  for (let at = 0; at < lines.length; ) {
    const row = rowAt(lines, at, { delimiter, trims: true });
    const { cells, end } = 'cells' in row ? row : { cells: lines[at].split(delimiter), end: at + 1 };
    rows.push(cells);
    at = end;
  }
  return rows;
}
