/**
 * Our side of each case.
 * Letters: B batch, T length with [TCL], |X| source items, |Y| labels, S candidates.
 */
import { below, type Random, random } from '../base/random';
import { type InputSpec, int32, type Signature, type Training } from '../engine/graph/signature';
import { tf } from '../engine/native';
import { type Batch, Program } from '../engine/program/program';
import { normal, type Tree, type Weight } from '../engine/weights';
import { itemLoss, type PretrainingWeights } from '../experiments/recipes/pretrain';
import { freshHead, rankOf } from '../model/heads';
import type { Insertion } from '../model/patches/bottleneck';
import { freshPatches } from '../model/patches/patches';
import { encode, freshTrunk, type TrunkShape, type TrunkWeights } from '../model/trunks/trunk';
import { type UserModelWeights, userVector, withTokens } from '../model/userModel';
import { candidates, drawn as drawnBatch, logUniformSampler, specsOf } from '../training/inputs';
import { nextItemBatch, nextItems } from '../training/itemInputs';
import { bpr } from '../training/losses';
import { adam, rowAdam } from '../training/optimizer';
import type { Case, PeterRecCase, PretrainCase, TrunkCase } from './cases';

const RATE = 1e-3;

/** The loss, or mean rank, of a batch; a training step where the case trains. */
export type Run = (batch: Batch) => number;

/** A case's weights at the start, inputs of a batch, batches step by step, and compiler. */
export type Declared = {
  readonly weights: Tree<Weight>;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly next: () => Batch;
  readonly compile: () => Run;
};

function declared<W>(
  { precision }: TrunkCase,
  weights: W,
  signature: Signature<W>,
  next: Declared['next'],
): Declared {
  const compile = () => runOf(Program.compile(weights, { measured: signature }, precision));
  return { weights: weights as Tree<Weight>, inputs: signature.inputs, next, compile };
}

