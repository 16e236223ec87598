/** Letters: B batch, T length, k channels, |X| source items. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../base/random';
import { tf } from '../engine/native';
import type { Direction } from '../engine/ops/convolution';
import { allPositions, LAST, lastPositions, type Positions, reaches } from '../engine/ops/positions';
import { gatherRows } from '../engine/ops/rows';
import { normal, type Weight, zeros } from '../engine/weights';
import { type BlockReach, type BlockWeights, block, freshBlock, type ZeroPadding } from './block';
import type { AnyInsertion, BlockPatches } from './patches/insertion';

/** Θ̃: what pre-training leaves for every task. */
export type TrunkWeights<L> = { readonly embedding: L; readonly blocks: readonly BlockWeights<L>[] };

/**
 * What padded positions hold. Embedded: the embedding of id 0 and what layers make of it, as in the authors' code.
 * Masked: zero at every layer, so that a short history gives the same numbers at any padding.
 */
export type Padding = 'embedded' | 'masked';

export type TrunkShape = {
  readonly direction: Direction;
  /** |X| */
  readonly items: number;
  /** k */
  readonly channels: number;
  readonly kernel: number;
  /** Dilation of each block's first convolution; the second has twice as much. [1, 4] four times is the paper's. */
  readonly dilations: readonly number[];
  readonly padding: Padding;
};

/** Rows of the embedding table: padding, then the items from 1 on, [TCL], and [MASK] where pre-training needs it. */
export const PADDING = 0;
export const tclId = ({ items }: Pick<TrunkShape, 'items'>) => items + 1;
/** △ of Eq. 2; a causal trunk has none. */
export const maskId = ({ items }: Pick<TrunkShape, 'items'>) => items + 2;
export const embeddingRows = ({ items, direction }: Pick<TrunkShape, 'items' | 'direction'>) =>
  direction === 'causal' ? items + 2 : items + 3;

/** Patches ϑ of all blocks and where they go. */
export type Grafts = { readonly patches: readonly BlockPatches<Tensor>[]; readonly insertion: AnyInsertion };

/** What a task or a training adds to a trunk. */
export type TrunkAdditions = {
  readonly grafts?: Grafts | undefined;
  /** [k], in place of the trunk's own embedding of [TCL]. */
  readonly tcl?: Tensor | undefined;
  /** [B, T, k], what embeddings are multiplied by: dropout. */
  readonly dropout?: Tensor | undefined;
  /** [B, inputs, k], what the last block reads, where it is known already: nothing below it is computed. */
  readonly known?: Tensor | undefined;
};

/** 1 where a real item or [TCL] stands and 0 at padding: ids [B, T] -> [B, T] (float32). */
export function realPositions(ids: Tensor): Tensor {
  return tf.cast(tf.notEqual(ids, PADDING), 'float32');
}

function zeroPaddingOf(ids: Tensor, { padding }: TrunkShape): ZeroPadding {
  if (padding === 'embedded') return (x) => x;
  const real = tf.expandDims(realPositions(ids), 2); // [B, T, 1]
  return (x, { stride, count }) => tf.mul(x, lastPositions(real, stride, count));
}

/** Embeddings of ids [B, P] -> [B, P, k]; the one of [TCL] is the task's own if it has one. */
function embed({ embedding }: TrunkWeights<Tensor>, shape: TrunkShape, ids: Tensor, tcl?: Tensor): Tensor {
  const embedded = gatherRows(embedding, ids);
  if (!tcl) return embedded;
  const at = tf.expandDims(tf.cast(tf.equal(ids, tclId(shape)), 'float32'), 2); // [B, P, 1]
  return tf.add(tf.mul(embedded, tf.sub(1, at)), tf.mul(tcl, at));
}

/** What each block reads and writes for the wanted outputs. */
function blockReaches({ dilations, kernel }: TrunkShape, wanted: Positions, T: number): BlockReach[] {
  const layers = reaches(
    wanted,
    dilations.flatMap((dilation) => [dilation, 2 * dilation]),
    kernel,
    T,
  );
  return dilations.map((_, i) => ({ first: layers[2 * i], second: layers[2 * i + 1] }));
}

/** What a trunk computes: with which parts, and for which outputs. */
type Encoding = TrunkAdditions & { readonly shape: TrunkShape; readonly wanted: Positions };

