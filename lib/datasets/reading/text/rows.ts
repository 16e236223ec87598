import type { UserError } from '../../../userError';
import { flawAt, quoted } from '../../card/textFile';
import { type BadQuote, blanksIn, type Cells, rowAt, UNQUOTED } from './quotes';

/** Bytes that no checked text has: between the cells of what was in quotes, and for a line break within a cell. */
export const CELL_END = '\u001f';
export const LINE_BREAK = '\u001e';

/** In bytes, of a line and of the lines of a row. */
export const LONGEST_LINE = 1_000_000;

/** Checked lines, each with its end, and how many the file has before them. */
export interface Lines {
  readonly bytes: Buffer;
  readonly count: number;
  readonly before: number;
}

/** Rows, one a line. */
export interface Rows {
  readonly bytes: Buffer;
  readonly count: number;
  /** For each line break within a cell the row, from 0, that it stands in. */
  readonly breaks: readonly number[];
}

type Options = Cells & { readonly label: string };

/** The rows of a file with CELL_END between their cells, no quotes around these and LINE_BREAK for the line breaks in them. */
export async function* withoutQuotes(blocks: AsyncIterable<Lines>, options: Options): AsyncGenerator<Rows> {
  let open: OpenRow | undefined;
  for await (const block of blocks) {
    const read = rowsOf(open ? behind(open.lines, block) : block, options);
    open = read.open;
    if (read.count > 0) yield read;
  }
  if (open) throw open.flaw;
}

/** The lines of a row that may go on behind them, and what is wrong with it where it does not. */
interface OpenRow {
  readonly lines: Lines;
  readonly flaw: UserError;
}

const behind = (first: Lines, next: Lines): Lines => ({
  bytes: Buffer.concat([first.bytes, next.bytes]),
  count: first.count + next.count,
  before: first.before,
});

function rowsOf(lines: Lines, options: Options): Rows & { readonly open?: OpenRow } {
  const { label, delimiter, trims = false } = options;
  const { bytes, count, before } = lines;
  const cells: Cells = { delimiter, trims: trims && hasBlanks(bytes, delimiter) };
  if (!cells.trims && !bytes.includes('"'))
    return { bytes: withCellEnds(bytes, delimiter), count, breaks: [] };
  const texts = bytes.toString('utf8').slice(0, -1).split('\n');
  const written: string[] = [];
  const breaks: number[] = [];
  const done = () => ({ bytes: Buffer.from(`${written.join('\n')}\n`), count: written.length, breaks });
  for (let at = 0; at < texts.length; ) {
    const row = rowAt(texts, at, cells);
    const rest = () => linesFrom(texts, at, before);
    if ('isOpen' in row) {
      const flaw = flawOf(label, before + at + 1, row);
      if (!row.isOpen || rest().bytes.length > LONGEST_LINE) throw flaw;
      return { ...done(), open: { lines: rest(), flaw } };
    }
    const text = row.cells.join(CELL_END);
    const isSplit = row.end > at + 1;
    if (isSplit && Buffer.byteLength(text) > LONGEST_LINE) throw tooLong(label, before + at + 1);
    written.push(isSplit ? text.replaceAll('\n', LINE_BREAK) : text);
    for (at++; at < row.end; at++) breaks.push(written.length - 1);
  }
  return done();
}

function linesFrom(texts: readonly string[], start: number, before: number): Lines {
  const rest = texts.slice(start);
  return { bytes: Buffer.from(`${rest.join('\n')}\n`), count: rest.length, before: before + start };
}

function withCellEnds(bytes: Buffer, delimiter: string): Buffer {
  if (delimiter === UNQUOTED) return Buffer.from(bytes.toString('utf8').replaceAll(delimiter, CELL_END));
  const [comma, end] = [delimiter.charCodeAt(0), CELL_END.charCodeAt(0)];
  return bytes.map((byte) => (byte === comma ? end : byte)) as Buffer;
}

/** Whether a blank stands beside an end of a cell, quotes or none. */
function hasBlanks(bytes: Buffer, delimiter: string): boolean {
  const blanks = blanksIn(delimiter);
  if (blanks.some((blank) => bytes[0] === blank.charCodeAt(0))) return true;
  const pairs = blanks.flatMap((blank) =>
    ['\n', delimiter, '"'].flatMap((end) => [blank + end, end + blank]),
  );
  return pairs.some((pair) => bytes.includes(pair));
}

export function tooLong(label: string, line: number): UserError {
  const expected = `at most ${LONGEST_LINE} bytes in a line`;
  return flawAt(label, line, { column: '1', expected, found: 'more' });
}

function flawOf(label: string, line: number, { column, rest, isOpen }: BadQuote): UserError {
  const closed = isOpen ? `, closed within ${LONGEST_LINE} bytes` : '';
  const expected = `double quotes around a whole cell or none${closed}`;
  return flawAt(label, line, { column: String(column), expected, found: quoted(rest) });
}
