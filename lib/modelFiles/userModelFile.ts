/** A user model out of two files: a trunk, and what a task added to it. */
import { type UserModelShape, type UserModelWeights, userIds } from '../model/userModel';
import type { Insertion } from '../patches/insertion';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Weight } from '../tensorflow/weights';
import { loadPatches, type PatchCard } from './patchFile';
import { type LoadedTrunk, loadTrunk, readLength } from './trunkFile';

export type LoadedUserModel = {
  readonly trunk: LoadedTrunk;
  readonly card: PatchCard;
  readonly insertion: Insertion | undefined;
  readonly weights: UserModelWeights<Weight>;
};

/** Opens a trunk and the patch set that was tuned on it. A UserError tells what is missing or does not fit. */
export function loadUserModel(checkpoint: string, patch: string, direction?: Direction): LoadedUserModel {
  const trunk = loadTrunk(checkpoint, direction);
  const { card, model } = loadPatches(patch, trunk.weights);
  const insertion = (card.insertion as Insertion | null) ?? undefined; // without `strict`, zod's types have optional keys
  return { trunk, card, insertion, weights: model };
}

/** How its users are computed. */
export function shapeOf({ trunk: { shape }, card, insertion }: LoadedUserModel): UserModelShape {
  return { shape, insertion, representation: card.representation };
}

/**
 * Source sequences as the model read them when it was tuned: the latest items, with [TCL], and embedded padding up to
 * the length of training; masked padding changes nothing and is left out.
 */
export function userSequences({ trunk, card }: LoadedUserModel, rows: readonly Int32Array[]): Int32Array[] {
  return rows.map((row) => userIds([row], trunk.shape, readLength(trunk, row), card.representation));
}
