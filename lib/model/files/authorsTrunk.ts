/** A trunk under the variable names of the authors' code. Letters: k channels, w kernel width. */
import fs from 'node:fs';
import protobuf from 'protobufjs';
import { UserError } from '../../base/userError';
import { restoreVariables } from '../../engine/program/session';
import { leaves, mapLeaves, type Tree, type Weight } from '../../engine/weights';
import { blankTrunk, embeddingRows, type TrunkShape, type TrunkWeights } from '../trunks/trunk';

type Variable = { readonly dtype: number; readonly shape: readonly number[] };

/** Fields of tensor_bundle.proto that are read. */
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
const handle = (reader: protobuf.Reader): [offset: number, size: number] => [
  Number(reader.uint64()),
  Number(reader.uint64()),
];

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

/** Variables by name with their TensorFlow type. Throws a UserError that names any other file. */
export function readIndex(file: string): Map<string, Variable> {
  try {
    const variables = entriesOfTable(fs.readFileSync(file)).filter(({ key }) => key !== ''); // '' is the header
    return new Map(variables.map(variableOf));
  } catch {
    throw new UserError(`${file}: expected the index of a TensorFlow checkpoint`);
  }
}

/** The number that TensorFlow gives float32. */
const FLOAT32 = 1;
const TABLE = 'allitem_embeddings';
const BLOCK = /^(\w+layer_(\d+)_(\d+))\//;
/** Variables of a checkpoint besides its trunk: the softmax layer of pre-training and the state of Adam. */
const DISCARDED = /^(logits\/(weight|bias)|softmax_[wb]|beta[12]_power(_\d+)?|global_step)$|\/Adam(_\d+)?$/;

type Variables = ReadonlyMap<string, Variable>;

/** The scope of a block, and the dilation that its name ends in. */
type Block = { readonly scope: string; readonly dilation: number };

/** The blocks, first block first. */
function blocksOf(names: readonly string[], prefix: string): Block[] {
  const found = new Map(
    names.flatMap((name) => {
      const [, scope, index, dilation] = BLOCK.exec(name) ?? [];
      return scope ? [[Number(index), { scope, dilation: Number(dilation) }] as const] : [];
    }),
  );
  const blocks = Array.from({ length: found.size }, (_, i) => found.get(i));
  const missing = blocks.findIndex((block) => !block);
  if (found.size === 0 || missing >= 0)
    throw new UserError(`${prefix}: expected variables of a block …layer_${Math.max(0, missing)}_DILATION/`);
  return blocks as Block[];
}

const PARTS: Readonly<Record<string, (at: 1 | 2) => string>> = {
  kernel: (at) => `dilated_conv${at}/weight`,
  bias: (at) => `dilated_conv${at}/bias`,
  gain: (at) => `layer_norm${at}/gamma`,
  shift: (at) => `layer_norm${at}/beta`,
};

/** The authors' name of the weight at a path of a trunk. */
function variableAt(path: string, blocks: readonly Block[]): string {
  const [, block, layer, part] = /^blocks\/(\d+)\/(first|second)\/(\w+)$/.exec(path) ?? [];
  if (block === undefined) return TABLE;
  return `${blocks[Number(block)].scope}/${PARTS[part](layer === 'first' ? 1 : 2)}`;
}

function shapeOf(variables: Variables, name: string, rank: number, prefix: string): readonly number[] {
  const variable = variables.get(name);
  if (!variable) throw new UserError(`${prefix}: the variable ${name} is missing`);
  if (variable.shape.length !== rank)
    throw new UserError(`${prefix}: ${name} has shape [${variable.shape}], expected ${rank} axes`);
  return variable.shape;
}

/** Throws a UserError for a weight missing or misshapen (kernels: [1, w, k, k]), or an unknown variable. */
function check(expected: ReadonlyMap<string, readonly number[]>, variables: Variables, prefix: string): void {
  for (const [name, weight] of expected) {
    const shape = weight.length === 3 ? [1, ...weight] : weight;
    const found = shapeOf(variables, name, shape.length, prefix);
    if (variables.get(name)?.dtype !== FLOAT32 || found.join() !== shape.join())
      throw new UserError(`${prefix}: ${name} has shape [${found}], expected [${shape}] in float32`);
  }
  const unknown = [...variables.keys()].filter((name) => !expected.has(name) && !DISCARDED.test(name));
  if (unknown.length > 0)
    throw new UserError(`${prefix}: the variable ${unknown[0]} is none of a trunk (${unknown.length} such)`);
}

function valuesOf(prefix: string, names: readonly string[]): Map<string, Float32Array> {
  try {
    const values = restoreVariables(prefix, names);
    return new Map(names.map((name, i) => [name, values[i]]));
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new UserError(`${prefix}: expected the data of a TensorFlow checkpoint (${reason})`);
  }
}

/**
 * Reads the trunk of a TensorFlow checkpoint that the authors' NextItNet or GRec code saved: `PREFIX.index` and
 * `PREFIX.data-…`. Dilations, channels, kernel width and rows follow from names and shapes; whether the trunk is
 * causal does not and has to be said. Padding is embedded: their id 0 is unknown, mask and token at once.
 * Throws a UserError that names a variable that is missing, unknown or of another shape.
 */
export function readAuthorsTrunk(
  prefix: string,
  trunk: 'causal' | 'non-causal',
): { readonly weights: TrunkWeights<Weight>; readonly shape: TrunkShape } {
  const variables = readIndex(`${prefix}.index`);
  const blocks = blocksOf([...variables.keys()], prefix);
  const [rows, channels] = shapeOf(variables, TABLE, 2, prefix);
  const [, kernel] = shapeOf(variables, variableAt('blocks/0/first/kernel', blocks), 4, prefix);
  const items = rows - embeddingRows({ trunk, items: 0 });
  const dilations = blocks.map(({ dilation }) => dilation);
  const shape: TrunkShape = { trunk, items, channels, kernel, dilations, padding: 'embedded' };
  const blank = blankTrunk(shape, (shape) => ({ shape, values: new Float32Array(0) })) as Tree<Weight>; // sizes are not yet checked
  const expected = new Map(
    leaves<Weight>(blank).map(([path, weight]) => [variableAt(path, blocks), weight.shape]),
  );
  check(expected, variables, prefix);
  const values = valuesOf(prefix, [...expected.keys()]);
  const weights = mapLeaves<Weight, Weight>(blank, ({ shape }, path) => ({
    shape,
    values: values.get(variableAt(path, blocks)) as Float32Array,
  }));
  return { weights: weights as TrunkWeights<Weight>, shape };
}
