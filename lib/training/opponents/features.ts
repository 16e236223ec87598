/**
 * Methods over a bag of source items: a user's items without their order, pooling, layers, inputs and program.
 * Letters: U users and B labels of a batch, L places for items, N distinct items of a user, k channels,
 * D values that dropout may take, S candidates, E rows scored at once, |X| source items, |Y| labels.
 */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import type { Task } from '../../data/tasks/tasks';
import { int32 } from '../../engine/graph/signature';
import { tf } from '../../engine/native';
import { relu } from '../../engine/ops/activations';
import { gatherRows } from '../../engine/ops/rows';
import { Program } from '../../engine/program/program';
import { normal, type Tensors, type Tree, type Weight, zeros } from '../../engine/weights';
import { type HeadWeights, scores } from '../../model/heads';
import { SCORED_ROWS } from '../evaluate';
import { candidates, dropout, filledUp, type Input, specsOf, uniformSampler } from '../inputs';
import { softmaxLoss } from '../losses';
import { adam, rowAdam } from '../optimizer';
import type { BatchSize, Group } from '../taskInputs';
import { ownLabels } from '../taskInputs';

/** The distinct items of each sequence, the latest `length` of them, in front of padding: ids [U, L]. */
export function featureIds(sequences: readonly Int32Array[], length: number): Int32Array {
  const ids = new Int32Array(sequences.length * length);
  for (const [row, sequence] of sequences.entries())
    ids.set([...new Set(sequence)].slice(-length), row * length);
  return ids;
}

/**
 * x_i v_i of each item of a user: table [|X| + 1, k], ids [U, L] (int32) -> [U, L, k]. x_i is 1/√N and 0 for padding, so that
 * x has length 1 whatever the length of the history (Rendle 2010, section V, on SVD++ as a factorisation machine).
 */
export function weighted(table: Tensor, ids: Tensor): Tensor {
  const real = tf.cast(tf.notEqual(ids, 0), 'float32'); // [U, L]
  const N = tf.maximum(tf.sum(real, 1, true), 1); // [U, 1]
  return tf.mul(gatherRows(table, ids), tf.expandDims(tf.div(real, tf.sqrt(N)), 2));
}

/**
 * Σ_{i<j} x_i v_i ⊙ x_j v_j = ½ ((Σ x_i v_i)² − Σ (x_i v_i)²): bi-interaction pooling (He & Chua 2017, Eqs. 3–4),
 * [U, L, k] -> [U, k]. The sum over its channels is the second-order term of a factorisation machine (Rendle 2010).
 */
export function biInteraction(xv: Tensor): Tensor {
  return tf.mul(tf.sub(tf.square(tf.sum(xv, 1)), tf.sum(tf.square(xv), 1)), 0.5);
}

/** A layer [k, k] with bias [k]. `L` is the leaf of a weight tree: Weight or Tensor. */
export type DenseWeights<L> = { readonly kernel: L; readonly bias: L };

/** He et al. 2015: deviation √(2/k) before a ReLU. */
export function freshLayers(count: number, k: number, stream: Random): DenseWeights<Weight>[] {
  return Array.from({ length: count }, () => ({
    kernel: normal([k, k], Math.sqrt(2 / k), stream),
    bias: zeros([k]),
  }));
}

/** Applies the nth mask of a batch to x [U, k]: masks [U, D], D a multiple of k. Without masks x stays. */
export function dropped(x: Tensor, masks: Tensor | undefined, nth: number): Tensor {
  if (!masks) return x;
  const [U, k] = x.shape as [number, number];
  return tf.mul(x, tf.slice(masks, [0, nth * k], [U, k]));
}

/** ReLU(x W + b) layer by layer, each followed by a mask of its own, from the `first` on: [U, k] -> [U, k]. */
export function hiddenLayers(
  x: Tensor,
  layers: readonly DenseWeights<Tensor>[],
  masks: Tensor | undefined,
  first: number,
): Tensor {
  return layers.reduce((z, { kernel, bias }, i) => {
    const next = relu(tf.add(tf.matMul(z as tf.Tensor2D, kernel as tf.Tensor2D), bias)); // [U, k]
    return dropped(next, masks, first + i);
  }, x);
}

