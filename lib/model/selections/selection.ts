/** The contract of selections of weights. Letters: U users, T ids of a user, k channels. `L` is the leaf of a weight tree. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Tree } from '../../engine/weights';
import { asideOf } from '../patches/patches';
import type { Layer } from '../trunks/architecture';
import { belowLastBlock, blockCount, readByLastBlock } from '../trunks/trunk';
import {
  ladderOf,
  pastTrunk,
  positionsOf,
  type UserModelShape,
  type UserModelWeights,
  userVector,
} from '../userModel';

/** A selection over a user model and the layers of its trunk, first layer first. */
export type Select = <L>(model: UserModelWeights<L>, layers: readonly Layer<L>[]) => readonly Tree<L>[];

type Model = UserModelWeights<Tensor>;

/** A frozen part of a model, and how the user vector follows from its output. */
export type Frozen = {
  /** Of a user, from T ids. */
  readonly row: (T: number) => readonly number[];
  /** ids [U, T] -> [U, ...row] */
  readonly of: (model: Model, ids: Tensor) => Tensor;
  /** ids [U, T] and known [U, ...row] -> [U, k] */
  readonly vector: (model: Model, ids: Tensor, known: Tensor) => Tensor;
};

/** A selection of weights to tune; an entry of selections.ts. */
export type Selection = {
  readonly about: string;
  readonly weights: Select;
  /** The part of a model that can be cached per user; absent, or undefined for this model: none. */
  readonly frozen?: (model: UserModelShape) => Frozen | undefined;
  /** Selects the learning rate; absent: that of a part. */
  readonly extent?: 'everything';
  /** Tunes patches, where there are some; absent: never. */
  readonly patches?: 'if any' | 'needed';
  /** Needs a trunk with norms. */
  readonly norms?: true;
  /** Layers that a trunk must have; absent: 1. */
  readonly layers?: number;
  /** As BibTeX in one line; absent: the paper. */
  readonly cites?: string;
};

/** The user vector, where there are no patches within the trunk. */
export const wholeVector = (model: UserModelShape): Frozen | undefined =>
  model.insertion
    ? undefined
    : {
        row: () => [model.shape.channels],
        of: ({ past: _, ...weights }, ids) => userVector(weights, model, ids),
        vector: (weights, ids, known) => pastTrunk(weights, model, ids, known),
      };

/** The input of the last block, where there are no patches. */
export function belowLast(model: UserModelShape): Frozen | undefined {
  const { shape, insertion } = model;
  const wanted = (T: number) => positionsOf(model, T);
  if (insertion) return undefined;
  return {
    row: (T) => [readByLastBlock(shape, wanted(T), T).count, shape.channels],
    of: ({ trunk }, ids) => belowLastBlock(trunk, shape, ids, wanted(ids.shape[1] as number)),
    vector: (weights, ids, known) => userVector(weights, model, ids, known),
  };
}

/** The states of all blocks, where patches stand beside the trunk. */
export function wholeTrunk(model: UserModelShape): Frozen | undefined {
  const { shape, insertion } = model;
  if (!asideOf(insertion)) return undefined;
  return {
    row: (T) => [blockCount(shape) + 1, positionsOf(model, T).count, shape.channels],
    of: (weights, ids) => ladderOf(weights, model, ids),
    vector: (weights, ids, known) => userVector(weights, model, ids, known),
  };
}
