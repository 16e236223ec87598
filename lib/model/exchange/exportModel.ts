/** Trained models for other programs. Letters: B rows of a batch, T ids of a row, k channels, |Y| labels. */
import path from 'node:path';
import type { NamedTensorMap } from '@tensorflow/tfjs-node-gpu';
import { padLeft } from '../../data/tasks/sequences';
import type { Forward, InputSpec } from '../../engine/graph/signature';
import { tf } from '../../engine/native';
import { writeFrozenModel } from '../../engine/program/frozen';
import { type LoadedUserModel, shapeOf } from '../files/patchFile';
import { saveModel } from '../files/safetensors';
import type { LoadedTrunk } from '../files/trunkFile';
import { scores } from '../heads';
import { promptIds } from '../patches/prompt';
import { directionOf } from '../trunks/names';
import { encode, PADDING, reachOf, tclId } from '../trunks/trunk';
import { tokens, type UserModelShape, userIds, userVector } from '../userModel';

/** The fixed shape [B, T] of the ids that an exported graph takes. */
type IdsShape = { readonly rows: number; readonly length: number };

const idsOf = ({ rows, length }: IdsShape): { ids: InputSpec } => ({
  ids: { dtype: 'int32', shape: [rows, length] },
});

/** The vocabulary of a trunk, if it has one. */
const vocabulary = ({ source }: LoadedTrunk) => (source ? { items: source.items } : {});

/** Positions that a user model was tuned on, [TCL] included. */
export function lengthOf(model: LoadedUserModel): number | undefined {
  const { source } = model.trunk;
  return source && source.length + tokens(shapeOf(model));
}

/** The fewest ids of its rows: an item, and [TCL] where it reads it. */
export const fewestOf = (model: LoadedUserModel): number => 1 + tokens(shapeOf(model));

/** A trunk as a SavedModel: ids [B, T] -> hidden [B, T, k]. */
export function exportTrunk(folder: string, trunk: LoadedTrunk, size: IdsShape): void {
  const signature: Forward<typeof trunk.weights> = {
    inputs: idsOf(size),
    outputs: (weights, { ids }) => ({ hidden: encode(weights, trunk.shape, ids) }),
  };
  const extra = { ...vocabulary(trunk), ids: rowLayout(trunk, size.length) };
  writeFrozenModel(folder, trunk.weights, signature, extra);
}

/** A user model as a SavedModel: ids [B, T] -> user [B, k], scores [B, |Y|] and, of a profile, probabilities [B, |Y|]. */
export function exportUserModel(folder: string, model: LoadedUserModel, size: IdsShape): void {
  const { trunk, card, weights } = model;
  const signature: Forward<typeof weights> = {
    inputs: idsOf(size),
    outputs: (parts, { ids }): NamedTensorMap => {
      const user = userVector(parts, shapeOf(model), ids); // [B, k]
      const o = scores(user, parts.head); // [B, |Y|]
      return card.kind === 'classify'
        ? { user, scores: o, probabilities: tf.softmax(o) }
        : { user, scores: o };
    },
  };
  const extra = { ...vocabulary(trunk), card, ids: rowLayout(trunk, size.length, shapeOf(model)) };
  writeFrozenModel(folder, weights, signature, extra);
}

/** A whole user model, trunk included, as one safetensors file with its card and vocabulary. */
export function saveUserModel(folder: string, { trunk, card, weights }: LoadedUserModel): void {
  const file = path.join(folder, 'model.safetensors');
  const own = { ...card, ...trunk.shape, length: trunk.source?.length };
  saveModel(file, weights, { card: own, vocabulary: trunk.source?.items });
}

/** Where padding and tokens stand. */
function orderOf({ shape, insertion, representation = 'token' }: UserModelShape): string {
  const [before, after] = shape.padding === 'embedded' ? ['', 'padding, '] : ['padding, ', ''];
  const count = tokens({ shape, representation });
  const isPrompted = insertion?.form === 'prompt';
  const reach =
    isPrompted && Number.isFinite(reachOf(shape))
      ? `, the prompt at most ${reachOf(shape)} ids from the end`
      : '';
  const prompt = isPrompted ? 'prompt, ' : '';
  const items = `${prompt}${after}the latest items, oldest first`;
  return `${before}${count === 2 ? '[TCL], ' : ''}${items}${count > 0 ? ', [TCL]' : ''}${reach}`;
}

const EFFECT = {
  masked: 'padding changes no number',
  embedded: 'padding changes numbers: in training rows were filled up with it',
} as const;

/** How another program fills rows of `length` ids of a trunk, or of a user model with this representation; written beside a graph. */
export function rowLayout({ shape, source }: LoadedTrunk, length: number, model?: UserModelShape) {
  const tokenCount = model ? tokens(model) : 0;
  const room = length - tokenCount;
  const row = Int32Array.from({ length: Math.min(3, room, shape.items) }, (_, i) => i + 1);
  const ids = model ? userIds([row], model, room) : padLeft(row, room);
  return {
    padding: PADDING,
    /** The id of the first item of the vocabulary; those of the others follow in order. */
    firstItem: source && 1,
    tcl: source && tclId(shape),
    ...(model?.insertion?.form === 'prompt' ? { prompt: promptIds(shape, model.insertion.length) } : {}),
    direction: directionOf(shape),
    paddedPositions: shape.padding,
    length,
    /** Ids that the longest row had in training. */
    trainedLength: source && source.length + tokenCount,
    representation: model?.representation,
    layout: `${orderOf(model ?? { shape, representation: 'sum' })}; ${EFFECT[shape.padding]}`,
    /** A row of the first items, or of ids where there is no vocabulary. */
    example: { items: source ? source.items.slice(0, row.length) : [...row], ids: [...ids] },
  };
}