/** A method from a bag of items to scores of the labels. */
export type FeatureModel<W> = {
  readonly fresh: (sizes: FeatureTraining<W>['sizes'], stream: Random) => W;
  /** D of a model with k channels; 0 without dropout. */
  readonly droppable: (channels: number) => number;
  /** batch: ids [U, L], masks [U, D], owner, labels and weights [B], and a sample where there are candidates. */
  readonly loss: (weights: Tensors<W>, batch: NamedTensorMap) => Scalar;
  /** ids [E, L] -> [E, |Y|] */
  readonly scores: (weights: Tensors<W>, ids: Tensor) => Tensor;
  /** Tables whose rows are updated only where a batch gathers them. */
  readonly tables: (weights: Tensors<W>, large: FeatureTraining<W>['large']) => readonly Tree<Tensor>[];
};

/** A method on a task. */
export type FeatureTraining<W> = {
  readonly model: FeatureModel<W>;
  readonly task: Task;
  /** |X|, |Y| and k. */
  readonly sizes: { readonly items: number; readonly labels: number; readonly channels: number };
  /** Which catalogues are above the limit: their tables are updated by rows, and labels are sampled. */
  readonly large: { readonly items: boolean; readonly labels: boolean };
  readonly batch: BatchSize;
  /** S of a softmax over a large catalogue of labels. */
  readonly candidates: number;
  /** Dropout rate, in [0, 1). */
  readonly dropout: number;
  /** Adam's rate. */
  readonly rate: number;
};

/** The parts of a model that is a user vector, ids [U, L] -> [U, m], below a softmax layer, Eq. 5. */
export function headedModel<H extends { readonly embedding: Tensor; readonly head: HeadWeights<Tensor> }>(
  vector: (weights: H, ids: Tensor, masks?: Tensor) => Tensor,
) {
  return {
    loss: (model: H, batch: NamedTensorMap): Scalar => {
      const h = gatherRows(vector(model, batch.ids, batch.masks), batch.owner); // [B, m]
      return softmaxLoss(h, model.head, batch);
    },
    scores: (model: H, ids: Tensor): Tensor => scores(vector(model, ids), model.head),
    tables: ({ embedding, head }: H, large: FeatureTraining<H>['large']): Tree<Tensor>[] => [
      ...(large.items ? [embedding] : []),
      ...(large.labels ? [head] : []),
    ],
  };
}

/** Inputs of a training step, ids [U, L] of each user's items first. */
export function featureInputs<W>(training: FeatureTraining<W>): Input<readonly Group[]>[] {
  const { model, task, sizes, large, batch, dropout: rate } = training;
  const { sequences, length } = task.source;
  const bags: Input<readonly Group[]> = {
    specs: { ids: int32(batch.users, length) },
    draw: (groups) => {
      const read = groups.map(({ user }) => sequences[user]);
      return { ids: filledUp(featureIds(read, length), batch.users * length) };
    },
  };
  return [
    bags,
    ownLabels(task, batch),
    ...dropout('masks', [batch.users, model.droppable(sizes.channels)], rate),
    ...candidates(uniformSampler(sizes.labels), large.labels ? training.candidates : undefined, batch.labels),
  ];
}

/** Trains on bags of all lengths by the signature `train`; `score` takes ids [E, L]. */
export function compileFeatureModel<W>(training: FeatureTraining<W>, train: string, start: W): Program<W> {
  const { model, task, large, rate } = training;
  return Program.compile(start, {
    [train]: {
      inputs: specsOf(featureInputs(training)),
      loss: model.loss,
      tuned: (weights) => [weights as Tree<Tensor>],
      optimizer: adam(rate),
      rows: { tables: (weights) => model.tables(weights, large), optimizer: rowAdam(rate) },
    },
    score: {
      inputs: { ids: int32(SCORED_ROWS, task.source.length) },
      outputs: (weights, { ids }) => ({ scores: model.scores(weights, ids) }), // [E, |Y|]
    },
  });
}
