/** Letters: B batch, n source items of a user, k channels. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { padLeft } from '../data/tasks/sequences';
import { tf } from '../engine/native';
import { allPositions, LAST, lastPositions, type Positions } from '../engine/ops/positions';
import { gatherRows } from '../engine/ops/rows';
import type { HeadWeights } from './heads';
import { addedIds, type BlockPatches, MOST_ADDED } from './patches/form';
import { bagShift, type ItemPatch, shiftOf } from './patches/itemPatch';
import { type AnyInsertion, addedTo, additionsOf, asideOf } from './patches/patches';
import { isCausal } from './trunks/names';
import {
  encode,
  ladder,
  lastState,
  PADDING,
  reachOf,
  realPositions,
  type TrunkAdditions,
  type TrunkShape,
  type TrunkWeights,
  tclId,
} from './trunks/trunk';

/** Θ̃, ϑ and ν of one task; a model without patches has an empty list. */
export type UserModelWeights<L> = {
  readonly trunk: TrunkWeights<L>;
  readonly patches: readonly BlockPatches<L>[];
  readonly head: HeadWeights<L>;
  /** [k], the task's own embedding of [TCL]; absent where the trunk's is used. */
  readonly tcl?: L;
  /** Absent: item embeddings as the trunk has them. */
  readonly items?: ItemPatch<L>;
  /** Absent: the classifier reads the user representation as it is. */
  readonly past?: ItemPatch<L>;
  /** Patches that fusion attends over, a list per task; this task's may be among them. */
  readonly others?: readonly (readonly BlockPatches<L>[])[];
};

/**
 * The states that represent the user: h at [TCL] (Fig. 2a on a causal trunk, 2c on a non-causal one), the sum of all h (Fig. 2d), or
 * their mean over real positions, which does not grow with the length.
 */
export type Representation = 'token' | 'sum' | 'mean';

/** A user model besides its weights. */
export type UserModelShape = {
  /** Of the trunk. */
  readonly shape: TrunkShape;
  /** Absent: without patches. */
  readonly insertion?: AnyInsertion | undefined;
  /** Absent: at [TCL]. */
  readonly representation?: Representation;
};

/** Positions that tokens add to a sequence at most: [TCL] twice, and those of patches. */
export const MOST_TOKENS = 2 + MOST_ADDED;

/** [TCL] of a sequence: at its end (Fig. 2a), at both ends (2c), or none (2d). */
function tclOf({ shape, representation = 'token' }: UserModelShape): number {
  if (representation === 'sum' || representation === 'mean') return 0;
  return isCausal(shape) ? 1 : 2;
}

/** Positions that tokens add to a user's sequence. */
export const tokens = (model: UserModelShape): number => tclOf(model) + addedTo(model.insertion);

/**
 * Adds tokens to a padded source sequence: [TCL] as in Fig. 2a or 2c, and those of patches before the items, but
 * within the reach of a causal trunk's last state. Masked padding stands before all tokens, so that their
 * distance to the items never depends on it.
 */
export function withTokens(padded: Int32Array, model: UserModelShape): Int32Array {
  const { shape } = model;
  const [tcl, p] = [tclOf(model), addedTo(model.insertion)];
  const items = shape.padding === 'embedded' ? padded : padded.filter((id) => id !== PADDING);
  const unread = p === 0 ? 0 : Math.max(0, items.length + p + tcl - reachOf(shape));
  const ends = new Int32Array(tcl).fill(tclId(shape));
  const prompt = Int32Array.from(addedIds(shape, p));
  const row = new Int32Array(padded.length + tcl + p);
  let at = padded.length - items.length;
  const parts = [
    ends.subarray(1),
    items.subarray(0, unread),
    prompt,
    items.subarray(unread),
    ends.subarray(0, 1),
  ];
  for (const part of parts) {
    row.set(part, at);
    at += part.length;
  }
  return row;
}

/** Rows of one length, one after the other: [rows, length], flat. */
export function stacked(rows: readonly Int32Array[]): Int32Array {
  const flat = new Int32Array(rows.length * rows[0].length);
  for (const [i, row] of rows.entries()) flat.set(row, i * row.length);
  return flat;
}

/** Source sequences, of at most `length` items, with their tokens: ids [U, T]. */
export function userIds(sequences: readonly Int32Array[], model: UserModelShape, length: number): Int32Array {
  const padded = sequences.map((sequence) => padLeft(sequence, length));
  return stacked(tokens(model) === 0 ? padded : padded.map((row) => withTokens(row, model)));
}

/** h at the first [TCL], which follows the padding where that is masked: h [B, T, k], ids [B, T] -> [B, k]. */
function atFirstTcl(h: Tensor, ids: Tensor, { padding }: TrunkShape): Tensor {
  const [B, T, k] = h.shape as [number, number, number];
  if (padding === 'embedded') return tf.reshape(tf.slice(h, [0, 0, 0], [B, 1, k]), [B, k]);
  const before = tf.sub(T, tf.sum(realPositions(ids), 1)); // [B]
  const rows = tf.cast(tf.add(before, tf.range(0, B * T, T)), 'int32'); // [B]
  return gatherRows(tf.reshape(h, [B * T, k]), rows);
}