/** What the last block reads for the wanted outputs: ids [B, T] (int32) -> [B, inputs, k]. */
export function belowLastBlock(
  weights: TrunkWeights<Tensor>,
  shape: TrunkShape,
  ids: Tensor,
  wanted: Positions,
): Tensor {
  return throughBlocks(weights, ids, { shape, wanted }, [0, weights.blocks.length - 1]);
}

/** The positions of these inputs; a non-causal block reads all. */
export function readByLastBlock(shape: TrunkShape, wanted: Positions, T: number): Positions {
  if (shape.direction === 'non-causal') return allPositions(T);
  const plan = blockReaches(shape, wanted, T);
  return plan[plan.length - 1].first.inputs;
}

/** Ids [B, T] (int32) to hidden states at the positions that the reaches lead to: h [B, outputs, k]. */
function encodeReaching(weights: TrunkWeights<Tensor>, ids: Tensor, encoding: Encoding): Tensor {
  const { blocks } = weights;
  const below = encoding.known ?? throughBlocks(weights, ids, encoding, [0, blocks.length - 1]);
  return throughBlocks(weights, ids, { ...encoding, known: below }, [blocks.length - 1, blocks.length]);
}

/** From what block `from` reads, which for the first one are the embeddings, to what block `to` reads. */
function throughBlocks(
  weights: TrunkWeights<Tensor>,
  ids: Tensor,
  { shape, wanted, grafts, tcl, dropout, known }: Encoding,
  [from, to]: readonly [number, number],
): Tensor {
  const { dilations, direction } = shape;
  const T = ids.shape[1] as number;
  const plan = direction === 'causal' ? blockReaches(shape, wanted, T) : [];
  const zeroPadding = zeroPaddingOf(ids, shape);
  const embedded = () => {
    const { stride, count } = plan[0]?.first.inputs ?? allPositions(T);
    const clean = embed(weights, shape, lastPositions(ids, stride, count), tcl); // [B, inputs, k]
    return zeroPadding(dropout ? tf.mul(clean, lastPositions(dropout, stride, count)) : clean, {
      stride,
      count,
    });
  };
  return weights.blocks.slice(from, to).reduce((E, blockWeights, n) => {
    const i = from + n;
    const grafted = grafts && { patches: grafts.patches[i], insertion: grafts.insertion };
    return block(E, blockWeights, {
      dilation: dilations[i],
      direction,
      grafted,
      reach: plan[i],
      zeroPadding,
    });
  }, known ?? embedded());
}

/** Ids [B, T] (int32) to hidden states h [B, T, k]. */
export function encode(
  weights: TrunkWeights<Tensor>,
  shape: TrunkShape,
  ids: Tensor,
  parts: TrunkAdditions = {},
): Tensor {
  return encodeReaching(weights, ids, { ...parts, shape, wanted: allPositions(ids.shape[1] as number) });
}

/** h at the last position, ids [B, T] -> [B, k]: a causal trunk computes only the positions that it depends on. */
export function lastState(
  weights: TrunkWeights<Tensor>,
  shape: TrunkShape,
  ids: Tensor,
  parts: TrunkAdditions = {},
): Tensor {
  const h = encodeReaching(weights, ids, { ...parts, shape, wanted: LAST }); // [B, 1, k], or [B, T, k] if non-causal
  return tf.reshape(lastPositions(h, 1, 1), [ids.shape[0], shape.channels]);
}

/** Fresh weights; the embedding is truncated normal of deviation 0.02 like every other matrix. */
export function freshTrunk(shape: TrunkShape, stream: Random): TrunkWeights<Weight> {
  const { channels, kernel, dilations } = shape;
  return {
    embedding: normal([embeddingRows(shape), channels], 0.02, stream),
    blocks: dilations.map(() => freshBlock(channels, kernel, stream)),
  };
}

/** A trunk whose weights are made by their shapes: zeros, which a file is read into. */
export function blankTrunk(
  shape: TrunkShape,
  blank: (shape: readonly number[]) => Weight = zeros,
): TrunkWeights<Weight> {
  const { channels: k, kernel } = shape;
  const vector = () => blank([k]);
  const layer = () => ({ kernel: blank([kernel, k, k]), bias: vector(), gain: vector(), shift: vector() });
  return {
    embedding: blank([embeddingRows(shape), k]),
    blocks: shape.dilations.map(() => ({ first: layer(), second: layer() })),
  };
}
