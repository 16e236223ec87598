/** Letters: B batch, T length, k channels, |X| source items. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { allPositions, LAST, lastPositions, type Positions } from '../../engine/ops/positions';
import { gatherRows } from '../../engine/ops/rows';
import { leaves, normal, ones, sizeOf, type Tree, type Weight, zeros } from '../../engine/weights';
import type { CommonShape, Graft, Layer, Maker, Part, Reading, Trunk } from './architecture';
import { architectureOf, directionOf, isCausal, type TrunkName, type trunks } from './names';

export { architectureOf };

/** Sizes in the shape of a trunk beyond those that all have. */
type SizesOf<N extends TrunkName> = (typeof trunks)[N] extends Trunk<infer S> ? S : never;

export type TrunkShape = Pick<CommonShape, 'channels' | 'padding'> & {
  /** |X| */
  readonly items: number;
} & { [N in TrunkName]: { readonly trunk: N } & SizesOf<N> }[TrunkName];

/** Θ̃: what pre-training leaves for every task. */
export type TrunkWeights<L> = { readonly embedding: L; readonly [part: string]: Part<L> };

type Named = Pick<TrunkShape, 'trunk'>;
const common = (shape: TrunkShape) => ({ ...shape, direction: directionOf(shape) });

/** Rows of the embedding table: padding, then the items from 1 on, [TCL], and [MASK] where pre-training needs it. */
export const PADDING = 0;
export const tclId = ({ items }: Pick<TrunkShape, 'items'>) => items + 1;
/** △ of Eq. 2; a causal trunk has none. */
export const maskId = ({ items }: Pick<TrunkShape, 'items'>) => items + 2;
export const embeddingRows = (shape: Pick<TrunkShape, 'items' | 'trunk'>) =>
  shape.items + (isCausal(shape) ? 2 : 3);

/** Additions of a task or a training to a trunk. */
export type TrunkAdditions = {
  readonly graft?: Graft | undefined;
  /** [k], in place of the trunk's own embedding of [TCL]. */
  readonly tcl?: Tensor | undefined;
  /** Embeddings of ids [B, P] by the trunk's table, in place of its rows: [B, P, k]. */
  readonly embedding?: ((table: Tensor, ids: Tensor) => Tensor) | undefined;
  /** Added to the embeddings of ids [B, P]: [B, P, k]. */
  readonly shift?: ((ids: Tensor) => Tensor) | undefined;
  /** [B, T, k], what embeddings are multiplied by: dropout. */
  readonly dropout?: Tensor | undefined;
  /** [layers, B, T, k], the same of the output of layers. */
  readonly layerMasks?: Tensor | undefined;
  /** [B, inputs, k], what the last block reads, where it is known already: nothing below it is computed. */
  readonly known?: Tensor | undefined;
};

/** 1 where a real item or [TCL] stands and 0 at padding: ids [B, T] -> [B, T] (float32). */
export function realPositions(ids: Tensor): Tensor {
  return tf.cast(tf.notEqual(ids, PADDING), 'float32');
}

function paddingOf(ids: Tensor, { padding }: TrunkShape): Pick<Reading, 'zeroPadding' | 'real'> {
  if (padding === 'embedded') return { zeroPadding: (x) => x, real: tf.onesLike(tf.cast(ids, 'float32')) };
  const real = realPositions(ids);
  const column = tf.expandDims(real, 2); // [B, T, 1]
  return { zeroPadding: (x, { stride, count }) => tf.mul(x, lastPositions(column, stride, count)), real };
}

/** Embeddings of ids [B, P] -> [B, P, k]; the one of [TCL] is the task's own if it has one. */
function embed(
  weights: Weights,
  ids: Tensor,
  { shape, tcl, shift, embedding = gatherRows }: Encoding,
): Tensor {
  const own = embedding(weights.embedding, ids);
  const embedded = shift ? tf.add(own, shift(ids)) : own;
  if (!tcl) return embedded;
  const at = tf.expandDims(tf.cast(tf.equal(ids, tclId(shape)), 'float32'), 2); // [B, P, 1]
  return tf.add(tf.mul(embedded, tf.sub(1, at)), tf.mul(tcl, at));
}

const lengthOf = (ids: Tensor) => ids.shape[1] as number;
export const blockCount = (shape: TrunkShape) => architectureOf(shape).blocks(shape);

/** Layers of a trunk whose output dropout zeroes while pre-training. */
export const droppedLayers = (shape: TrunkShape): number => architectureOf(shape).drops?.(shape) ?? 0;

/** Positions that the last state of a trunk depends on at most. */
export const reachOf = (shape: TrunkShape): number =>
  architectureOf(shape).reach?.(common(shape)) ?? Number.POSITIVE_INFINITY;

/** The positions that block `i` reads, or all blocks write, for those that are wanted. */
const readBy = (shape: TrunkShape, i: number, wanted: Positions, T: number): Positions =>
  architectureOf(shape).reads(common(shape), i, wanted, T);

type Weights = TrunkWeights<Tensor>;
/** A computation of a trunk: its additions, and the outputs that are wanted. */
type Encoding = Omit<TrunkAdditions, 'known'> & { readonly shape: TrunkShape; readonly wanted: Positions };

