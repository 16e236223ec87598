import { flawAt, quoted } from '../../card/textFile';
import { BLANKS, trimmed } from './blanks';

/** A byte that no checked text has: between the cells of what was in quotes. */
export const CELL_END = '\u001f';

/** How cells are told apart: by what stands between them, with the blanks around them or without. */
export type Cells = { readonly delimiter: string; readonly trims?: boolean };

/** The lines of a block with CELL_END between their cells and no quotes around them. */
export function withoutQuotes(
  block: Buffer,
  linesBefore: number,
  { label, delimiter, trims = false }: Cells & { readonly label: string },
): Buffer {
  const isTrimmed = trims && hasBlanks(block, delimiter);
  if (isTrimmed || block.includes('"')) {
    const lines = block.toString('utf8').slice(0, -1).split('\n');
    const read = lines.map((line, i) => {
      const flaw = flawOf(label, linesBefore + i + 1);
      return unquotedCells(line, { delimiter, trims: isTrimmed }, flaw).join(CELL_END);
    });
    return Buffer.from(`${read.join('\n')}\n`);
  }
  if (delimiter === UNQUOTED) return Buffer.from(block.toString('utf8').replaceAll(delimiter, CELL_END));
  const [comma, end] = [delimiter.charCodeAt(0), CELL_END.charCodeAt(0)];
  return block.map((byte) => (byte === comma ? end : byte)) as Buffer;
}

/** Whether a blank stands beside an end of a cell, quotes or none. */
function hasBlanks(block: Buffer, delimiter: string): boolean {
  const blanks = blanksIn(delimiter);
  if (blanks.some((blank) => block[0] === blank.charCodeAt(0))) return true;
  const pairs = blanks.flatMap((blank) =>
    ['\n', delimiter, '"'].flatMap((end) => [blank + end, end + blank]),
  );
  return pairs.some((pair) => block.includes(pair));
}

/** The blanks that may stand around a cell. */
const blanksIn = (delimiter: string): string[] => BLANKS.filter((blank) => blank !== delimiter);

/** What stands between cells that have no quotes around them, whatever they begin with: what writes it knows none. */
const UNQUOTED = '::';

/**
 * A cell and what ends it. Between tabs, which no value has, quotes within a cell are its own: 19" pipe. Between commas they
 * tell of a quote that was lost.
 */
function cellPattern(delimiter: string, trims: boolean): RegExp {
  const blanks = trims ? `[${blanksIn(delimiter).join('')}]*` : '';
  const bare = delimiter === '\t' ? `(?!${blanks}")[^${delimiter}]*` : `[^"${delimiter}]*`;
  return new RegExp(`(?:${blanks}"((?:[^"]|"")*)"${blanks}|(${bare}))([${delimiter}]|$)`, 'y');
}

/** The cells of a line; where a quote stands wrongly, `flaw` is thrown. */
export function unquotedCells(
  line: string,
  { delimiter, trims = false }: Cells,
  flaw: (column: number, rest: string) => Error,
): string[] {
  const blanks = blanksIn(delimiter);
  if (delimiter === UNQUOTED)
    return line.split(delimiter).map((cell) => (trims ? trimmed(cell, blanks) : cell));
  const cell = cellPattern(delimiter, trims);
  const cells: string[] = [];
  for (;;) {
    const start = cell.lastIndex;
    const match = cell.exec(line);
    if (match === null) throw flaw(cells.length + 1, line.slice(start));
    const value = match[1]?.replaceAll('""', '"') ?? match[2];
    cells.push(trims ? trimmed(value, blanks) : value);
    if (match[3] === '') return cells;
  }
}

/** Whether a quote is not closed: it was lost, or the cell goes on in the next line, which is not read here. */
function isOpen(rest: string): boolean {
  return rest.startsWith('"') && !rest.slice(1).replaceAll('""', '').includes('"');
}

function flawOf(label: string, line: number) {
  return (column: number, rest: string) =>
    flawAt(label, line, {
      column: String(column),
      expected: `double quotes around a whole cell or none${isOpen(rest) ? ', closed on the same line' : ''}`,
      found: quoted(rest),
    });
}
