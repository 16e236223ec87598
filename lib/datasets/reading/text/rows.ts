import type { UserError } from '../../../userError';
import { flawAt, quoted } from '../../card/textFile';
import { type BadQuote, blanksIn, type Cells, rowAt, UNQUOTED } from './quotes';

/** Bytes that no checked text has: between the cells of what was in quotes, for a line break within a cell, and for a bad row. */
export const CELL_END = '\u001f';
export const LINE_BREAK = '\u001e';
export const BAD_ROW = '\u001d';

/** What a row has to be whose quotes do not stand around whole cells. */
export const WHOLE_QUOTES = 'double quotes around a whole cell or none';

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
  /** How many are BAD_ROW. */
  readonly bad: number;
}

export interface RowOptions extends Cells {
  /** What messages call the file. */
  readonly label: string;
  /** Whether a line from which on quotes stand wrongly is an error or becomes BAD_ROW, but for the first one, which may be a header. */
  readonly onBadRow: 'error' | 'drop';
}

/** The rows of a file with CELL_END between their cells, no quotes around these and LINE_BREAK for the line breaks in them. */
export async function* withoutQuotes(
  blocks: AsyncIterable<Lines>,
  options: RowOptions,
): AsyncGenerator<Rows> {
  let open: Lines | undefined;
  for await (const block of blocks) {
    const read = rowsOf(open ? behind(open, block) : block, options, false);
    open = read.open;
    if (read.count > 0) yield read;
  }
  if (open) yield rowsOf(open, options, true);
}

const behind = (first: Lines, next: Lines): Lines => ({
  bytes: Buffer.concat([first.bytes, next.bytes]),
  count: first.count + next.count,
  before: first.before,
});

/** `open`: the lines of a row that may go on behind them, which at the end of a file none does. */
function rowsOf(
  lines: Lines,
  options: RowOptions,
  isEnd: boolean,
): Rows & { readonly open: Lines | undefined } {
  const { label, delimiter, trims = false, onBadRow } = options;
  const { bytes, count, before } = lines;
  const cells: Cells = { delimiter, trims: trims && hasBlanks(bytes, delimiter) };
  if (!cells.trims && !bytes.includes('"'))
    return { bytes: withCellEnds(bytes, delimiter), count, breaks: [], bad: 0, open: undefined };
  const texts = bytes.toString('utf8').slice(0, -1).split('\n');
  const written: string[] = [];
  const breaks: number[] = [];
  let bad = 0;
  let open: Lines | undefined;
  for (let at = 0; at < texts.length; ) {
    const line = before + at + 1;
    const row = rowAt(texts, at, cells);
    if ('isOpen' in row) {
      open = row.isOpen && !isEnd ? linesFrom(texts, at, before) : undefined;
      if (open && open.bytes.length <= LONGEST_LINE) break;
      open = undefined;
      if (onBadRow === 'error' || line === 1) throw flawOf(label, line, row);
      written.push(BAD_ROW);
      bad++;
      at++;
      continue;
    }
    const text = row.cells.join(CELL_END);
    const isSplit = row.end > at + 1;
    if (isSplit && Buffer.byteLength(text) > LONGEST_LINE) throw tooLong(label, line);
    written.push(isSplit ? text.replaceAll('\n', LINE_BREAK) : text);
    for (at++; at < row.end; at++) breaks.push(written.length - 1);
  }
  return { bytes: Buffer.from(`${written.join('\n')}\n`), count: written.length, breaks, bad, open };
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
  const expected = `${WHOLE_QUOTES}${closed}`;
  return flawAt(label, line, { column: String(column), expected, found: quoted(rest) });
}
