/**
 * What the methods over a bag of source items have in common: their inputs and their program.
 * Letters: U users and B labels of a batch, L places for items, D values that dropout may take, S candidates,
 * E rows scored at once, |X| source items, |Y| labels.
 */
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import type { Task } from '../../data/tasks/tasks';
import { int32 } from '../../engine/graph/signature';
import { gatherRows } from '../../engine/ops/rows';
import { Program } from '../../engine/program/program';
import type { Tensors, Tree } from '../../engine/weights';
import { type HeadWeights, scores } from '../../model/heads';
import { candidates, uniformSampler } from '../candidates';
import { SCORED_ROWS } from '../evaluate';
import { dropout, filledUp, type Input, looksOf } from '../inputs';
import { sampleOf, softmaxLoss } from '../losses';
import { adam, rowAdam } from '../optimizer';
import type { BatchSize, Group } from '../packing';
import { ownLabels } from '../taskInputs';
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
    loss: (model: H, { ids, masks, owner, labels, weights, ...rest }: NamedTensorMap): Scalar => {
      const h = gatherRows(vector(model, ids, masks), owner); // [B, m]
      return softmaxLoss(h, model.head, { labels, weights }, sampleOf(rest));
    },
    scores: (model: H, ids: Tensor): Tensor => scores(vector(model, ids), model.head),
    tables: ({ embedding, head }: H, large: Large): Tree<Tensor>[] => [
      ...(large.items ? [embedding] : []),
      ...(large.labels ? [head] : []),
    ],
  };
}

/** A method on a task. */
export type FeatureTraining<W> = {
  readonly model: FeatureModel<W>;
  readonly task: Task;
  readonly sizes: Sizes;
  readonly large: Large;
  readonly batch: BatchSize;
  /** S of a softmax over a large catalogue of labels. */
  readonly candidates: number;
  /** How often a value that dropout may take is 0. */
  readonly dropout: number;
  /** Adam's rate */
  readonly rate: number;
};

/** ids [U, L] of the items of each user. */
function bags({ source: { sequences, length } }: Task, { users: U }: BatchSize): Input<readonly Group[]> {
  return {
    looks: { ids: int32(U, length) },
    draw: (groups) => {
      const read = groups.map(({ user }) => sequences[user]);
      return { ids: filledUp(featureIds(read, length), U * length) };
    },
  };
}

/** What a training step takes. */
export function featureInputs<W>(training: FeatureTraining<W>): Input<readonly Group[]>[] {
  const { model, task, sizes, large, batch, dropout: rate } = training;
  const S = large.labels ? training.candidates : undefined;
  return [
    bags(task, batch),
    ownLabels(task, batch),
    ...dropout('masks', [batch.users, model.droppable(sizes.channels)], rate),
    ...candidates(uniformSampler(sizes.labels), S, batch.labels),
  ];
}

/** Trains on bags of all lengths by the signature `train`; `score` takes ids [E, L]. */
export function compileFeatureModel<W>(training: FeatureTraining<W>, train: string, start: W): Program<W> {
  const { model, task, large, rate } = training;
  return Program.compile(start, {
    [train]: {
      inputs: looksOf(featureInputs(training)),
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
