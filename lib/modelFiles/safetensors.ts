import fs from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { readBeside, readSealed, type Seal, writeSealed } from '../files/sealed';
import { writeWhole } from '../files/whole';
import { leaves, mapLeaves, type Tree, type Weight } from '../tensorflow/weights';
import { UserError } from '../userError';

type Entry = { readonly dtype: string; readonly shape: number[]; readonly data_offsets: [number, number] };

/** A weight tree as safetensors: an 8-byte header length, a JSON header, the float32 values. */
function bytesOf(weights: Tree<Weight>): Buffer {
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
  return Buffer.concat([length, text, ...bytes]);
}

/** Writes weights alone. */
export const saveWeights = (file: string, weights: Tree<Weight>): void => writeWhole(file, bytesOf(weights));

/** The JSON card beside a file of weights. */
export const cardOf = (file: string) => file.replace(/\.safetensors$/, '.json');
/** The vocabulary beside a trunk: a JSON list of its items, in the order of their ids. */
export const vocabularyOf = (file: string) => file.replace(/\.safetensors$/, '.items.json');

/** What lies beside weights: their card, and the vocabulary of a trunk. */
export type Beside = { readonly card: object; readonly vocabulary?: readonly string[] | undefined };

/** Writes weights with their vocabulary and a JSON card that seals both; the folder is made where it is missing. */
export function saveModel(file: string, weights: Tree<Weight>, { card, vocabulary }: Beside): Seal {
  const list = vocabulary && { [path.basename(vocabularyOf(file))]: `${JSON.stringify(vocabulary)}\n` };
  return writeSealed(cardOf(file), card, { [path.basename(file)]: bytesOf(weights), ...list });
}

/** The card beside a file of weights, and its seal. A UserError names it where it is missing, damaged or does not fit the schema. */
export function readCard<T>(file: string, schema: z.ZodType<T>): { card: T; seal: Seal } {
  const name = cardOf(file);
  if (!fs.existsSync(name)) throw new UserError(`${name}: expected the JSON card of ${path.basename(file)}`);
  const seal = readSealed(name);
  const checked = schema.safeParse(seal);
  if (checked.success) return { card: checked.data, seal };
  const [{ path: at, message }] = checked.error.issues;
  throw new UserError(`${name}: ${at.join('.')}: ${message}`);
}

type Reading = {
  /** The seal of the card beside it; without one the content is taken as it is. */
  readonly seal?: Seal;
  /** Weights that stay what they are where the file has none of them, by their path. */
  readonly given?: (name: string) => boolean;
};

/** Reads the weights of a file into the shape of `like`. A UserError names the file where it is damaged or holds anything else. */
export function loadWeights<W>(file: string, like: W, { seal, given = () => false }: Reading = {}): W {
  const content = seal ? readBeside(file, seal) : fs.readFileSync(file);
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
