import { mode } from 'simple-statistics';
import { rowAt } from '../text/quotes';

/** What messages call what may stand between the cells of a line. */
export const SPOKEN: Readonly<Record<string, string>> = {
  ',': 'commas',
  '\t': 'tabs',
  ';': 'semicolons',
  '|': 'bars',
  '::': 'double colons',
  ' ': 'spaces',
};

/** What may stand there; the rarer ones, which cells may hold, only where none of the others does. */
const DELIMITERS = [',', '\t', ';', '|'];
const RARER = ['::', ' '];

type Fits = (cells: readonly string[]) => boolean;

/**
 * The delimiter of the first lines of a file: it makes cells of the first line that fit what is known of them, then
 * equally many cells of as many lines as possible, then as many cells as possible.
 */
export function delimiterOf(lines: readonly string[], fits: Fits): string {
  const usual = bestOf(DELIMITERS, lines, fits);
  if (usual.width > 1) return usual.delimiter;
  const rarer = RARER.map((delimiter) => bestOf([delimiter], lines, fits)).find(({ width }) => width > 1);
  return (rarer ?? usual).delimiter;
}

function bestOf(delimiters: readonly string[], lines: readonly string[], fits: Fits) {
  const ranked = delimiters.map((delimiter) => {
    const rows = rowsBy(lines, delimiter);
    const width = usualWidth(rows);
    const alike = width === 1 ? 0 : rows.filter((cells) => cells.length === width).length;
    return { delimiter, width, rank: [Number(fits(rows[0])), alike, width] };
  });
  return ranked.reduce((best, other) => (isAbove(other.rank, best.rank) ? other : best));
}

/** The number of cells that most rows have. */
function usualWidth(rows: readonly (readonly string[])[]): number {
  return mode(rows.map(({ length }) => length));
}

/** The cells of the rows of lines as far as their quotes allow; whether they are sound is found when the file is read. */
export function rowsBy(lines: readonly string[], delimiter: string): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  for (let at = 0; at < lines.length; ) {
    const row = rowAt(lines, at, { delimiter, trims: true });
    const { cells, end } = 'cells' in row ? row : { cells: lines[at].split(delimiter), end: at + 1 };
    rows.push(cells);
    at = end;
  }
  return rows;
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i >= 0 && a[i] > b[i];
}
