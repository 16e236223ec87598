/**
 * Outputs of trained models for rows of ids. Letters: B rows of a batch, T length, P positions, k channels, |Y| labels,
 * N of a top-N list.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../../engine/native';
import { allPositions, LAST } from '../../engine/ops/positions';
import { leaves, type Tensors, type Tree, upload, type Weight } from '../../engine/weights';
import { type LoadedUserModel, shapeOf, userSequences } from '../files/patchFile';
import type { LoadedTrunk } from '../files/trunkFile';
import { scores } from '../heads';
import { stacked, statesOf, type UserModelShape, type UserModelWeights, userVector } from '../userModel';

export type Positions = 'last' | 'all';
type Rows = readonly Int32Array[];
/** For each row its hidden states, k numbers each. */
export type States = Generator<Float32Array[]>;

/** Ids of the rows whose results are held in memory at once. */
const WINDOW = 1 << 18;
/** Ids and rows of a batch, at most. */
const BATCH_IDS = 1 << 13;
const BATCH_ROWS = 256;

/** Indices of the rows, grouped so that each batch has one length. */
function batchesOf(rows: Rows): number[][] {
  const byLength = new Map<number, number[]>();
  for (const [i, { length }] of rows.entries()) byLength.set(length, [...(byLength.get(length) ?? []), i]);
  return [...byLength].flatMap(([length, indices]) => {
    const size = Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_IDS / length)));
    const count = Math.ceil(indices.length / size);
    return Array.from({ length: count }, (_, i) => indices.slice(i * size, (i + 1) * size));
  });
}

/** The rows in their order, so many at once that few batches are small. */
function* windowsOf(rows: Rows): Generator<Rows> {
  let [start, ids] = [0, 0];
  for (const [i, { length }] of rows.entries()) {
    ids += length;
    if (ids < WINDOW && i < rows.length - 1) continue;
    yield rows.slice(start, i + 1);
    [start, ids] = [i + 1, 0];
  }
}

/**
 * Computes a function of weights and ids [B, T] (int32) -> [B, P, k] for each row, in order, as P rows of k numbers.
 * Rows of one length share a batch and none is padded: the rows around it leave a row's numbers as they are.
 */
function* perRow<W>(weights: W, rows: Rows, apply: (weights: Tensors<W>, ids: Tensor) => Tensor): States {
  const uploaded = upload(weights);
  try {
    for (const window of windowsOf(rows)) {
      const results: Float32Array[][] = [];
      for (const batch of batchesOf(window)) {
        const ids = batch.map((i) => window[i]);
        const found = run(ids, (stack) => apply(uploaded, stack));
        for (const [at, row] of batch.entries()) results[row] = found[at];
      }
      for (const states of results) yield states;
    }
  } finally {
    tf.dispose(leaves<Tensor>(uploaded as Tree<Tensor>).map(([, tensor]) => tensor));
  }
}

function run(rows: Rows, apply: (ids: Tensor) => Tensor): Float32Array[][] {
  return tf.tidy(() => {
    const output = apply(tf.tensor2d(stacked(rows), [rows.length, rows[0].length], 'int32')); // [B, P, k]
    const [, P, k] = output.shape as [number, number, number];
    const values = output.dataSync() as Float32Array;
    const at = (row: number, p: number) => values.slice((row * P + p) * k, (row * P + p + 1) * k);
    return rows.map((_, row) => Array.from({ length: P }, (_, p) => at(row, p)));
  });
}

/** Hidden states of a model for each row of its ids: the last one, or one for each id. */
const hiddenStates = (
  weights: Omit<UserModelWeights<Weight>, 'head'>,
  model: UserModelShape,
  rows: Rows,
  positions: Positions,
): States =>
  perRow(weights, rows, (own, ids) =>
    statesOf(own, model, ids, positions === 'all' ? allPositions(ids.shape[1] as number) : LAST),
  );

export const trunkStates = (
  { weights: trunk, shape }: LoadedTrunk,
  rows: Rows,
  positions: Positions,
): States => hiddenStates({ trunk, patches: [] }, { shape }, rows, positions);

/** Hidden states of a trunk with additions of a task. */
export const patchedStates = (
  { trunk: { shape }, weights, insertion }: LoadedUserModel,
  rows: Rows,
  positions: Positions,
): States => hiddenStates(weights, { shape, insertion }, rows, positions);

/** Source sequences of items: the user's vector of each, or the hidden states of all that the model reads, [TCL] included. */
export function userStates(model: LoadedUserModel, rows: Rows, positions: Positions): States {
  const read = userSequences(model, rows);
  if (positions === 'all') return patchedStates(model, read, 'all');
  return perRow(model.weights, read, (weights, ids) =>
    tf.expandDims(userVector(weights, shapeOf(model), ids), 1),
  );
}

const logits = (model: LoadedUserModel, weights: Tensors<LoadedUserModel['weights']>, ids: Tensor): Tensor =>
  scores(userVector(weights, shapeOf(model), ids), weights.head); // [B, |Y|]

/** Target items with their scores o_y, best first. */
type TopList = readonly { readonly item: string; readonly score: number }[];

/** The N best target items of each row of ids as the model reads them; all where there are fewer. */
export function* topLists(model: LoadedUserModel, rows: Rows, N: number): Generator<TopList> {
  const { labels } = model.card;
  const best = perRow(model.weights, rows, (weights, ids) => {
    const { values, indices } = tf.topk(logits(model, weights, ids), Math.min(N, labels.length)); // [B, N]
    return tf.stack([values, tf.cast(indices, 'float32')], 1); // [B, 2, N]
  });
  for (const [values, indices] of best)
    yield [...indices].map((label, i) => ({ item: labels[label], score: values[i] }));
}

/** The probabilities of the classes for each row of ids as the model reads them; they sum to 1. */
export function* classProbabilities(model: LoadedUserModel, rows: Rows): Generator<Float32Array> {
  const all = perRow(model.weights, rows, (weights, ids) =>
    tf.expandDims(tf.softmax(logits(model, weights, ids)), 1),
  );
  for (const [probabilities] of all) yield probabilities;
}
