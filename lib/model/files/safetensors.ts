import fs from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { readSealed, requireBeside, type Seal, writeSealed } from '../../base/sealed';
import { type Tensor, tensorBytes, tensorsIn } from '../../base/tensors';
import { UserError } from '../../base/userError';
import { writeWhole } from '../../base/whole';
import { leaves, mapLeaves, type Tree, type Weight } from '../../engine/weights';

/** A weight tree as named tensors. */
const tensorsOf = (weights: Tree<Weight>): Tensor[] =>
  leaves<Weight>(weights).map(([name, { shape, values }]) => ({ name, shape, values: () => values }));

/** Writes weights alone. */
export const saveWeights = (file: string, weights: Tree<Weight>): void =>
  void writeWhole(file, tensorBytes(tensorsOf(weights)));

/** The JSON card beside a file of weights. */
export const cardOf = (file: string) => file.replace(/\.safetensors$/, '.json');
/** The vocabulary beside a trunk: a JSON list of its items, in the order of their ids. */
export const vocabularyOf = (file: string) => file.replace(/\.safetensors$/, '.items.json');

/** The card beside weights, and the vocabulary of a trunk. */
export type Beside = { readonly card: object; readonly vocabulary?: readonly string[] | undefined };

/** Writes weights with their vocabulary and a JSON card that seals both; makes the folder. */
export function saveModel(file: string, weights: Tree<Weight>, { card, vocabulary }: Beside): Seal {
  const list = vocabulary && { [path.basename(vocabularyOf(file))]: `${JSON.stringify(vocabulary)}\n` };
  return writeSealed(cardOf(file), card, { [path.basename(file)]: tensorBytes(tensorsOf(weights)), ...list });
}

/** The card beside a file of weights, and its seal. A UserError names it where it is missing, damaged or not of `what`. */
export function readCard<T>(file: string, what: string, schema: z.ZodType<T>): { card: T; seal: Seal } {
  const name = cardOf(file);
  if (!fs.existsSync(name)) throw new UserError(`${name}: expected the JSON card of ${path.basename(file)}`);
  const seal = readSealed(name);
  const weights = Object.keys(Object(seal.files)).find((other) => other.endsWith('.safetensors'));
  if (weights !== undefined && weights !== path.basename(file))
    throw new UserError(`${name}: expected the card of ${path.basename(file)}, found that of ${weights}`);
  const checked = schema.safeParse(seal);
  if (checked.success) return { card: checked.data, seal };
  const [{ path: at, message }] = checked.error.issues;
  if (at.length === 1 && !(at[0] in seal))
    throw new UserError(`${name}: expected the card of ${what}, found one without ${String(at[0])}`);
  throw new UserError(`${name}: ${at.join('.')}: ${message.replace(/^Invalid input: /, '')}`);
}

type Reading = {
  /** The seal of its card; absent: no checksum is checked. */
  readonly seal?: Seal;
  /** Paths of weights that the file may lack. */
  readonly given?: (name: string) => boolean;
};

/** Reads the weights of a file into the shape of `like`. A UserError names a file that is damaged or lacks a weight. */
export function loadWeights<W>(file: string, like: W, { seal, given = () => false }: Reading = {}): W {
  if (seal)
    requireBeside(cardOf(file), { files: { [path.basename(file)]: seal.files[path.basename(file)] } });
  const there = new Map(tensorsIn(file).map((tensor) => [tensor.name, tensor]));
  const read = (weight: Weight, name: string): Weight => {
    const tensor = there.get(name);
    if (!tensor && given(name)) return weight;
    const { shape } = weight;
    if (tensor?.shape.join() !== shape.join())
      throw new UserError(`${file}: expected ${name} with shape [${shape}] in float32`);
    return { shape, values: tensor.values() };
  };
  return mapLeaves<Weight, Weight>(like as Tree<Weight>, read) as W;
}
