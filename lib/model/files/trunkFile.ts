/** Trained trunks as files: safetensors with a JSON card and the item vocabulary beside it, or the authors' checkpoints. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { z } from 'zod';
import { readBeside, type Seal } from '../../base/sealed';
import { UserError } from '../../base/userError';
import { padLeft } from '../../data/tasks/sequences';
import { leaves, type Tree, type Weight } from '../../engine/weights';
import { type TrunkName, trunkNames } from '../trunks/names';
import { architectureOf, blankTrunk, type TrunkShape, type TrunkWeights } from '../trunks/trunk';
import { readAuthorsTrunk } from './authorsTrunk';
import { loadWeights, readCard, vocabularyOf } from './safetensors';

export type LoadedTrunk = {
  /** A file or a prefix, as the user gives it. */
  readonly name: string;
  readonly weights: TrunkWeights<Weight>;
  readonly shape: TrunkShape;
  /** Source items by id − 1, and the longest sequence that the trunk was trained on; an imported one has neither. */
  readonly source: { readonly items: readonly string[]; readonly length: number } | undefined;
};

/** The card of a trunk; further keys are allowed. */
const cardOf = (trunk: TrunkName) =>
  z.object({
    trunk: z.literal(trunk),
    items: z.number().int().min(1),
    length: z.number().int().min(1),
    channels: z.number().int().min(1),
    padding: z.enum(['embedded', 'masked']),
    ...architectureOf({ trunk }).sizes,
  });
const [first, ...rest] = trunkNames.map(cardOf);
const cardSchema = z.discriminatedUnion('trunk', [first, ...rest]);

/** SHA-256 over paths, shapes and float32 values of a trunk's weights. */
export function trunkHash(trunk: TrunkWeights<Weight>): string {
  const hash = createHash('sha256');
  for (const [name, { shape, values }] of leaves<Weight>(trunk as Tree<Weight>)) {
    hash.update(`${name} ${shape}/`).update(values);
  }
  return hash.digest('hex');
}

function readVocabulary(file: string, seal: Seal, count: number): readonly string[] {
  const items = JSON.parse(readBeside(file, seal).toString('utf8'));
  const checked = z.array(z.string()).length(count).safeParse(items);
  if (checked.success) return checked.data;
  throw new UserError(`${file}: expected the vocabulary of a trunk, a JSON list of ${count} item ids`);
}

function readOwnTrunk(file: string): LoadedTrunk {
  const { card, seal } = readCard(file, 'a trunk', cardSchema);
  const { length, ...shape } = card as TrunkShape & { readonly length: number };
  const items = readVocabulary(vocabularyOf(file), seal, shape.items);
  const weights = loadWeights(file, blankTrunk(shape), { seal });
  return { name: file, shape, weights, source: { items, length } };
}

/**
 * Opens `checkpoint`: a safetensors file of this project, or the prefix of an authors' TensorFlow checkpoint,
 * whose `trunk` must be given. A UserError tells what is missing or does not fit.
 */
export function loadTrunk(checkpoint: string, trunk?: TrunkName): LoadedTrunk {
  const prefix = checkpoint.replace(/\.index$/, '');
  if (fs.existsSync(`${prefix}.index`)) {
    if (trunk !== 'causal' && trunk !== 'non-causal')
      throw new UserError(`--trunk: expected causal or non-causal, as ${prefix} does not say which it is`);
    return { name: prefix, ...readAuthorsTrunk(prefix, trunk), source: undefined };
  }
  if (!checkpoint.endsWith('.safetensors') || !fs.existsSync(checkpoint))
    throw new UserError(
      `--checkpoint ${checkpoint}: expected a .safetensors file or the prefix of a TensorFlow checkpoint`,
    );
  const own = readOwnTrunk(checkpoint);
  if (trunk && trunk !== own.shape.trunk)
    throw new UserError(`--trunk ${trunk}: ${checkpoint} is ${own.shape.trunk}`);
  return own;
}

/** Positions at which a trunk reads a sequence: as many as in training where padding is embedded, else its latest items. */
export function readLength({ shape, source }: LoadedTrunk, sequence: Int32Array): number {
  if (!source) return sequence.length;
  return shape.padding === 'embedded' ? source.length : Math.min(sequence.length, source.length);
}

/** Sequences of items as a trunk read them in training; masked padding changes nothing and is left out. */
export function trunkSequences(trunk: LoadedTrunk, rows: readonly Int32Array[]): Int32Array[] {
  return rows.map((row) => padLeft(row, readLength(trunk, row)));
}

/** The items of a trunk, for files of raw ids. */
export function itemsOf({ source, name }: LoadedTrunk): readonly string[] {
  if (source) return source.items;
  throw new UserError(`--ids raw: ${name} has no item vocabulary; expected --ids model`);
}
