/**
 * Additions of a task to a trunk, as a file of its own: its patches ϑ and classifier ν, or whatever else it tuned, under
 * the paths that they have in the user model.
 */
import { z } from 'zod';
import { random } from '../../base/random';
import type { Seal } from '../../base/sealed';
import { UserError } from '../../base/userError';
import { leaves, leavesIn, type Tree, type Weight, zeros } from '../../engine/weights';
import { patchChoices } from '../patches/bottleneck';
import { freshItemPatch, mergedItems } from '../patches/itemPatch';
import { freshPatches, mergedInto, otherForms, type ShippedInsertion } from '../patches/patches';
import { type TrunkName, trunkNames } from '../trunks/names';
import type { TrunkShape, TrunkWeights } from '../trunks/trunk';
import { type UserModelShape, type UserModelWeights, userIds } from '../userModel';
import { loadWeights, readCard, saveModel } from './safetensors';
import { type LoadedTrunk, loadTrunk, readLength, trunkHash } from './trunkFile';

const text = z.string().optional();

const bottlenecks = z.object({ ...patchChoices, bottleneck: z.number().int().min(1) });

/** The card of a patch set; the run that it is of is optional for files written by hand. */
const schema = z.object({
  ...{ data: text, experiment: text, hash: text, seed: z.number().int().optional(), method: text },
  task: z.string(),
  kind: z.enum(['recommend', 'classify']),
  /** Item ids or class names, in the order of the classifier's rows. */
  labels: z.array(z.string()).min(1).readonly(),
  trunk: z.enum(trunkNames),
  /** Hash of the trunk that it was trained on, the only one it fits. */
  trunkHash: z.string(),
  representation: z.enum(['token', 'sum', 'mean']),
  tcl: z.enum(['frozen', 'trained']),
  itemRank: z.number().int().min(1).optional(),
  pastRank: z.number().int().min(1).optional(),
  insertion: z
    .union([
      ...otherForms.map(([form, { choices, fuses }]) =>
        z.object({ form: z.literal(form), ...choices, ...(fuses ? { base: bottlenecks } : {}) }),
      ),
      bottlenecks,
    ])
    .nullable(),
  /** The form of patches that are merged into the trunk of a whole model. */
  merged: z.string().optional(),
  /** Tasks whose patches are fused. */
  fused: z.array(z.string()).readonly().optional(),
  /** Own functions that the patches need: only their notebook can use such a file. */
  own: z
    .array(z.string())
    .max(0, 'expected patches of a shipped form, found some by functions of a notebook’s own')
    .readonly()
    .optional(),
});
export type PatchCard = z.infer<typeof schema>;

/** The weights of a user model, and those of them that its task tuned. */
type TunedModel = {
  readonly model: UserModelWeights<Weight>;
  readonly tuned: readonly Tree<Weight>[];
};

/** The weights of a user model beyond its trunk, and those of the trunk that its task tuned. */
export const addedBy = ({ model: { trunk: _, ...own }, tuned }: TunedModel): readonly Tree<Weight>[] => [
  ...tuned,
  own as Tree<Weight>,
];

/** Writes the weights that a task adds to its trunk or tuned of it, with its card. */
export function savePatches(file: string, trained: TunedModel, card: PatchCard): Seal {
  const { model } = trained;
  const chosen = leavesIn<Weight>(addedBy(trained));
  const named = leaves<Weight>(model as Tree<Weight>).filter(([, weight]) => chosen.has(weight));
  return saveModel(file, Object.fromEntries(named), { card });
}

/**
 * Puts the weights of a task onto the trunk that they were trained on.
 * Throws a UserError that names the file where the trunk is another one, or the file is damaged or of another kind.
 */
export function loadPatches(file: string, trunk: TrunkWeights<Weight>, shape: TrunkShape) {
  if (!file.endsWith('.safetensors')) throw new UserError(`--patch ${file}: expected a .safetensors file`);
  const { card, seal } = readCard(file, 'what a task tuned', schema);
  const found = trunkHash(trunk);
  if (found !== card.trunkHash)
    throw new UserError(
      `${file}: expected the trunk with the weights ${card.trunkHash} (\`trunkHash\` in its card), found ${found}: patches fit one trunk`,
    );
  const { channels: k } = shape;
  const stream = random(0, 'replaced by the file');
  const insertion = card.insertion as ShippedInsertion | null; // without `strict`, zod's types have optional keys
  const like: UserModelWeights<Weight> = {
    trunk,
    patches: insertion ? freshPatches({ trunk, shape }, insertion, stream) : [],
    head: { table: zeros([card.labels.length, k]), bias: zeros([card.labels.length]) },
    ...(card.tcl === 'trained' ? { tcl: zeros([k]) } : {}),
    ...(card.fused && insertion && 'base' in insertion
      ? { others: card.fused.map(() => freshPatches({ trunk, shape }, insertion.base, stream)) }
      : {}),
    ...(card.itemRank ? { items: freshItemPatch(shape, card.itemRank, stream) } : {}),
    ...(card.pastRank ? { past: freshItemPatch(shape, card.pastRank, stream) } : {}),
  };
  return { card, model: loadWeights(file, like, { seal, given: (name) => name.startsWith('trunk/') }) };
}

/** A trunk and a patch set that was tuned on it; patches that can be, and those on items, are merged into the trunk of `weights`. */
export type LoadedUserModel = {
  readonly trunk: LoadedTrunk;
  readonly card: PatchCard;
  readonly insertion: ShippedInsertion | undefined;
  readonly weights: UserModelWeights<Weight>;
};

/** Opens a trunk and the patch set that was tuned on it. A UserError tells what is missing or does not fit. */
export function loadUserModel(checkpoint: string, patch: string, name?: TrunkName): LoadedUserModel {
  const trunk = loadTrunk(checkpoint, name);
  const { card, model } = loadPatches(patch, trunk.weights, trunk.shape);
  const insertion = (card.insertion as ShippedInsertion | null) ?? undefined;
  const { items, ...rest } = model;
  const { itemRank: _, ...other } = card;
  const tuned = items
    ? { ...model.trunk, embedding: mergedItems(model.trunk.embedding, items, trunk.shape.items) }
    : model.trunk;
  const weights = { ...rest, trunk: tuned };
  const merged = insertion && mergedInto({ trunk: tuned, shape: trunk.shape }, model.patches, insertion);
  if (!merged) return { trunk, card: other, insertion, weights };
  const own = { ...other, insertion: null, merged: (insertion as { form: string }).form };
  return { trunk, card: own, insertion: undefined, weights: { ...weights, trunk: merged, patches: [] } };
}

/** The shape that its users are computed by. */
export function shapeOf({ trunk: { shape }, card, insertion }: LoadedUserModel): UserModelShape {
  return { shape, insertion, representation: card.representation };
}

/**
 * Source sequences as the model read them when it was tuned: the latest items, with [TCL], and embedded padding up to
 * the length of training; masked padding changes nothing and is left out.
 */
export function userSequences(loaded: LoadedUserModel, rows: readonly Int32Array[]): Int32Array[] {
  const { trunk } = loaded;
  const model = shapeOf(loaded);
  return rows.map((row) => userIds([row], model, readLength(trunk, row)));
}