/** Keeps the program and lets the weights that it started from go. */
function runOf<W>(program: Program<W>): Run {
  return (batch) => {
    const [values] = Object.values(program.run('measured', batch));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
}

/** Batches that each side has ready, to run in turn. */
export const READY_BATCHES = 8;

/** A few batches in turn, as a loader has them ready. */
function inTurn(batch: () => Batch): Declared['next'] {
  const batches = Array.from({ length: READY_BATCHES }, batch);
  let at = 0;
  return () => batches[at++ % READY_BATCHES];
}

const shapeOf = (measured: TrunkCase) =>
  ({ trunk: 'causal', ...measured, padding: 'embedded' }) as unknown as TrunkShape;

/** Uniform integers in [0, from). */
const drawn = (count: number, from: number, stream: Random) =>
  Int32Array.from({ length: count }, () => below(from, stream));
const drawnItems = (count: number, { items }: TrunkCase, stream: Random) =>
  drawn(count, items, stream).map((item) => item + 1);

/** The trunk alone under a cheap loss, the mean square of the hidden states. */
function trainStep(measured: TrunkCase, stream: Random): Declared {
  const { batch: B, length: T } = measured;
  const shape = shapeOf(measured);
  const signature: Training<{ readonly trunk: TrunkWeights<Weight> }> = {
    inputs: { ids: int32(B, T) },
    loss: ({ trunk }, { ids }) => tf.mean(tf.square(encode(trunk, shape, ids))),
    tuned: ({ trunk: { embedding: _, ...layers } }) => [layers],
    optimizer: adam(RATE),
  };
  const batch = () => ({ ids: drawnItems(B * T, measured, stream) });
  return declared(measured, { trunk: freshTrunk(shape, stream) }, signature, inTurn(batch));
}

/** How the users of a case are computed. */
const modelOf = (measured: PeterRecCase) => ({
  shape: shapeOf(measured),
  insertion: {
    ...{ place: 'serial', perBlock: 2, shortcut: 'with', activation: 'relu', start: 'normal' },
    bottleneck: measured.bottleneck,
  } satisfies Insertion,
});

/** Rows that are drawn of a fresh table; a longer one repeats them. */
const DRAWN = 4096;

/** A table [rows, k] like a fresh one, in a fraction of the time. */
function tiledNormal(rows: number, k: number, stream: Random): Weight {
  const tile = normal([Math.min(rows, DRAWN), k], 0.02, stream).values;
  const values = new Float32Array(rows * k);
  for (let at = 0; at < values.length; at += tile.length)
    values.set(tile.subarray(0, values.length - at), at);
  return { shape: [rows, k], values };
}

type Weights = UserModelWeights<Weight>;

function freshPeterRec(measured: PeterRecCase, stream: Random): Weights {
  const { channels, labels } = measured;
  const { bias } = freshHead(labels, 1, stream);
  const { shape, insertion } = modelOf(measured);
  const trunk = freshTrunk(shape, stream);
  return {
    trunk,
    patches: freshPatches({ trunk, shape }, insertion, stream),
    head: { table: tiledNormal(labels, channels, stream), bias },
  };
}

/** Histories without padding. */
const histories = (count: number, measured: TrunkCase, stream: Random) =>
  Array.from({ length: count }, () => drawnItems(measured.length, measured, stream));

/** Histories of a batch with [TCL]: [B, T]. */
function userIds(measured: PeterRecCase, stream: Random): Int32Array {
  const rows = histories(measured.batch, measured, stream).map((row) =>
    withTokens(row, { shape: shapeOf(measured) }),
  );
  return Int32Array.from(rows.flatMap((row) => [...row]));
}

/** Patches and classifier under BPR, the trunk frozen. */
function finetuneStep(measured: PeterRecCase, stream: Random): Declared {
  const { batch: B, length, labels: Y } = measured;
  const signature: Training<Weights> = {
    inputs: { ids: int32(B, length + 1), labels: int32(B), negatives: int32(B) },
    loss: (model, { ids, labels, negatives }) =>
      bpr(userVector(model, modelOf(measured), ids), model.head, { labels, negatives }),
    tuned: ({ patches, head }) => [patches, head],
    optimizer: adam(RATE),
  };
  const batch = () => ({
    ids: userIds(measured, stream),
    labels: drawn(B, Y, stream),
    negatives: drawn(B, Y, stream),
  });
  return declared(measured, freshPeterRec(measured, stream), signature, inTurn(batch));
}

function freshPretraining(measured: PretrainCase, stream: Random): PretrainingWeights<Weight> {
  const { items, channels } = measured;
  const { embedding: _, ...layers } = freshTrunk({ ...shapeOf(measured), items: 0 }, stream);
  const { bias } = freshHead(items, 1, stream);
  return {
    trunk: { embedding: tiledNormal(items + 2, channels, stream), ...layers },
    softmax: { table: tiledNormal(items, channels, stream), bias },
  };
}

/** Next-item prediction over all items or over sampled candidates; dense Adam on what is not row-wise. */
function pretraining(measured: PretrainCase, stream: Random): Declared {
  const { batch: B, length: T, items, sampled: S } = measured;
  const ready = inTurn(() => nextItemBatch(histories(B, { ...measured, length: T + 1 }, stream), T + 1));
  const weights = freshPretraining(measured, stream);
  const inputs = [
    { ...nextItems(B, T + 1), draw: ready },
    ...candidates(logUniformSampler(items), S ?? undefined, B * T),
  ];
  const signature: Training<PretrainingWeights<Weight>> = {
    inputs: specsOf(inputs),
    loss: (model, batch) => itemLoss(model, shapeOf(measured), batch),
    tuned: ({ trunk, softmax }) => [trunk, softmax],
    optimizer: adam(RATE),
    ...(S !== null && {
      rows: {
        tables: ({ trunk, softmax }) => [trunk.embedding, softmax],
        optimizer: rowAdam(RATE),
      },
    }),
  };
  return declared(measured, weights, signature, () => drawnBatch(inputs, undefined, () => stream));
}

/** The rank of one label of each user among all. */
function evaluation(measured: PeterRecCase, stream: Random): Declared {
  const { batch: B, length, labels: Y } = measured;
  const signature: Signature<Weights> = {
    inputs: { ids: int32(B, length + 1), labels: int32(B) },
    outputs: (model, { ids, labels }) => {
      const h = userVector(model, modelOf(measured), ids); // [B, k]
      return { ranks: rankOf(h, model.head, labels) };
    },
  };
  const batch = () => ({ ids: userIds(measured, stream), labels: drawn(B, Y, stream) });
  return declared(measured, freshPeterRec(measured, stream), signature, inTurn(batch));
}

const CASES = {
  'train-step': trainStep,
  'finetune-step': finetuneStep,
  pretrain: pretraining,
  evaluate: evaluation,
} satisfies { [K in Case['kind']]: (measured: Extract<Case, { kind: K }>, stream: Random) => Declared };

export const declare = (measured: Case) =>
  (CASES[measured.kind] as (...given: [Case, Random]) => Declared)(measured, random(1, measured.kind));
