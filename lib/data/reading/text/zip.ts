import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { UserError } from '../../../base/userError';
import { quoted } from '../../card/textFile';

/** A member of a zip archive. Nothing is unpacked beside the archive, so its name leads nowhere. */
export interface ZipMember {
  readonly name: string;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header starts. */
  readonly offset: number;
  readonly isDeflated: boolean;
}

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const LONGEST_END = 22 + 65535;
/** Stands in a field of 32 bits for a number that only ZIP64 holds. */
const IN_ZIP64 = 0xffffffff;

/** The members of an archive, by its directory. Throws a UserError for a damaged archive and for ZIP64. */
export function zipMembers(file: string): ZipMember[] {
  const tail = readAt(file, Math.max(0, statSync(file).size - LONGEST_END), LONGEST_END);
  const end = tail.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || tail.length - end < 22) throw broken(file, 'no directory at its end');
  const [size, offset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (size === IN_ZIP64 || offset === IN_ZIP64) throw zip64(file);
  return membersIn(file, readAt(file, offset, size), tail.readUInt16LE(end + 10));
}

function membersIn(file: string, directory: Buffer, count: number): ZipMember[] {
  const members: ZipMember[] = [];
  for (let at = 0; members.length < count; ) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw broken(file, 'a damaged directory');
    const [method, nameLength] = [directory.readUInt16LE(at + 10), directory.readUInt16LE(at + 28)];
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    const [crc, compressedSize, size] = [16, 20, 24].map((field) => directory.readUInt32LE(at + field));
    const offset = directory.readUInt32LE(at + 42);
    if ([compressedSize, size, offset].includes(IN_ZIP64)) throw zip64(file);
    if (method !== 0 && method !== 8)
      throw broken(file, `${quoted(name)} neither deflated nor stored (method ${method})`);
    members.push({ name, crc, compressedSize, size, offset, isDeflated: method === 8 });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}

function readAt(file: string, position: number, length: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(length, fstatSync(descriptor).size));
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, position));
  } finally {
    closeSync(descriptor);
  }
}

const broken = (file: string, found: string) =>
  new UserError(`${file}: expected a zip archive, found ${found}`);

const zip64 = (file: string) =>
  new UserError(`${file}: expected a zip archive of less than 4 GB, found ZIP64: unpack it into a folder`);

/** Inflated bytes allowed for each compressed one; text shrinks to a tenth, not to a hundredth. */
const GROWTH = 100;
const ALWAYS_ALLOWED = 2 ** 24;

/** How far so many compressed bytes may grow. */
export const allowedOf = (size: number): number => Math.max(ALWAYS_ALLOWED, GROWTH * size);

/** Since Node 20.15; the types are of an earlier one. */
const { crc32 } = zlib as unknown as { readonly crc32: (bytes: Uint8Array) => number };

/** The bytes of a member that messages call `label`. Throws a UserError if its length or CRC-32 differs from the directory's. */
export function memberBytes(file: string, member: ZipMember, label: string): Buffer {
  const { name, offset, compressedSize, size, crc, isDeflated } = member;
  const allowed = allowedOf(compressedSize);
  if (size > allowed) throw new UserError(`${label}: expected at most ${allowed} bytes, found ${size}`);
  if (size > LARGEST)
    throw new UserError(
      `${label}: expected at most ${LARGEST} bytes in an archive, found ${size}: unpack it`,
    );
  const header = readAt(file, offset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL_HEADER)
    throw broken(file, `no member where the directory says ${quoted(name)}`);
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = readAt(file, start, compressedSize);
  const bytes = isDeflated ? inflated(packed, size) : packed;
  if (bytes?.length === size && crc32(bytes) === crc) return bytes;
  throw new UserError(`${label}: expected a whole compressed file, found a damaged one`);
}

/** In bytes, of a member, which is read at once. */
const LARGEST = 2 ** 31;

function inflated(packed: Buffer, size: number): Buffer | undefined {
  try {
    return zlib.inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}
