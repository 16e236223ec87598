import type { UserError } from '../../../base/userError';
import { flawAt, quoted } from '../../card/textFile';

/** Bytes that no checked text has: between the cells of a row, for a line break within a cell, and for a bad row. */
export const CELL_END = '\u001f';
export const LINE_BREAK = '\u001e';
export const BAD_ROW = '\u001d';

/** Expectation of messages about a misplaced quote. */
export const WHOLE_QUOTES = 'double quotes around a whole cell, those within it doubled, or none';

/** In bytes, of a line and of the lines of a row. */
export const LONGEST_LINE = 1_000_000;

/** How cells are told apart: by what stands between them, with the blanks around them or without. */
export type Cells = { readonly delimiter: string; readonly trims?: boolean };

/** Stands between cells that know no quotes. */
const UNQUOTED = '::';

const BLANKS = [' ', '\t'];

/** A text without the blanks and tabs around it. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BLANKS.includes(text[start])) start++;
  while (end > start && BLANKS.includes(text[end - 1])) end--;
  return text.slice(start, end);
}

/** The blanks that may stand around a cell, for a pattern. */
const blanksBeside = (delimiter: string) => `[${BLANKS.filter((blank) => blank !== delimiter).join('')}]`;

/** The cells of a row, and the place of the line that follows it. */
export interface Row {
  readonly cells: readonly string[];
  readonly end: number;
}

/** A misplaced quote: the column, from 1, the rest of the row from there, and whether only its end is missing. */
interface BadQuote {
  readonly column: number;
  readonly rest: string;
  readonly isOpen: boolean;
}

/** The row that begins with the line `start`; it goes on in the next ones where these are in quotes. */
export function rowAt(lines: readonly string[], start: number, cells: Cells): Row | BadQuote {
  let text = lines[start];
  for (let end = start + 1; ; ) {
    const read = cellsOf(text, cells);
    if (!('isOpen' in read)) {
      const c = cells.delimiter === '\t' ? read.findIndex((cell) => holdsRows(cell, read.length)) : -1;
      return c < 0 ? { cells: read, end } : { column: c + 1, rest: read[c], isOpen: false };
    }
    if (!read.isOpen) return read;
    let closing = end;
    while (closing < lines.length && !hasOneQuote(lines[closing])) closing++;
    if (closing === lines.length) return read;
    text = [text, ...lines.slice(end, closing + 1)].join('\n');
    end = closing + 1;
  }
}

/**
 * Whether a cell between two quotes is rather whole rows of `width` cells: between tabs, cells may have quotes of their own, and
 * each line break that one of these swallows comes with the tabs of a row.
 */
function holdsRows(cell: string, width: number): boolean {
  const breaks = cell.split('\n').length - 1;
  return breaks > 0 && width > 2 && cell.split('\t').length - 1 === breaks * (width - 1);
}

/** Whether a text has a quote that does not stand for one within a cell. */
const hasOneQuote = (text: string) => text.replaceAll('""', '').includes('"');

/** A cell and its end. Between tabs a cell may have quotes of its own (19" pipe); between commas these are a lost quote. */
function cellPattern({ delimiter, trims }: Cells): RegExp {
  const blanks = trims ? `${blanksBeside(delimiter)}*` : '';
  const bare = delimiter === '\t' ? `(?!${blanks}")[^${delimiter}]*` : `[^"${delimiter}]*`;
  return new RegExp(`(?:${blanks}"([^"]*(?:""[^"]*)*)"${blanks}|(${bare}))([${delimiter}]|$)`, 'y');
}

function cellsOf(line: string, options: Cells): readonly string[] | BadQuote {
  const value = options.trims ? trimmed : (text: string) => text;
  if (options.delimiter === UNQUOTED) return line.split(UNQUOTED).map(value);
  const pattern = cellPattern(options);
  const cells: string[] = [];
  for (;;) {
    const rest = line.slice(pattern.lastIndex);
    const match = pattern.exec(line);
    if (match === null) {
      const opened = value(rest);
      const isOpen = opened.startsWith('"') && !hasOneQuote(opened.slice(1));
      return { column: cells.length + 1, rest, isOpen };
    }
    cells.push(value(match[1]?.replaceAll('""', '"') ?? match[2]));
    if (match[3] === '') return cells;
  }
}

