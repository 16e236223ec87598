import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { UserError } from '../../../userError';
import { quoted } from '../../card/textFile';

/**
 * The members of a zip archive, by name. Nothing is unpacked beside them, so their names lead nowhere; a member is
 * read as a gzip stream, so that its checksum and its length are checked as it is read.
 */
export interface ZipMember {
  readonly name: string;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header starts. */
  readonly offset: number;
  readonly method: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const LONGEST_END = 22 + 65535;

/** Reads the directory of an archive; throws a UserError where there is none, or one of a kind that is not read here. */
export function zipMembers(file: string): ZipMember[] {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const tail = readAt(descriptor, Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || tail.length - end < 22 || tail.readUInt32LE(end) !== END_OF_DIRECTORY) {
      throw broken(file, 'no directory at its end');
    }
    const directory = readAt(descriptor, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    return entries(file, directory, tail.readUInt16LE(end + 10));
  } finally {
    closeSync(descriptor);
  }
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.min(length, fstatSync(descriptor).size));
  return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, position));
}

function entries(file: string, directory: Buffer, count: number): ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  while (members.length < count) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw broken(file, 'a damaged directory');
    }
    const nameLength = directory.readUInt16LE(at + 28);
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}

function broken(file: string, found: string): UserError {
  return new UserError(`${file}: expected a zip archive, found ${found}`);
}

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const TRAILER_LENGTH = 8;

const LONGEST_BLOCK = 65535;
const blockHeader = (length: number, isLast: boolean) =>
  Buffer.of(Number(isLast), length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff);
const LAST_BLOCK = blockHeader(0, true);

/** A member's bytes as a gzip stream: a deflate stream between a header and a trailer with its checksum. */
export async function* asGzip(file: string, member: ZipMember): AsyncGenerator<Buffer> {
  const { compressedSize, method } = member;
  const start = dataStart(file, member);
  yield GZIP_HEADER;
  if (compressedSize > 0) {
    const bytes = createReadStream(file, { start, end: start + compressedSize - 1 });
    yield* method === STORED ? asBlocks(bytes, compressedSize) : bytes;
  }
  if (method === STORED) yield LAST_BLOCK;
  yield trailerOf(member);
}

/** So many bytes as they are in blocks of a deflate stream. */
async function* asBlocks(
  bytes: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<Buffer, void, undefined> {
  let [left, room] = [size, 0];
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      if (room === 0) {
        room = Math.min(LONGEST_BLOCK, left);
        left -= room;
        yield blockHeader(room, false);
      }
      const part = chunk.subarray(at, at + room);
      yield part;
      at += part.length;
      room -= part.length;
    }
  }
}

/** Bytes of a member as a gzip stream. */
export function gzipSizeOf({ compressedSize, method }: ZipMember): number {
  const blocks = method === STORED ? Math.ceil(compressedSize / LONGEST_BLOCK) + 1 : 0;
  return compressedSize + blocks * LAST_BLOCK.length + GZIP_HEADER.length + TRAILER_LENGTH;
}

/** The gzip stream of a small member, at once. */
export function gzipOf(file: string, member: ZipMember): Buffer {
  const start = dataStart(file, member);
  const descriptor = openSync(file, 'r');
  try {
    const bytes = readAt(descriptor, start, member.compressedSize);
    const deflated = member.method === STORED ? deflateRawSync(bytes, { level: 0 }) : bytes;
    return Buffer.concat([GZIP_HEADER, deflated, trailerOf(member)]);
  } finally {
    closeSync(descriptor);
  }
}

function trailerOf({ crc, size }: ZipMember): Buffer {
  const trailer = Buffer.alloc(TRAILER_LENGTH);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size, 4);
  return trailer;
}

function dataStart(file: string, { name, offset, method }: ZipMember): number {
  if (method !== DEFLATED && method !== STORED)
    throw new UserError(
      `${file}: ${quoted(name)}: expected a deflated or stored member, found method ${method}`,
    );
  const descriptor = openSync(file, 'r');
  try {
    const header = readAt(descriptor, offset, 30);
    if (header.length < 30 || header.readUInt32LE(0) !== LOCAL_HEADER) {
      throw broken(file, `no member where the directory says ${quoted(name)}`);
    }
    return offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    closeSync(descriptor);
  }
}