/** Additions of a task to its trunk. */
export const addedBy = (
  { patches, tcl, items, others }: Omit<UserModelWeights<Tensor>, 'trunk' | 'head' | 'past'>,
  { shape, insertion }: UserModelShape,
): TrunkAdditions => ({
  ...(insertion && additionsOf(patches, insertion, shape, others)),
  tcl,
  shift: items && ((ids) => shiftOf(items, ids, shape.items)),
});

/**
 * The user representation of Fig. 2: ids [B, n + tokens] -> [B, k].
 * At [TCL], causal: h at the last position, of which only what it depends on is computed; non-causal: h at the first
 * [TCL] and at the last, added, Eq. 6. Sum, Eq. 7: over all positions, of which masked padding adds nothing. Mean: the sum
 * over the positions that are no padding, divided by their number. `known` is what the last block reads, if it is known.
 */
export function userVector(
  weights: UserModelWeights<Tensor>,
  model: UserModelShape,
  ids: Tensor,
  known?: Tensor,
  wanted = positionsOf(model, ids.shape[1] as number),
): Tensor {
  const states = statesOf(weights, model, ids, wanted, known);
  return pastTrunk(weights, model, ids, represented(states, ids, model));
}

/** The user representation from states at all positions: one computation for every length. */
export const wholeUserVector: typeof userVector = (weights, model, ids) =>
  userVector(weights, model, ids, undefined, allPositions(ids.shape[1] as number));

/** The user representation h [B, k] with the patch past the trunk, of ids [B, n + tokens]: h + Σᵢ aᵢ B / √n. */
export const pastTrunk = (
  { past }: Pick<UserModelWeights<Tensor>, 'past'>,
  { shape }: UserModelShape,
  ids: Tensor,
  h: Tensor,
): Tensor => (past ? tf.add(h, bagShift(past, ids, shape.items)) : h);

/** Zeroes h at masked padding where it is there for all positions: [B, P, k]. */
const withoutPadding = (h: Tensor, ids: Tensor, { padding }: TrunkShape): Tensor =>
  padding === 'masked' && h.shape[1] === ids.shape[1] ? tf.mul(h, tf.expandDims(realPositions(ids), 2)) : h;

/** Hidden states with what a task added, at the positions that are wanted: ids [B, T] -> [B, P, k]. `known` as in `userVector`. */
export function statesOf(
  { trunk, ...own }: Omit<UserModelWeights<Tensor>, 'head'>,
  model: UserModelShape,
  ids: Tensor,
  wanted: Positions,
  known?: Tensor,
): Tensor {
  const { shape } = model;
  const aside = asideOf(model.insertion);
  if (aside) {
    const states = known ?? ladderOf({ trunk, ...own }, model, ids, wanted);
    return withoutPadding(aside(tf.unstack(states, 1), own.patches), ids, shape);
  }
  const parts = { ...addedBy(own, model), known };
  return wanted.count === 1
    ? tf.expandDims(lastState(trunk, shape, ids, parts), 1)
    : encode(trunk, shape, ids, parts);
}

/** Inputs of a side network, at the positions of the representation or those given: ids [B, T] -> [B, n + 1, P, k]. */
export function ladderOf(
  { trunk, ...own }: Omit<UserModelWeights<Tensor>, 'head'>,
  model: UserModelShape,
  ids: Tensor,
  { stride, count } = positionsOf(model, ids.shape[1] as number),
): Tensor {
  const states = ladder(trunk, model.shape, ids, addedBy(own, model));
  const taken = states.map((state) => lastPositions(state, stride, count));
  return tf.stack(taken, 1);
}

/** h at the positions of a representation [B, P, k] -> [B, k]. */
function represented(h: Tensor, ids: Tensor, { shape, representation = 'token' }: UserModelShape): Tensor {
  if (h.shape[1] === 1) return tf.reshape(h, [ids.shape[0], shape.channels]);
  if (representation === 'sum') return tf.sum(h, 1);
  return representation === 'mean' ? meanState(h, ids) : atTcl(h, ids, shape);
}

/** The positions whose h a user's representation is made of, out of T. */
export const positionsOf = ({ shape, representation = 'token' }: UserModelShape, T: number): Positions =>
  representation === 'token' && isCausal(shape) ? LAST : allPositions(T);

/** h at [TCL], on a non-causal trunk at both: h [B, T, k], ids [B, T] -> [B, k]. */
function atTcl(h: Tensor, ids: Tensor, shape: TrunkShape): Tensor {
  const last = tf.reshape(lastPositions(h, 1, 1), [ids.shape[0], shape.channels]);
  return isCausal(shape) ? last : tf.add(atFirstTcl(h, ids, shape), last);
}

/** The mean over real positions, 0 where there are none: h [B, T, k], ids [B, T] -> [B, k]. */
function meanState(h: Tensor, ids: Tensor): Tensor {
  const real = realPositions(ids); // [B, T]
  const sum = tf.sum(tf.mul(h, tf.expandDims(real, 2)), 1); // [B, k]
  return tf.div(sum, tf.maximum(tf.sum(real, 1, true), 1));
}
