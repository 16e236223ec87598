import fs from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { leaves, mapLeaves, type Tree, type Weight } from '../tensorflow/weights';
import { UserError } from '../userError';

type Entry = { readonly dtype: string; readonly shape: number[]; readonly data_offsets: [number, number] };

/** Writes a weight tree as safetensors: an 8-byte header length, a JSON header, the float32 values. */
export function saveWeights(file: string, weights: Tree<Weight>): void {
  const named = leaves<Weight>(weights);
  const header: Record<string, Entry> = {};
  let offset = 0;
  for (const [name, { shape, values }] of named) {
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8)); // values start on a multiple of 8
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const bytes = named.map(([, { values }]) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  writeFileAtomic.sync(file, Buffer.concat([length, text, ...bytes]));
}

/** Reads the weights of a file into the shape of `like`. A UserError names the file where it holds anything else. */
export function loadWeights<W>(file: string, like: W): W {
  const content = fs.readFileSync(file);
  const { header, start } = readHeader(file, content);
  const read = ({ shape, values }: Weight, name: string): Weight => {
    const entry = header[name];
    const [from, to] = entry?.data_offsets ?? [0, 0];
    const bytes = new Uint8Array(content.subarray(start + from, start + to));
    if (entry?.dtype !== 'F32' || entry.shape.join() !== shape.join() || bytes.length !== values.byteLength) {
      throw new UserError(`${file}: expected ${name} with shape [${shape}] in float32`);
    }
    return { shape, values: new Float32Array(bytes.buffer) };
  };
  return mapLeaves<Weight, Weight>(like as Tree<Weight>, read) as W;
}

function readHeader(file: string, content: Buffer): { header: Record<string, Entry>; start: number } {
  try {
    const start = 8 + Number(content.readBigUInt64LE(0));
    return { header: JSON.parse(content.toString('utf8', 8, start)), start };
  } catch {
    throw new UserError(`${file}: expected a safetensors file`);
  }
}
