/** Arrays of float32 in a file, as safetensors prescribes: an 8-byte header length, a JSON header, the values. */
import fs from 'node:fs';
import { UserError } from './userError';

/** Named values, row-major, made only when they are written: one tensor is in memory at a time. */
export type Tensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: () => Float32Array;
};

type Entry = { readonly dtype: string; readonly shape: number[]; readonly data_offsets: [number, number] };

const bytesIn = (shape: readonly number[]) =>
  shape.reduce((product, size) => product * size, Float32Array.BYTES_PER_ELEMENT);

/** The bytes of a file in parts; values start on a multiple of 8. */
export function* tensorBytes(tensors: readonly Tensor[]): Generator<Uint8Array> {
  const header: Record<string, Entry> = {};
  let offset = 0;
  for (const { name, shape } of tensors) {
    const end = offset + bytesIn(shape);
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  yield length;
  yield text;
  for (const tensor of tensors) {
    const values = tensor.values();
    yield Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  }
}

/** The tensors of a file in their order, each read when its values are asked for. Throws a UserError for any other file. */
export function tensorsIn(file: string): Tensor[] {
  const { header, start } = readHeader(file);
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return tensors.map(([name, { dtype, shape, data_offsets: range }]) => ({
    name,
    shape,
    values: () => {
      const bytes = range[1] - range[0];
      if (dtype !== 'F32' || bytes !== bytesIn(shape))
        throw new UserError(`${file}: expected ${name} with shape [${shape}] in float32`);
      const values = new Float32Array(bytes / Float32Array.BYTES_PER_ELEMENT);
      readInto(file, new Uint8Array(values.buffer), start + range[0]);
      return values;
    },
  }));
}

function readHeader(file: string): { header: Record<string, Entry>; start: number } {
  try {
    const length = new Uint8Array(8);
    readInto(file, length, 0);
    const start = 8 + Number(Buffer.from(length).readBigUInt64LE(0));
    if (start > fs.statSync(file).size) throw new RangeError();
    const text = new Uint8Array(start - 8);
    readInto(file, text, 8);
    return { header: JSON.parse(Buffer.from(text).toString('utf8')), start };
  } catch {
    throw new UserError(`${file}: expected a safetensors file`);
  }
}

/** Bytes that the system reads in one call. */
const AT_ONCE = 1 << 30;

/** Fills the bytes from a place of a file on. */
function readInto(file: string, bytes: Uint8Array, from: number): void {
  const descriptor = fs.openSync(file, 'r');
  try {
    for (let done = 0; done < bytes.length; ) {
      const read = fs.readSync(descriptor, bytes, done, Math.min(AT_ONCE, bytes.length - done), from + done);
      if (read === 0) throw new UserError(`${file}: expected ${bytes.length - done} bytes more`);
      done += read;
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