/** From ids [B, T], or from what block `from` reads where that is known, to what block `to` reads. */
function through(
  weights: Weights,
  ids: Tensor,
  encoding: Encoding,
  [from, to]: readonly [number, number],
  known?: Tensor,
): Tensor {
  const { shape, wanted, graft, dropout, layerMasks } = encoding;
  const { start } = architectureOf(shape);
  const { zeroPadding, real } = paddingOf(ids, shape);
  const embedded = (): Tensor => {
    const at = readBy(shape, 0, wanted, lengthOf(ids));
    const { stride, count } = at;
    const clean = embed(weights, lastPositions(ids, stride, count), encoding); // [B, inputs, k]
    const kept = dropout ? tf.mul(clean, lastPositions(dropout, stride, count)) : clean;
    return zeroPadding(start ? start(weights, kept) : kept, at);
  };
  const reading: Reading = { length: lengthOf(ids), wanted, zeroPadding, real, graft, layerMasks };
  return architectureOf(shape).through(weights, common(shape), reading, known ?? embedded(), [from, to]);
}

/** Input of the last block for the wanted outputs: ids [B, T] (int32) -> [B, inputs, k]. */
export function belowLastBlock(weights: Weights, shape: TrunkShape, ids: Tensor, wanted: Positions): Tensor {
  return through(weights, ids, { shape, wanted }, [0, blockCount(shape) - 1]);
}

/** The positions of these inputs. */
export const readByLastBlock = (shape: TrunkShape, wanted: Positions, T: number): Positions =>
  readBy(shape, blockCount(shape) - 1, wanted, T);

/** Embeddings, and what each block gives, at all positions of ids [B, T] (int32): [B, T, k] each. */
export function ladder(
  weights: Weights,
  shape: TrunkShape,
  ids: Tensor,
  parts: TrunkAdditions = {},
): Tensor[] {
  const encoding = { ...parts, shape, wanted: allPositions(lengthOf(ids)) };
  const states = [through(weights, ids, encoding, [0, 0])];
  for (let i = 0; i < blockCount(shape); i++)
    states.push(through(weights, ids, encoding, [i, i + 1], states[i]));
  return states;
}

/** Ids [B, T] (int32) to hidden states at the positions that the blocks write: h [B, outputs, k]. */
function encodeReaching(weights: Weights, ids: Tensor, encoding: Encoding, known?: Tensor): Tensor {
  const blocks = blockCount(encoding.shape);
  const below = known ?? through(weights, ids, encoding, [0, blocks - 1]);
  return through(weights, ids, encoding, [blocks - 1, blocks], below);
}

/** Ids [B, T] (int32) to hidden states h [B, T, k]. */
export function encode(
  weights: Weights,
  shape: TrunkShape,
  ids: Tensor,
  { known, ...parts }: TrunkAdditions = {},
): Tensor {
  return encodeReaching(weights, ids, { ...parts, shape, wanted: allPositions(lengthOf(ids)) }, known);
}

/** h at the last position, ids [B, T] -> [B, k]: a causal trunk computes only the positions that it depends on. */
export function lastState(
  weights: Weights,
  shape: TrunkShape,
  ids: Tensor,
  { known, ...parts }: TrunkAdditions = {},
): Tensor {
  const h = encodeReaching(weights, ids, { ...parts, shape, wanted: LAST }, known); // [B, 1, k], or [B, T, k] if non-causal
  return tf.reshape(lastPositions(h, 1, 1), [ids.shape[0], shape.channels]);
}

/** The layers of a trunk, the first one first. */
export const layersOf = <L>({ embedding: _, ...parts }: TrunkWeights<L>, shape: Named): readonly Layer<L>[] =>
  architectureOf(shape).layers(parts);

function made(shape: TrunkShape, make: Maker): TrunkWeights<Weight> {
  const embedding = make.normal([embeddingRows(shape), shape.channels]);
  return { embedding, ...architectureOf(shape).fresh(common(shape), make) };
}

/** Fresh weights; the embedding is truncated normal of deviation 0.02 like every other matrix. */
export const freshTrunk = (shape: TrunkShape, stream: Random): TrunkWeights<Weight> =>
  made(shape, { normal: (size) => normal(size, 0.02, stream), zeros, ones });

/** A trunk without values, for its shapes. */
export const shapesOf = (shape: TrunkShape): TrunkWeights<Weight> =>
  blankTrunk(shape, (size) => ({ shape: size, values: new Float32Array() }));

/** Numbers in the weights of a trunk. */
export const weightsOf = (shape: TrunkShape): number =>
  leaves<Weight>(shapesOf(shape) as Tree<Weight>).reduce((sum, [, leaf]) => sum + sizeOf(leaf.shape), 0);

/** Layers of a trunk. */
export const layerCount = (shape: TrunkShape): number => layersOf(shapesOf(shape), shape).length;

/** A trunk of this name at small sizes. */
export const exampleShape = ({ trunk }: Named, channels = 4, items = 6): TrunkShape =>
  ({ trunk, items, channels, ...architectureOf({ trunk }).example, padding: 'masked' }) as TrunkShape;

/** A trunk whose weights are made by their shapes: zeros, which a file is read into. */
export const blankTrunk = (
  shape: TrunkShape,
  blank: (shape: readonly number[]) => Weight = zeros,
): TrunkWeights<Weight> => made(shape, { normal: blank, zeros: blank, ones: blank });
