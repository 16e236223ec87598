/** Trained models for other programs. Letters: B rows of a batch, T ids of a row, k channels, |Y| labels. */
import path from 'node:path';
import type { NamedTensorMap } from '@tensorflow/tfjs-node-gpu';
import { writeWhole } from '../files/whole';
import { scores } from '../model/heads';
import { encode, tclId } from '../model/trunk';
import { tokens, userVector } from '../model/userModel';
import { saveModel } from '../modelFiles/safetensors';
import type { LoadedTrunk } from '../modelFiles/trunkFile';
import { type LoadedUserModel, shapeOf } from '../modelFiles/userModelFile';
import type { InputSpec } from '../tensorflow/graph/signature';
import { tf } from '../tensorflow/native';
import { writeFrozenModel } from '../tensorflow/program/frozen';

/** The fixed shape [B, T] of the ids that an exported graph takes. */
export type IdsShape = { readonly rows: number; readonly length: number };

const idsOf = ({ rows, length }: IdsShape): { ids: InputSpec } => ({
  ids: { dtype: 'int32', shape: [rows, length] },
});

/** Where TensorFlow keeps files that are none of its own. */
function extra(folder: string, files: Readonly<Record<string, unknown>>): void {
  const extras = path.join(folder, 'assets.extra');
  for (const [name, content] of Object.entries(files))
    writeWhole(path.join(extras, `${name}.json`), `${JSON.stringify(content)}\n`);
}

/** What ids mean: 0 is padding, item i of `items.json` has id i + 1, [TCL] the one after them. */
const meaning = ({ shape, source }: LoadedTrunk) =>
  source ? { items: source.items, ids: { padding: 0, firstItem: 1, tcl: tclId(shape) } } : {};

/** Positions that a user model was tuned on, [TCL] included. */
export function lengthOf({ trunk: { shape, source }, card }: LoadedUserModel): number | undefined {
  return source && source.length + tokens(shape, card.representation);
}

/** A trunk as a SavedModel: ids [B, T] -> hidden [B, T, k]. */
export function exportTrunk(folder: string, trunk: LoadedTrunk, size: IdsShape): void {
  writeFrozenModel(folder, trunk.weights, {
    inputs: idsOf(size),
    outputs: (weights, { ids }) => ({ hidden: encode(weights, trunk.shape, ids) }),
  });
  extra(folder, meaning(trunk));
}

/** A user model as a SavedModel: ids [B, T] -> user [B, k], scores [B, |Y|] and, of a profile, probabilities [B, |Y|]. */
export function exportUserModel(folder: string, model: LoadedUserModel, size: IdsShape): void {
  const { trunk, card, weights } = model;
  writeFrozenModel(folder, weights, {
    inputs: idsOf(size),
    outputs: (parts, { ids }): NamedTensorMap => {
      const user = userVector(parts, shapeOf(model), ids); // [B, k]
      const o = scores(user, parts.head); // [B, |Y|]
      return card.kind === 'classify'
        ? { user, scores: o, probabilities: tf.softmax(o) }
        : { user, scores: o };
    },
  });
  extra(folder, { ...meaning(trunk), card });
}

/** A whole user model, trunk included, as one safetensors file with its card and vocabulary. */
export function saveUserModel(folder: string, { trunk, card, weights }: LoadedUserModel): void {
  const { direction: _, ...shape } = trunk.shape;
  const file = path.join(folder, 'model.safetensors');
  const own = { ...card, ...shape, length: trunk.source?.length };
  saveModel(file, weights, { card: own, vocabulary: trunk.source?.items });
}
