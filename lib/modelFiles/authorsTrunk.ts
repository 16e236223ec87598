/** A trunk under the variable names of the authors' code. Letters: V rows of the table, k channels, w kernel width, n blocks. */
import type { BlockWeights, LayerWeights } from '../model/block';
import { embeddingRows, type TrunkShape, type TrunkWeights } from '../model/trunk';
import type { Direction } from '../tensorflow/ops/convolution';
import { restoreVariables } from '../tensorflow/program/session';
import type { Weight } from '../tensorflow/weights';
import { UserError } from '../userError';
import { readIndex, type Variable } from './checkpointIndex';

/** The number that TensorFlow gives float32. */
const FLOAT32 = 1;
const TABLE = 'allitem_embeddings';
const BLOCK = /^(\w+layer_(\d+)_(\d+))\//;
/** What a checkpoint holds besides its trunk: the softmax layer of pre-training and the state of Adam. */
const DISCARDED = /^(logits\/(weight|bias)|softmax_[wb]|beta[12]_power(_\d+)?|global_step)$|\/Adam(_\d+)?$/;

type Variables = ReadonlyMap<string, Variable>;

/** Where the weights of a trunk stand in a checkpoint: a tree of names and of the shapes that they have here. */
type Named = { readonly name: string; readonly shape: readonly number[] };
type Plan = {
  readonly dilations: readonly number[];
  readonly table: Named;
  readonly blocks: readonly BlockWeights<Named>[];
};

/** The scopes of the blocks, first block first, with the dilation that their name ends in. */
function blocksOf(names: readonly string[], prefix: string): { scope: string; dilation: number }[] {
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
  return blocks.map((block) => block as { scope: string; dilation: number });
}

/** One layer; the kernel [1, w, k, k] loses its first axis. */
function layerOf(scope: string, at: 1 | 2, w: number, k: number): LayerWeights<Named> {
  const named = (name: string, ...shape: number[]): Named => ({ name: `${scope}/${name}`, shape });
  return {
    kernel: named(`dilated_conv${at}/weight`, w, k, k),
    bias: named(`dilated_conv${at}/bias`, k),
    gain: named(`layer_norm${at}/gamma`, k),
    shift: named(`layer_norm${at}/beta`, k),
  };
}

function shapeOf(variables: Variables, name: string, rank: number, prefix: string): readonly number[] {
  const variable = variables.get(name);
  if (!variable) throw new UserError(`${prefix}: the variable ${name} is missing`);
  if (variable.shape.length !== rank)
    throw new UserError(`${prefix}: ${name} has shape [${variable.shape}], expected ${rank} axes`);
  return variable.shape;
}

/** What the names and shapes say. */
function planOf(variables: Variables, prefix: string): Plan {
  const [V, k] = shapeOf(variables, TABLE, 2, prefix);
  const found = blocksOf([...variables.keys()], prefix);
  const [, w] = shapeOf(variables, `${found[0].scope}/dilated_conv1/weight`, 4, prefix);
  const blocks = found.map(({ scope }) => ({
    first: layerOf(scope, 1, w, k),
    second: layerOf(scope, 2, w, k),
  }));
  return { dilations: found.map(({ dilation }) => dilation), table: { name: TABLE, shape: [V, k] }, blocks };
}

const namedIn = ({ table, blocks }: Plan): Named[] => [
  table,
  ...blocks.flatMap(({ first, second }) => [...Object.values(first), ...Object.values(second)]),
];

/** Every variable of the plan must be there in its shape, and none that the plan and the discarded do not name. */
function check(plan: Plan, variables: Variables, prefix: string): void {
  const used = new Set<string>();
  for (const { name, shape } of namedIn(plan)) {
    const found = variables.get(name);
    if (!found) throw new UserError(`${prefix}: the variable ${name} is missing`);
    const expected = shape.length === 3 ? [1, ...shape] : shape;
    if (found.dtype !== FLOAT32 || found.shape.join() !== expected.join())
      throw new UserError(`${prefix}: ${name} has shape [${found.shape}], expected [${expected}] in float32`);
    used.add(name);
  }
  const unknown = [...variables.keys()].filter((name) => !used.has(name) && !DISCARDED.test(name));
  if (unknown.length > 0)
    throw new UserError(`${prefix}: the variable ${unknown[0]} is none of a trunk (${unknown.length} such)`);
}

/** A trunk and what it is; an imported one has its own meaning of ids, and no vocabulary. */
export type ImportedTrunk = {
  readonly weights: TrunkWeights<Weight>;
  readonly shape: TrunkShape;
};

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
export function readAuthorsTrunk(prefix: string, direction: Direction): ImportedTrunk {
  const variables = readIndex(`${prefix}.index`);
  const plan = planOf(variables, prefix);
  check(plan, variables, prefix);
  const named = namedIn(plan);
  const values = valuesOf(
    prefix,
    named.map(({ name }) => name),
  );
  const weight = ({ name, shape }: Named): Weight => ({ shape, values: values.get(name) as Float32Array });
  const layer = ({ kernel, bias, gain, shift }: LayerWeights<Named>): LayerWeights<Weight> => ({
    kernel: weight(kernel),
    bias: weight(bias),
    gain: weight(gain),
    shift: weight(shift),
  });
  const blocks = plan.blocks.map(({ first, second }) => ({ first: layer(first), second: layer(second) }));
  const [rows, channels] = plan.table.shape;
  const [kernel] = plan.blocks[0].first.kernel.shape;
  const { dilations } = plan;
  const items = rows - embeddingRows({ direction, items: 0 });
  const shape = { direction, items, channels, kernel, dilations, padding: 'embedded' as const };
  return { weights: { embedding: weight(plan.table), blocks }, shape };
}
