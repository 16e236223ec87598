/** Letters: B batch, T length, k channels, |X| source items. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { BlockPatches, Insertion } from '../patches/insertion';
import type { Random } from '../random';
import type { Direction } from '../tensorflow/ops/convolution';
import { gatherRows } from '../tensorflow/ops/rows';
import { normal, type Weight } from '../tensorflow/weights';
import { type BlockWeights, block, freshBlock } from './block';

/** Θ̃: what pre-training leaves for every task. */
export type TrunkWeights<L> = { readonly embedding: L; readonly blocks: readonly BlockWeights<L>[] };

export type TrunkShape = {
  readonly direction: Direction;
  /** |X| */
  readonly items: number;
  /** k */
  readonly channels: number;
  readonly kernel: number;
  /** Dilation of each block's first convolution; the second has twice as much. [1, 4] four times is the paper's. */
  readonly dilations: readonly number[];
};

/** Rows of the embedding table: padding, then the items from 1 on, then [TCL]. */
export const PADDING = 0;
export const tclId = ({ items }: { items: number }) => items + 1;
export const embeddingRows = ({ items }: { items: number }) => items + 2;

/** Patches ϑ of all blocks and where they go. */
export type Grafts = { readonly patches: readonly BlockPatches<Tensor>[]; readonly insertion: Insertion };

/** Ids [B, T] (int32) to hidden states h [B, T, k]. */
export function encode(
  weights: TrunkWeights<Tensor>,
  shape: TrunkShape,
  ids: Tensor,
  grafts?: Grafts,
): Tensor {
  const { dilations, direction } = shape;
  const embedded = gatherRows(weights.embedding, ids); // [B, T, k]
  return weights.blocks.reduce((E, blockWeights, i) => {
    const grafted = grafts && { patches: grafts.patches[i], insertion: grafts.insertion };
    return block(E, blockWeights, dilations[i], direction, grafted);
  }, embedded);
}

/** Fresh weights; the embedding is truncated normal of deviation 0.02 like every other matrix. */
export function freshTrunk(shape: TrunkShape, stream: Random): TrunkWeights<Weight> {
  const { channels, kernel, dilations } = shape;
  return {
    embedding: normal([embeddingRows(shape), channels], 0.02, stream),
    blocks: dilations.map(() => freshBlock(channels, kernel, stream)),
  };
}
