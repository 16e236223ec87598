import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { UserError } from '../../../userError';
import { flawAt } from '../../card/textFile';
import { withoutQuotes } from './quotes';

/**
 * The SQL engine's reader of text is lenient: it guesses, skips and repairs. So it only ever sees a file of which
 * every byte was looked at here: UTF-8 without a byte order mark, each line ended by \n, no other control characters
 * than tabs. A line is then a row and its place in the file is its number, whatever the engine would guess.
 */

export interface PlainText {
  readonly path: string;
  readonly lines: number;
  readonly firstLine: string;
}

export interface TextOptions {
  /** What messages call the file. */
  readonly label: string;
  readonly encoding: 'utf-8' | 'latin1';
  /** Between the cells of a line. */
  readonly delimiter: string;
  /** Whether cells may stand in double quotes; what is written then has CELL_END between them. */
  readonly quotes: boolean;
  /** Whether empty lines at the end are no rows. */
  readonly emptyEnd?: boolean;
  /** Whether blanks around a cell are none of it, where cells may stand in quotes. */
  readonly trims?: boolean;
}

const LONGEST_LINE = 1_000_000;
const NO_CONTROL = 'text without control characters';
const TAB = 9;
const LF = 10;
const CR = 13;

/** Writes the checked lines of a byte stream to `path`; throws a UserError that names line and column. */
export async function writePlainText(
  bytes: AsyncIterable<Buffer>,
  path: string,
  options: TextOptions,
): Promise<PlainText> {
  const file = createWriteStream(path);
  let lines = 0;
  let firstLine = '';
  try {
    const blocks = wholeLines(bytes, options, () => lines);
    for await (const block of options.emptyEnd ? withoutEmptyEnd(blocks) : blocks) {
      const text = options.encoding === 'latin1' ? Buffer.from(block.toString('latin1'), 'utf8') : block;
      const checked = checkBlock(text, lines, options);
      const written = options.quotes ? withoutQuotes(checked.bytes, lines, options) : checked.bytes;
      if (lines === 0) firstLine = written.toString('utf8', 0, written.indexOf(LF));
      lines += checked.lines;
      if (!file.write(written)) await once(file, 'drain');
    }
  } finally {
    file.end();
    await finished(file);
  }
  return { path, lines, firstLine };
}

/** The first lines of a byte stream, unchecked: only good for looking at. */
export async function firstLinesOf(bytes: AsyncIterable<Buffer>, count: number): Promise<string[]> {
  let read = Buffer.alloc(0);
  for await (const chunk of bytes) {
    read = Buffer.concat([read, chunk]);
    if (read.length > LONGEST_LINE) break;
  }
  const lines = withoutMark(read).toString('utf8').split(/\r?\n/);
  const whole = lines.length > 1 && lines[lines.length - 1] === '' ? lines.slice(0, -1) : lines;
  return whole.slice(0, count);
}

