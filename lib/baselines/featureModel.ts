/**
 * What the methods over a bag of source items have in common: their program and their batches.
 * Letters: U users and B labels of a batch, L places for items, D values that dropout may take, S candidates,
 * E rows scored at once, |X| source items, |Y| labels.
 */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Task } from '../datasets/tasks/tasks';
import { type HeadWeights, scores } from '../model/heads';
import type { Random } from '../random';
import type { InputSpec, Training } from '../tensorflow/graph/signature';
import { gatherRows } from '../tensorflow/ops/rows';
import { type Batch, Program } from '../tensorflow/program/program';
import type { Tensors, Tree } from '../tensorflow/weights';
import { ownLabels } from '../training/batches';
import { candidateBatch, uniformSampler } from '../training/candidates';
import { dropoutMask } from '../training/dropout';
import { SCORED_ROWS } from '../training/evaluate';
import { fullSoftmax, type Sample, sampledSoftmax, sampleInputs } from '../training/losses';
import { adam, rowAdam } from '../training/optimizer';
import type { Group, Room } from '../training/packing';
import { featureIds } from './features';

/** The catalogues of a task and k. */
export type Sizes = { readonly items: number; readonly labels: number; readonly channels: number };

/** Which catalogues are above the limit: their tables are updated by rows, and labels are sampled. */
export type Large = { readonly items: boolean; readonly labels: boolean };

/** A method from a bag of items to scores of the labels. */
export type FeatureModel<W> = {
  readonly fresh: (sizes: Sizes, stream: Random) => W;
  /** D of a model with k channels; 0 without dropout. */
  readonly droppable: (channels: number) => number;
  /** batch: ids [U, L], masks [U, D], owner, labels and weights [B], and a sample where there are candidates. */
  readonly loss: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar;
  /** ids [E, L] -> [E, |Y|] */
  readonly scores: (weights: Tensors<W>, ids: Tensor) => Tensor;
  /** Tables whose rows are updated only where a batch gathers them. */
  readonly tables: (weights: Tensors<W>, large: Large) => readonly Tree<Tensor>[];
};

/** The weights of a model whose user vector is scored by a softmax layer, Eq. 5. */
type Headed<L> = { readonly embedding: L; readonly head: HeadWeights<L> };

/** The parts of a model that is a user vector, ids [U, L] -> [U, m], below a softmax layer. */
export function headedModel<H extends Headed<Tensor>>(
  vector: (weights: H, ids: Tensor, masks?: Tensor) => Tensor,
) {
  return {
    loss: (model: H, { ids, masks, owner, labels, weights, ...sample }: NamedTensorMap): Scalar => {
      const h = gatherRows(vector(model, ids, masks), owner); // [B, m]
      return 'candidates' in sample
        ? sampledSoftmax(h, model.head, labels, sample as unknown as Sample, weights)
        : fullSoftmax(h, model.head, labels, weights);
    },
    scores: (model: H, ids: Tensor): Tensor => scores(vector(model, ids), model.head),
    tables: ({ embedding, head }: H, large: Large): Tree<Tensor>[] => [
      ...(large.items ? [embedding] : []),
      ...(large.labels ? [head] : []),
    ],
  };
}

/** Sizes of a compiled program. */
export type FeatureShape = Sizes & {
  readonly room: Room;
  /** L */
  readonly length: number;
  readonly large: Large;
  /** S of a softmax over a large catalogue of labels. */
  readonly candidates: number;
};

export const TRAIN = 'train';

export function compileFeatureModel<W>(
  model: FeatureModel<W>,
  shape: FeatureShape,
  rate: number,
  start: W,
): Program<W> {
  const { length, channels, large, candidates } = shape;
  const { users: U, labels: B } = shape.room;
  const D = model.droppable(channels);
  const row: InputSpec = { dtype: 'int32', shape: [B] };
  const training: Training<W> = {
    inputs: {
      ids: { dtype: 'int32', shape: [U, length] },
      owner: row,
      labels: row,
      weights: { dtype: 'float32', shape: [B] },
      ...(D > 0 ? { masks: { dtype: 'float32', shape: [U, D] } } : {}),
      ...(large.labels ? sampleInputs(candidates, B) : {}),
    },
    loss: model.loss,
    tuned: (weights) => [weights as Tree<Tensor>],
    optimizer: adam(rate),
  };
  const rows: Training<W>['rows'] = {
    tables: (weights) => model.tables(weights, large),
    optimizer: rowAdam(rate),
  };
  return Program.compile(start, {
    [TRAIN]: { ...training, rows },
    score: {
      inputs: { ids: { dtype: 'int32', shape: [SCORED_ROWS, length] } },
      outputs: (weights, { ids }) => ({ scores: model.scores(weights, ids) }), // [E, |Y|]
    },
  });
}

/** The random numbers of a run. */
export type Streams = { readonly dropout: Random; readonly candidates: Random };

/** A batch of `compileFeatureModel`; D values of each user may be dropped, at the given rate. */
export function featureBatch(
  task: Task,
  groups: readonly Group[],
  { room, length, large, candidates, labels: Y }: FeatureShape,
  { D, rate }: { readonly D: number; readonly rate: number },
  streams: Streams,
): Batch {
  const { sequences } = task.source;
  const ids = new Int32Array(room.users * length);
  ids.set(
    featureIds(
      groups.map(({ user }) => sequences[user]),
      length,
    ),
  );
  const own = ownLabels(task, groups, room);
  return {
    ids,
    ...own,
    ...(D > 0 ? { masks: dropoutMask(room.users * D, rate, streams.dropout) } : {}),
    ...(large.labels ? candidateBatch(uniformSampler(Y), candidates, own.labels, streams.candidates) : {}),
  };
}
