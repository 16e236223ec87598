import fs from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
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

/** The JSON card beside a file of weights. */
export const cardOf = (file: string) => file.replace(/\.safetensors$/, '.json');
/** The vocabulary beside a trunk: a JSON list of its items, in the order of their ids. */
export const vocabularyOf = (file: string) => file.replace(/\.safetensors$/, '.items.json');

/** Writes weights as `saveWeights` and a JSON card beside them; the folder is made where it is missing. */
export function saveModel(file: string, weights: Tree<Weight>, card: object): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  saveWeights(file, weights);
  writeFileAtomic.sync(cardOf(file), `${JSON.stringify(card, null, 1)}\n`);
}

/** The card beside a file of weights. A UserError names it where it does not fit the schema. */
export function readCard<T>(file: string, schema: z.ZodType<T>): T {
  const card = cardOf(file);
  let json: unknown;
  try {
    json = JSON.parse(fs.readFileSync(card, 'utf8'));
  } catch {
    throw new UserError(`${card}: expected the JSON card of ${path.basename(file)}`);
  }
  const checked = schema.safeParse(json);
  if (checked.success) return checked.data;
  const [{ path: at, message }] = checked.error.issues;
  throw new UserError(`${card}: ${at.join('.')}: ${message}`);
}

/**
 * Reads the weights of a file into the shape of `like`; those that `given` holds by their path stay what they are
 * where the file has none of them. A UserError names the file where it holds anything else.
 */
export function loadWeights<W>(file: string, like: W, given: (name: string) => boolean = () => false): W {
  const content = fs.readFileSync(file);
  const { header, start } = readHeader(file, content);
  const read = (weight: Weight, name: string): Weight => {
    if (!header[name] && given(name)) return weight;
    const { shape, values } = weight;
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
