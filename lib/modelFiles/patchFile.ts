/**
 * What a task adds to a trunk, as a file of its own: its patches ϑ and classifier ν, or whatever else it tuned, under
 * the paths that they have in the user model.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Seal } from '../files/sealed';
import { freshHead } from '../model/heads';
import type { TrunkWeights } from '../model/trunk';
import type { UserModelWeights } from '../model/userModel';
import { patchChoices } from '../patches/choices';
import { freshPatches } from '../patches/insertion';
import { random } from '../random';
import { leaves, leavesIn, type Tree, type Weight, zeros } from '../tensorflow/weights';
import { UserError } from '../userError';
import { loadWeights, readCard, saveModel } from './safetensors';

const insertion = z.object({ ...patchChoices, bottleneck: z.number().int().min(1) });

/** What one has to know to use a task's weights. */
const schema = z.object({
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

/** Stands for the weights of a trunk: SHA-256 over their paths, shapes and float32 values. */
export function trunkHash(trunk: TrunkWeights<Weight>): string {
  const hash = createHash('sha256');
  for (const [path, { shape, values }] of leaves<Weight>(trunk as Tree<Weight>)) {
    hash.update(`${path} ${shape}/`).update(values);
  }
  return hash.digest('hex');
}

/** The weights of a user model, and those of them that its task tuned. */
export type TunedModel = {
  readonly model: UserModelWeights<Weight>;
  readonly tuned: readonly Tree<Weight>[];
};

/** Writes the weights of a user model that a task tuned, with its card; `also` is added to the card. */
export function savePatches(
  file: string,
  { model, tuned }: TunedModel,
  card: PatchCard,
  also: object = {},
): Seal {
  const chosen = leavesIn<Weight>(tuned);
  const named = leaves<Weight>(model as Tree<Weight>).filter(([, weight]) => chosen.has(weight));
  return saveModel(file, Object.fromEntries(named), { card: { ...also, ...card } });
}

/**
 * Puts the weights of a task onto the trunk that they were trained on.
 * Throws a UserError that names the file where the trunk is another one, or the file is damaged.
 */
export function loadPatches(
  file: string,
  trunk: TrunkWeights<Weight>,
): { card: PatchCard; model: UserModelWeights<Weight> } {
  const { card, seal } = readCard(file, 'what a task tuned', schema);
  const hash = trunkHash(trunk);
  if (hash !== card.trunkHash) {
    throw new UserError(
      `${file}: expected the trunk whose weights have the hash ${card.trunkHash}, not ${hash}: patches fit no other`,
    );
  }
  const k = trunk.embedding.shape[1];
  const stream = random(0, 'replaced by the file');
  const like: UserModelWeights<Weight> = {
    trunk,
    patches: card.insertion ? freshPatches(k, trunk.blocks.length, card.insertion, stream) : [],
    head: freshHead(card.labels.length, k, stream),
    ...(card.tcl === 'trained' ? { tcl: zeros([k]) } : {}),
  };
  return { card, model: loadWeights(file, like, { seal, given: (path) => path.startsWith('trunk/') }) };
}
