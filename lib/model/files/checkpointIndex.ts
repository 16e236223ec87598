/** The list of variables in the `.index` file of a TensorFlow checkpoint, which TensorFlow has no op to read. */
import fs from 'node:fs';
import protobuf from 'protobufjs';
import { UserError } from '../../base/userError';

export type Variable = { readonly dtype: number; readonly shape: readonly number[] };

/** Of tensor_bundle.proto, what is read here. */
const SCHEMA = `
syntax = "proto3";
message BundleEntry { int32 dtype = 1; TensorShape shape = 2; }
message TensorShape { repeated Dim dim = 2; }
message Dim { int64 size = 1; }
`;
const BundleEntry = protobuf.parse(SCHEMA).root.lookupType('BundleEntry');

/** The file is a table of sorted keys as LevelDB writes it: blocks, a block that lists them, and a footer. */
const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;

type Entry = { readonly key: string; readonly value: Buffer };

/** Entries of the block at `offset`; of each key only what differs from the key before it is written. */
function entriesOf(file: Buffer, offset: number, size: number): Entry[] {
  const block = file.subarray(offset, offset + size);
  if (block.length < size || file[offset + size] !== 0) throw new Error('a block is cut off or compressed');
  const reader = protobuf.Reader.create(block.subarray(0, size - 4 * (block.readUInt32LE(size - 4) + 1)));
  const entries: Entry[] = [];
  let key = Buffer.alloc(0);
  while (reader.pos < reader.len) {
    const [shared, unshared, length] = [reader.uint32(), reader.uint32(), reader.uint32()];
    const bytes = block.subarray(reader.pos, reader.pos + unshared + length);
    reader.skip(unshared + length);
    key = Buffer.concat([key.subarray(0, shared), bytes.subarray(0, unshared)]);
    entries.push({ key: key.toString(), value: bytes.subarray(unshared) });
  }
  return entries;
}

/** Where a block lies: two numbers of variable length. */
function handle(reader: protobuf.Reader): [offset: number, size: number] {
  return [Number(reader.uint64()), Number(reader.uint64())];
}

function entriesOfTable(file: Buffer): Entry[] {
  if (file.readBigUInt64LE(file.length - 8) !== MAGIC) throw new Error('no table');
  const footer = protobuf.Reader.create(file.subarray(-FOOTER_BYTES));
  handle(footer); // a block of statistics
  const blocks = entriesOf(file, ...handle(footer));
  return blocks.flatMap(({ value }) => entriesOf(file, ...handle(protobuf.Reader.create(value))));
}

function variableOf({ key, value }: Entry): [string, Variable] {
  const { dtype, shape } = BundleEntry.toObject(BundleEntry.decode(value), { longs: Number, defaults: true });
  const dims = (shape?.dim ?? []) as { size: number }[];
  return [key, { dtype, shape: dims.map(({ size }) => size) }];
}

/** Variables by name with their TensorFlow type. A UserError names a file that is no index of a checkpoint. */
export function readIndex(file: string): Map<string, Variable> {
  try {
    const variables = entriesOfTable(fs.readFileSync(file)).filter(({ key }) => key !== ''); // '' is the header
    return new Map(variables.map(variableOf));
  } catch {
    throw new UserError(`${file}: expected the index of a TensorFlow checkpoint`);
  }
}
