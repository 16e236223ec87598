import iconv from 'iconv-lite';
import { UserError } from '../../../userError';
import { UTF8 } from '../../card/encoding';

/** A text whose characters are in UTF-8, whatever the file has them in. */
export interface Text {
  /** Without a byte order mark. */
  readonly blocks: AsyncIterable<Buffer>;
  /** What the file has them in; where that is not UTF-8, LOST stands for what is no character of it. */
  readonly writtenIn: string;
}

export const LOST = '\ufffd';

/** How files begin whose encoding is told by a mark. */
const MARKS: readonly (readonly [start: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], UTF8],
  [[0xff, 0xfe], 'UTF-16LE'],
  [[0xfe, 0xff], 'UTF-16BE'],
];

/** How files begin that are no text, and what they are. */
const KINDS: readonly (readonly [start: readonly number[], kind: string])[] = [
  [[0x1f, 0x8b], 'gzip under a name that does not end in .gz'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive or a spreadsheet'],
  [[0x50, 0x41, 0x52, 0x31], 'Parquet under a name that does not end in .parquet'],
];

const LONGEST_START = 5;

const startsWith = (bytes: Buffer, start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);

/**
 * The text of a file in `encoding`, or in the one that a mark at its start tells; throws a UserError for a file that begins as one
 * does that is no text.
 */
export async function inUtf8(
  bytes: AsyncIterable<Buffer>,
  { label, encoding }: { readonly label: string; readonly encoding: string },
): Promise<Text> {
  const { start, all } = await withStart(bytes);
  const kind = KINDS.find(([first]) => startsWith(start, first));
  if (kind) throw new UserError(`${label}: expected text, plain or compressed as .gz, found ${kind[1]}`);
  const [mark, writtenIn] = MARKS.find(([first]) => startsWith(start, first)) ?? [[], encoding];
  const blocks = without(mark.length, all);
  return { blocks: writtenIn === UTF8 ? blocks : decoded(blocks, writtenIn), writtenIn };
}

/** How a stream begins, and the whole of it. */
async function withStart(bytes: AsyncIterable<Buffer>) {
  const blocks = bytes[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  while (start.length < LONGEST_START) {
    const next = await blocks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield start;
      for (let next = await blocks.next(); !next.done; next = await blocks.next()) yield next.value;
    } finally {
      await blocks.return?.();
    }
  }
  return { start, all: all() };
}

/** A stream but for its first `count` bytes, which its first block has. */
async function* without(count: number, blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = count;
  for await (const block of blocks) {
    yield block.subarray(left);
    left = 0;
  }
}

async function* decoded(blocks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  let size = 0;
  for await (const block of blocks) {
    size += block.length;
    yield Buffer.from(decoder.write(block));
  }
  const isCut = /^(utf-?16|ucs-?2)/i.test(encoding) && size % 2 === 1;
  yield Buffer.from(`${decoder.end() ?? ''}${isCut ? LOST : ''}`);
}
