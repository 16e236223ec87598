import { BLANKS, trimmed } from './blanks';

/** How cells are told apart: by what stands between them, with the blanks around them or without. */
export type Cells = { readonly delimiter: string; readonly trims?: boolean };

/** The cells of a row, and the place of the line that follows it. */
export interface Row {
  readonly cells: readonly string[];
  readonly end: number;
}

/** Where a quote stands wrongly: the column, from 1, what the row has from there on, and whether all that lacks is its end. */
export interface BadQuote {
  readonly column: number;
  readonly rest: string;
  readonly isOpen: boolean;
}

/** The row that begins with the line `start`: it goes on in the next ones where these are in quotes. */
export function rowAt(lines: readonly string[], start: number, cells: Cells): Row | BadQuote {
  let text = lines[start];
  for (let end = start + 1; ; ) {
    const read = cellsOf(text, cells);
    if (!('isOpen' in read)) return { cells: read, end };
    if (!read.isOpen) return read;
    let closing = end;
    while (closing < lines.length && !hasOneQuote(lines[closing])) closing++;
    if (closing === lines.length) return read;
    text = [text, ...lines.slice(end, closing + 1)].join('\n');
    end = closing + 1;
  }
}

/** Whether a text has a quote that does not stand for one within a cell. */
const hasOneQuote = (text: string) => text.replaceAll('""', '').includes('"');

/** The blanks that may stand around a cell. */
export const blanksIn = (delimiter: string): string[] => BLANKS.filter((blank) => blank !== delimiter);

/** What stands between cells that have no quotes around them, whatever they begin with: what writes it knows none. */
export const UNQUOTED = '::';

/**
 * A cell and what ends it. Between tabs, which no value has, quotes within a cell are its own: 19" pipe. Between commas they
 * tell of a quote that was lost.
 */
function cellPattern(delimiter: string, trims: boolean): RegExp {
  const blanks = trims ? `[${blanksIn(delimiter).join('')}]*` : '';
  const bare = delimiter === '\t' ? `(?!${blanks}")[^${delimiter}]*` : `[^"${delimiter}]*`;
  return new RegExp(`(?:${blanks}"([^"]*(?:""[^"]*)*)"${blanks}|(${bare}))([${delimiter}]|$)`, 'y');
}

function cellsOf(line: string, { delimiter, trims = false }: Cells): readonly string[] | BadQuote {
  const blanks = blanksIn(delimiter);
  if (delimiter === UNQUOTED)
    return line.split(delimiter).map((cell) => (trims ? trimmed(cell, blanks) : cell));
  const cell = cellPattern(delimiter, trims);
  const cells: string[] = [];
  for (;;) {
    const start = cell.lastIndex;
    const match = cell.exec(line);
    if (match === null) {
      const rest = line.slice(start);
      const opened = trims ? trimmed(rest, blanks) : rest;
      return {
        column: cells.length + 1,
        rest,
        isOpen: opened.startsWith('"') && !hasOneQuote(opened.slice(1)),
      };
    }
    const value = match[1]?.replaceAll('""', '"') ?? match[2];
    cells.push(trims ? trimmed(value, blanks) : value);
    if (match[3] === '') return cells;
  }
}