/** Rows, one a line, each with its end. */
export interface Rows {
  readonly bytes: Buffer;
  readonly count: number;
  /** For each line break within a cell the row, from 0, that it stands in. */
  readonly breaks: readonly number[];
  /** How many are BAD_ROW. */
  readonly bad: number;
}

export interface RowOptions extends Cells {
  /** Name of the file in messages. */
  readonly label: string;
  /** Whether a line with a misplaced quote is an error or becomes BAD_ROW; in the first one, a header, it is an error. */
  readonly onBadRow: 'error' | 'drop';
}

/** The rows of a file: CELL_END between cells, no quotes around them, LINE_BREAK for the line breaks in them. */
export async function* withoutQuotes(blocks: AsyncIterable<Rows>, options: RowOptions): AsyncGenerator<Rows> {
  let open = '';
  let line = 1;
  for await (const { bytes, count } of blocks) {
    if (open === '' && isPlain(bytes, options)) {
      yield { bytes: withCellEnds(bytes, options.delimiter), count, breaks: [], bad: 0 };
      line += count;
    } else {
      const read = rowsOf(open + bytes.toString('utf8'), line, options, false);
      if (read.count > 0) yield read;
      ({ open, line } = read);
    }
  }
  if (open !== '') yield rowsOf(open, line, options, true);
}

/** Whether a block has neither quotes nor blanks at the ends of cells. */
function isPlain(bytes: Buffer, { delimiter, trims }: Cells): boolean {
  if (!trims) return !bytes.includes('"');
  const blank = blanksBeside(delimiter);
  return !new RegExp(`"|(^|[\n${delimiter}])${blank}|${blank}[\n${delimiter}]`).test(
    bytes.toString('latin1'),
  );
}

function withCellEnds(bytes: Buffer, delimiter: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll(delimiter, CELL_END), 'latin1');
}

/** The rows of lines of which the first is `first`; `open` are the last lines if their row may go on behind them. */
function rowsOf(text: string, first: number, options: RowOptions, isEnd: boolean) {
  const { label, onBadRow } = options;
  const lines = text.slice(0, -1).split('\n');
  const written: string[] = [];
  const breaks: number[] = [];
  let [at, bad, open] = [0, 0, ''];
  while (at < lines.length) {
    const row = rowAt(lines, at, options);
    if ('isOpen' in row) {
      open = row.isOpen && !isEnd ? `${lines.slice(at).join('\n')}\n` : '';
      if (open !== '' && Buffer.byteLength(open) <= LONGEST_LINE) break;
      open = '';
      if (onBadRow === 'error' || first + at === 1) throw flawOf(label, first + at, row);
      written.push(BAD_ROW);
      bad++;
      at++;
    } else {
      const cells = row.cells.join(CELL_END);
      const isSplit = row.end > at + 1;
      if (isSplit && Buffer.byteLength(cells) > LONGEST_LINE) throw tooLong(label, first + at);
      written.push(isSplit ? cells.replaceAll('\n', LINE_BREAK) : cells);
      for (at++; at < row.end; at++) breaks.push(written.length - 1);
    }
  }
  const bytes = Buffer.from(`${written.join('\n')}\n`);
  return { bytes, count: written.length, breaks, bad, open, line: first + at };
}

export function tooLong(label: string, line: number): UserError {
  const expected = `at most ${LONGEST_LINE} bytes in a line`;
  return flawAt(label, line, { column: '1', expected, found: 'more' });
}

function flawOf(label: string, line: number, { column, rest, isOpen }: BadQuote): UserError {
  const expected = `${WHOLE_QUOTES}${isOpen ? `, closed within ${LONGEST_LINE} bytes` : ''}`;
  return flawAt(label, line, { column: String(column), expected, found: quoted(rest) });
}
