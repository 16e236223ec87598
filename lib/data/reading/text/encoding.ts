import iconv from 'iconv-lite';
import { UTF8 } from '../../card/textFile';

/** A text in UTF-8, whatever its file is written in. */
export interface Text {
  /** Without a byte order mark. */
  readonly blocks: AsyncIterable<Buffer>;
  /** The encoding of the file; if that is not UTF-8, LOST stands for bytes that are no character of it. */
  readonly writtenIn: string;
}

export const LOST = '\ufffd';

const MARKS: readonly (readonly [start: string, encoding: string])[] = [
  ['efbbbf', UTF8],
  ['fffe', 'UTF-16LE'],
  ['feff', 'UTF-16BE'],
];
const LONGEST_MARK = 3;

/** The text of a file in `encoding`, or in that of the byte order mark at its start. */
export async function inUtf8(bytes: AsyncIterable<Buffer>, encoding: string): Promise<Text> {
  const blocks = bytes[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  let isOver = false;
  while (!isOver && start.length < LONGEST_MARK) {
    const next = await blocks.next();
    isOver = next.done === true;
    if (!next.done) start = Buffer.concat([start, next.value]);
  }
  const [mark, writtenIn] = MARKS.find(([mark]) =>
    start.toString('hex', 0, LONGEST_MARK).startsWith(mark),
  ) ?? ['', encoding];
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield start.subarray(mark.length / 2);
      for (let next = await blocks.next(); !next.done; next = await blocks.next()) yield next.value;
    } finally {
      await blocks.return?.();
    }
  }
  return { blocks: writtenIn === UTF8 ? all() : decoded(all(), writtenIn), writtenIn };
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
