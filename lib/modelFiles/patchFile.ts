/**
 * What a task adds to a trunk, as a file of its own: its patches ϑ and classifier ν, or whatever else it tuned, under
 * the paths that they have in the user model.
 */
import path from 'node:path';
import { z } from 'zod';
import type { Seal } from '../files/sealed';
import type { TrunkWeights } from '../model/trunk';
import type { UserModelWeights } from '../model/userModel';
import { patchChoices } from '../patches/choices';
import { freshPatches } from '../patches/insertion';
import { random } from '../random';
import { leaves, leavesIn, type Tree, type Weight, zeros } from '../tensorflow/weights';
import { UserError } from '../userError';
import { loadWeights, readCard, saveModel } from './safetensors';
import { trunkHash, trunkIn } from './trunkFile';

const insertion = z.object({ ...patchChoices, bottleneck: z.number().int().min(1) });

/** Which run a file is of; who writes one by hand need not say. */
const provenance = {
  data: z.string().optional(),
  experiment: z.string().optional(),
  hash: z.string().optional(),
  seed: z.number().int().optional(),
  method: z.string().optional(),
};

/** What one has to know to use a task's weights, and where they come from. */
const schema = z.object({
  ...provenance,
  task: z.string(),
  kind: z.enum(['recommend', 'classify']),
  /** Item ids or class names, in the order of the classifier's rows. */
  labels: z.array(z.string()).min(1).readonly(),
  trunk: z.enum(['causal', 'non-causal']),
  /** Of the weights of the trunk that it was trained on, and that it is for. */
  trunkHash: z.string(),
  representation: z.enum(['token', 'sum', 'mean', 'token and mean']),
  tcl: z.enum(['frozen', 'trained']),
  insertion: insertion.nullable(),
  /** Names of the functions of one's own that the patches are made by: none but the notebook that says them can use such. */
  own: z
    .array(z.string())
    .max(0, 'expected patches of a shipped form, found some by functions of a notebook’s own')
    .readonly()
    .optional(),
});
export type PatchCard = z.infer<typeof schema>;

/** The weights of a user model, and those of them that its task tuned. */
export type TunedModel = {
  readonly model: UserModelWeights<Weight>;
  readonly tuned: readonly Tree<Weight>[];
};

/** What a user model is beyond its trunk, and what else its task tuned. */
export const addedBy = ({ model: { patches, head, tcl }, tuned }: TunedModel): readonly Tree<Weight>[] => [
  ...tuned,
  patches,
  head,
  ...(tcl ? [tcl] : []),
];

/** Writes the weights that a task adds to its trunk or tuned of it, with its card. */
export function savePatches(file: string, trained: TunedModel, card: PatchCard): Seal {
  const { model } = trained;
  const chosen = leavesIn<Weight>(addedBy(trained));
  const named = leaves<Weight>(model as Tree<Weight>).filter(([, weight]) => chosen.has(weight));
  return saveModel(file, Object.fromEntries(named), { card });
}

/** Throws a UserError where the trunk is another one; it names one beside the patches that says to be theirs. */
function requireTrunk(file: string, { trunkHash: expected }: PatchCard, trunk: TrunkWeights<Weight>): void {
  const hash = trunkHash(trunk);
  if (hash === expected) return;
  const fitting = trunkIn(path.dirname(file), expected);
  const where = fitting
    ? ''
    : '; none beside it is that, and a random trunk, as Zero methods have, is in no file';
  throw new UserError(
    `${file}: expected the trunk${fitting ? ` ${fitting},` : ''} whose weights have the hash ${expected}, not ${hash}: patches fit no other${where}`,
  );
}

/**
 * Puts the weights of a task onto the trunk that they were trained on.
 * Throws a UserError that names the file where the trunk is another one, or the file is damaged or of another kind.
 */
export function loadPatches(
  file: string,
  trunk: TrunkWeights<Weight>,
): { card: PatchCard; model: UserModelWeights<Weight> } {
  if (!file.endsWith('.safetensors')) throw new UserError(`--patch ${file}: expected a .safetensors file`);
  const { card, seal } = readCard(file, 'what a task tuned', schema);
  requireTrunk(file, card, trunk);
  const k = trunk.embedding.shape[1];
  const stream = random(0, 'replaced by the file');
  const like: UserModelWeights<Weight> = {
    trunk,
    patches: card.insertion ? freshPatches(k, trunk.blocks.length, card.insertion, stream) : [],
    head: { table: zeros([card.labels.length, k]), bias: zeros([card.labels.length]) },
    ...(card.tcl === 'trained' ? { tcl: zeros([k]) } : {}),
  };
  return { card, model: loadWeights(file, like, { seal, given: (name) => name.startsWith('trunk/') }) };
}
