import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import iconv from 'iconv-lite';
import { flawAt, UTF8 } from '../../card/textFile';
import { LINE_BREAK, LONGEST_LINE, type RowOptions, type Rows, tooLong, withoutQuotes } from './rows';

/**
 * The SQL engine's reader of text is lenient: it guesses, skips and repairs. So it only sees files of which every byte was
 * checked here: UTF-8 without a byte order mark, each line ended by \n, no other control characters than tabs. A line is then
 * a row, whatever the engine would guess.
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

interface TextOptions extends RowOptions {
  /** By the name that iconv-lite knows it by. */
  readonly encoding: string;
  /** Whether cells may stand in double quotes, line breaks in them; then `withoutQuotes` makes what is written. */
  readonly quotes: boolean;
  /** Whether empty lines at the end are no rows. */
  readonly emptyEnd?: boolean;
}

const UTF8_ONLY =
  'UTF-8 text (`iconv -f LATIN1 -t UTF-8` makes it of Latin-1; "encoding": "latin1" in the dataset.json of a table reads it)';

const TAB = 9;
const LF = 10;
const CR = 13;

/** Stands for bytes that another encoding than UTF-8 does not know. */
const LOST = '\ufffd';

/** The byte order mark of UTF-8. */
const MARK = '\ufeff';

/** A text in UTF-8, whatever its file is written in. */
const inUtf8 = (bytes: AsyncIterable<Buffer>, encoding: string): AsyncIterable<Buffer> =>
  encoding === UTF8 ? bytes : decoded(bytes, encoding);

async function* decoded(blocks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = iconv.getDecoder(encoding);
  let size = 0;
  for await (const block of blocks) {
    size += block.length;
    yield Buffer.from(decoder.write(block));
  }
  const isCut = /^(utf-?16|ucs-?2)/i.test(encoding) && size % 2 === 1;
  yield Buffer.from(`${decoder.end() ?? ''}${isCut ? LOST : ''}`);
}

/** Writes the checked lines of a byte stream to `path`. Throws a UserError that names line and column. */
export async function writePlainText(
  bytes: AsyncIterable<Buffer>,
  path: string,
  options: TextOptions,
): Promise<PlainText> {
  const file = createWriteStream(path);
  const breaks: number[] = [];
  let [lines, bad, emptyEnd, firstLine] = [0, 0, 0, ''];
  try {
    const checked = checkedLines(inUtf8(bytes, options.encoding), options);
    for await (const rows of options.quotes ? withoutQuotes(checked, options) : checked) {
      if (lines === 0) firstLine = rows.bytes.toString('utf8', 0, rows.bytes.indexOf(LF));
      for (const row of rows.breaks) breaks.push(lines + row);
      bad += rows.bad;
      const ends = lineEndsBehind(rows.bytes);
      emptyEnd = ends === rows.bytes.length ? emptyEnd + ends : ends - 1;
      lines += rows.count;
      if (!file.write(rows.bytes)) await once(file, 'drain');
    }
  } finally {
    file.end();
    await finished(file);
  }
  if (options.emptyEnd && emptyEnd > 0) {
    await truncate(path, file.bytesWritten - emptyEnd);
    lines -= emptyEnd;
  }
  return { path, lines, firstLine: firstLine.replaceAll(LINE_BREAK, '\n'), breaks, bad };
}

function lineEndsBehind(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === LF) end--;
  return bytes.length - end;
}

/** The first lines of a byte stream, unchecked. */
export async function firstLinesOf(bytes: AsyncIterable<Buffer>, count: number, encoding: string) {
  let read = Buffer.alloc(0);
  for await (const chunk of inUtf8(bytes, encoding)) {
    read = Buffer.concat([read, chunk]);
    if (read.length > LONGEST_LINE) break;
  }
  return read
    .toString('utf8')
    .replace(MARK, '')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/, count);
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

/** The lines of a text in blocks, every byte of them checked; a missing last line end is put in. */
async function* checkedLines(text: AsyncIterable<Buffer>, options: TextOptions): AsyncGenerator<Rows> {
  let before = 0;
  let rest: Buffer = Buffer.alloc(0);
  const checked = (block: Buffer) => {
    const isMarked = before === 0 && block.toString('utf8', 0, 3) === MARK;
    return checkBlock(isMarked ? block.subarray(3) : block, before, options);
  };
  for await (const chunk of text) {
    const block = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const end = block.lastIndexOf(LF) + 1;
    rest = block.subarray(end);
    if (end > 0) {
      const rows = checked(block.subarray(0, end));
      yield rows;
      before += rows.count;
    }
    if (rest.length > LONGEST_LINE) throw tooLong(options.label, before + 1);
  }
  const last = checked(rest);
  if (last.bytes.length > 0) yield { ...last, bytes: Buffer.concat([last.bytes, Buffer.of(LF)]), count: 1 };
}

/** Checks every byte of whole lines, of which the file has `before` before them; the result has no \r before a \n. */
function checkBlock(block: Buffer, before: number, options: TextOptions): Rows {
  const { label, delimiter, quotes, encoding } = options;
  const refuse = (
    at: number,
    expected: string,
    found = `the byte 0x${block.toString('hex', at, at + 1)}`,
  ) => {
    const lines = block.toString('latin1', 0, at).split('\n');
    const line = lines[lines.length - 1];
    const cells = (quotes ? line.replace(/"[^"]*("|$)/g, '') : line).split(delimiter);
    return flawAt(label, before + lines.length, { column: String(cells.length), expected, found });
  };
  let [count, lineStart, returns] = [0, 0, 0];
  for (let i = 0; i < block.length; i++) {
    const byte = block[i];
    if (byte >= 32 || byte === TAB) continue;
    if (byte === LF) {
      if (i - lineStart > LONGEST_LINE) throw tooLong(label, before + count + 1);
      count++;
      lineStart = i + 1;
    } else if (byte === CR && block[i + 1] === LF) returns++;
    else throw refuse(i, 'text without control characters');
  }
  const lost = encoding === UTF8 && isUtf8(block) ? -1 : block.toString('utf8').indexOf(LOST);
  if (lost >= 0) {
    const at = Buffer.byteLength(block.toString('utf8').slice(0, lost));
    if (encoding === UTF8) throw refuse(at, UTF8_ONLY);
    throw refuse(at, `text in ${encoding}`, 'bytes that are no character of it');
  }
  const bytes =
    returns === 0 ? block : Buffer.from(block.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return { bytes, count, breaks: [], bad: 0 };
}
