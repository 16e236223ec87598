import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { UserError } from '../../../userError';
import { UTF8 } from '../../card/encoding';
import { flawAt } from '../../card/textFile';
import { inUtf8, LOST, type Text } from './encoding';
import {
  LINE_BREAK,
  type Lines,
  LONGEST_LINE,
  type RowOptions,
  type Rows,
  tooLong,
  withoutQuotes,
} from './rows';

/**
 * The SQL engine's reader of text is lenient: it guesses, skips and repairs. So it only ever sees a file of which
 * every byte was looked at here: UTF-8 without a byte order mark, each line ended by \n, no other control characters
 * than tabs. A line is then a row and its place in the file is its number, whatever the engine would guess.
 */

export interface PlainText extends Pick<Rows, 'breaks' | 'bad'> {
  readonly path: string;
  readonly lines: number;
  readonly firstLine: string;
}

/** The line of the file, from 1, in which the line `row`, from 0, of its checked text begins. */
export function lineOf({ breaks }: PlainText, row: number): number {
  return 1 + row + breaks.filter((broken) => broken < row).length;
}

export interface TextOptions extends RowOptions {
  /** By the name that iconv-lite knows it by; a mark of UTF-16 at the start of the file says more. */
  readonly encoding: string;
  /** Whether cells may stand in double quotes, line breaks in them; what is written then is what `withoutQuotes` makes. */
  readonly quotes: boolean;
  /** Whether empty lines at the end are no rows. */
  readonly emptyEnd?: boolean;
}

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
  const breaks: number[] = [];
  let lines = 0;
  let bad = 0;
  let firstLine = '';
  try {
    const all = checkedLines(await inUtf8(bytes, options), options);
    const checked = options.emptyEnd ? withoutEmptyEnd(all) : all;
    for await (const rows of options.quotes ? withoutQuotes(checked, options) : checked) {
      if (lines === 0) firstLine = rows.bytes.toString('utf8', 0, rows.bytes.indexOf(LF));
      if ('bad' in rows) {
        for (const row of rows.breaks) breaks.push(lines + row);
        bad += rows.bad;
      }
      lines += rows.count;
      if (!file.write(rows.bytes)) await once(file, 'drain');
    }
  } finally {
    file.end();
    await finished(file);
  }
  return { path, lines, firstLine: firstLine.replaceAll(LINE_BREAK, '\n'), breaks, bad };
}

/** The lines of a text, every byte of them looked at. */
async function* checkedLines(text: Text, options: TextOptions): AsyncGenerator<Lines> {
  let before = 0;
  for await (const block of wholeLines(text, options, () => before)) {
    const checked = checkBlock(block, before, { ...options, writtenIn: text.writtenIn });
    yield { ...checked, before };
    before += checked.count;
  }
}

/** Lines without the empty ones at their end. */
async function* withoutEmptyEnd(blocks: AsyncIterable<Lines>): AsyncGenerator<Lines> {
  let held = 0;
  for await (const { bytes, count, before } of blocks) {
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === LF) end--;
    const empty = end === 0 ? count : bytes.length - end - 1;
    if (end > 0) {
      const text = bytes.subarray(0, end + 1);
      const all = held > 0 ? Buffer.concat([Buffer.alloc(held, LF), text]) : text;
      yield { bytes: all, count: held + count - empty, before: before - held };
    }
    held = end === 0 ? held + empty : empty;
  }
}

/** The first lines of a byte stream, unchecked: only good for looking at. */
export async function firstLinesOf(
  bytes: AsyncIterable<Buffer>,
  count: number,
  { label, encoding }: Pick<TextOptions, 'label' | 'encoding'>,
): Promise<string[]> {
  const { blocks } = await inUtf8(bytes, { label, encoding });
  let read = Buffer.alloc(0);
  for await (const chunk of blocks) {
    read = Buffer.concat([read, chunk]);
    if (read.length > LONGEST_LINE) break;
  }
  const lines = read.toString('utf8').split(/\r?\n/);
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

/** Blocks of the text that end with a line end; a missing last one is put in. */
async function* wholeLines(
  { blocks }: Text,
  options: TextOptions,
  linesBefore: () => number,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of blocks) {
    const block = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const end = block.lastIndexOf(LF) + 1;
    if (end > 0) yield block.subarray(0, end);
    rest = block.subarray(end);
    if (rest.length > LONGEST_LINE) throw tooLong(options.label, linesBefore() + 1);
  }
  if (rest[rest.length - 1] === CR)
    throw badByte({ block: rest, at: rest.indexOf(CR), linesBefore: linesBefore() }, options, NO_CONTROL);
  if (rest.length > 0) yield rest[rest.length - 1] === LF ? rest : Buffer.concat([rest, Buffer.of(LF)]);
}

const UTF8_ONLY =
  'UTF-8 text (`iconv -f LATIN1 -t UTF-8` makes it of Latin-1; "encoding": "latin1" in the dataset.json of a table reads it)';

/** Looks at every byte of whole lines; the result has no \r before a \n. */
function checkBlock(block: Buffer, linesBefore: number, options: TextOptions & Pick<Text, 'writtenIn'>) {
  let count = 0;
  let lineStart = 0;
  let carriageReturns = 0;
  for (let i = 0; i < block.length; i++) {
    const byte = block[i];
    if (byte >= 32 || byte === TAB) continue;
    if (byte === LF) {
      if (i - lineStart > LONGEST_LINE) throw tooLong(options.label, linesBefore + count + 1);
      count++;
      lineStart = i + 1;
    } else if (byte === CR && block[i + 1] === LF) carriageReturns++;
    else throw badByte({ block, at: i, linesBefore }, options, NO_CONTROL);
  }
  if (!isUtf8(block)) throw badByte({ block, at: firstBadByte(block), linesBefore }, options, UTF8_ONLY);
  const { writtenIn } = options;
  const lost = writtenIn === UTF8 ? -1 : block.indexOf(LOST);
  if (lost >= 0)
    throw flawIn({ block, at: lost, linesBefore }, options, {
      expected: `text in ${writtenIn}`,
      found: 'bytes that are no character of it',
    });
  return { bytes: carriageReturns === 0 ? block : withoutReturns(block, carriageReturns), count };
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

function badByte(place: Place, options: TextOptions, expected: string): UserError {
  const byte = place.block[place.at].toString(16).padStart(2, '0');
  return flawIn(place, options, { expected, found: `the byte 0x${byte}` });
}

function flawIn(
  { block, at, linesBefore }: Place,
  { label, delimiter, quotes }: TextOptions,
  flaw: { readonly expected: string; readonly found: string },
): UserError {
  const before = block.toString('latin1', 0, at);
  const line = before.split('\n');
  const cells = quotes ? line[line.length - 1].replace(/"[^"]*("|$)/g, '') : line[line.length - 1];
  const column = String(cells.split(delimiter).length);
  return flawAt(label, linesBefore + line.length, { column, ...flaw });
}
