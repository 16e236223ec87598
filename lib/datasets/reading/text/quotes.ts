import { flawAt, quoted } from '../../card/textFile';

/** A byte that no checked text has: between the cells of what was in quotes. */
export const CELL_END = '\u001f';

/** The lines of a block with CELL_END between their cells and no quotes around them. */
export function withoutQuotes(
  block: Buffer,
  linesBefore: number,
  { label, delimiter }: { readonly label: string; readonly delimiter: string },
): Buffer {
  if (block.includes('"')) {
    const lines = block.toString('utf8').slice(0, -1).split('\n');
    const read = lines.map((line, i) =>
      unquotedCells(line, delimiter, flawOf(label, linesBefore + i + 1)).join(CELL_END),
    );
    return Buffer.from(`${read.join('\n')}\n`);
  }
  const [comma, end] = [delimiter.charCodeAt(0), CELL_END.charCodeAt(0)];
  return block.map((byte) => (byte === comma ? end : byte)) as Buffer;
}

/**
 * A cell and what ends it. Between tabs, which no value has, quotes within a cell are its own: 19" pipe. Between commas they
 * tell of a quote that was lost.
 */
function cellPattern(delimiter: string): RegExp {
  const bare = delimiter === '\t' ? `(?!")[^${delimiter}]*` : `[^"${delimiter}]*`;
  return new RegExp(`(?:"((?:[^"]|"")*)"|(${bare}))([${delimiter}]|$)`, 'y');
}

/** The cells of a line; where a quote stands wrongly, `flaw` is thrown. */
export function unquotedCells(
  line: string,
  delimiter: string,
  flaw: (column: number, rest: string) => Error,
): string[] {
  const cell = cellPattern(delimiter);
  const cells: string[] = [];
  for (;;) {
    const start = cell.lastIndex;
    const match = cell.exec(line);
    if (match === null) throw flaw(cells.length + 1, line.slice(start));
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]);
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