/** The lines of checked text. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) yield line;
  }
}

const UTF8 = 'UTF-8 text (`iconv -f LATIN1 -t UTF-8` makes it of Latin-1)';

/** How files begin that are no text in UTF-8, and what they are. */
const KINDS: readonly (readonly [start: readonly number[], kind: string])[] = [
  [[0xff, 0xfe], 'UTF-16'],
  [[0xfe, 0xff], 'UTF-16'],
  [[0x1f, 0x8b], 'gzip under a name that does not end in .gz'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive or a spreadsheet'],
  [[0x50, 0x41, 0x52, 0x31], 'Parquet under a name that does not end in .parquet'],
];

function requireText(start: Buffer, { label, encoding }: TextOptions): void {
  if (encoding !== 'utf-8') return;
  const kind = KINDS.find(([bytes]) => bytes.every((byte, i) => start[i] === byte));
  if (kind)
    throw new UserError(`${label}: expected text in UTF-8, plain or compressed as .gz, found ${kind[1]}`);
}

/** The blocks, the last one without empty lines at its end. */
async function* withoutEmptyEnd(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer | undefined;
  for await (const block of blocks) {
    if (held) yield held;
    held = block;
  }
  if (!held) return;
  let end = held.length;
  while (end > 0 && (held[end - 1] === LF || held[end - 1] === CR)) end--;
  if (end > 0) yield Buffer.concat([held.subarray(0, end), Buffer.of(LF)]);
}

/** Blocks of the stream that end with a line end; the byte order mark is left out, a missing last line end put in. */
async function* wholeLines(
  bytes: AsyncIterable<Buffer>,
  options: TextOptions,
  linesBefore: () => number,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let atStart = true;
  for await (const chunk of bytes) {
    let block = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (atStart) {
      if (block.length < 3) {
        rest = block;
        continue;
      }
      requireText(block, options);
      if (options.encoding === 'utf-8') block = withoutMark(block);
      atStart = false;
    }
    const end = block.lastIndexOf(LF) + 1;
    if (end > 0) yield block.subarray(0, end);
    rest = block.subarray(end);
    if (rest.length > LONGEST_LINE) throw tooLong(options.label, linesBefore() + 1);
  }
  if (rest[rest.length - 1] === CR)
    throw badByte({ block: rest, at: rest.indexOf(CR), linesBefore: linesBefore() }, options, NO_CONTROL);
  if (rest.length > 0) yield rest[rest.length - 1] === LF ? rest : Buffer.concat([rest, Buffer.of(LF)]);
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function tooLong(label: string, line: number): UserError {
  const expected = `at most ${LONGEST_LINE} bytes in a line`;
  return flawAt(label, line, { column: '1', expected, found: 'more' });
}

/** Looks at every byte of whole lines; the result has no \r before a \n. */
function checkBlock(block: Buffer, linesBefore: number, options: TextOptions) {
  let lines = 0;
  let lineStart = 0;
  let carriageReturns = 0;
  for (let i = 0; i < block.length; i++) {
    const byte = block[i];
    if (byte >= 32 || byte === TAB) continue;
    if (byte === LF) {
      if (i - lineStart > LONGEST_LINE) throw tooLong(options.label, linesBefore + lines + 1);
      lines++;
      lineStart = i + 1;
    } else if (byte === CR && block[i + 1] === LF) carriageReturns++;
    else throw badByte({ block, at: i, linesBefore }, options, NO_CONTROL);
  }
  if (!isUtf8(block)) throw badByte({ block, at: firstBadByte(block), linesBefore }, options, UTF8);
  return { bytes: carriageReturns === 0 ? block : withoutReturns(block, carriageReturns), lines };
}

function withoutReturns(block: Buffer, count: number): Buffer {
  const bytes = Buffer.allocUnsafe(block.length - count);
  let length = 0;
  for (const byte of block) if (byte !== CR) bytes[length++] = byte;
  return bytes;
}

/** Halves the block's lines until the one that is no UTF-8 is found, then its characters. */
function firstBadByte(block: Buffer): number {
  let start = 0;
  for (let end = block.indexOf(LF, start) + 1; isUtf8(block.subarray(start, end)); ) {
    start = end;
    end = block.indexOf(LF, start) + 1;
  }
  const decoded = new TextDecoder().decode(block.subarray(start));
  return start + Buffer.byteLength(decoded.slice(0, decoded.indexOf('\ufffd')));
}

/** A byte of a block of whole lines, and how many lines the file has before the block. */
interface Place {
  readonly block: Buffer;
  readonly at: number;
  readonly linesBefore: number;
}

function badByte(
  { block, at, linesBefore }: Place,
  { label, delimiter }: TextOptions,
  expected: string,
): UserError {
  const before = block.toString('latin1', 0, at);
  const line = before.split('\n');
  const column = String(line[line.length - 1].split(delimiter).length);
  const found = `the byte 0x${block[at].toString(16).padStart(2, '0')}`;
  return flawAt(label, linesBefore + line.length, { column, expected, found });
}
