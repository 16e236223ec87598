/** The contract of trunks. Letters: B batch, T length, k channels. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { z } from 'zod';
import type { Direction } from '../../engine/ops/convolution';
import type { Positions } from '../../engine/ops/positions';
import type { Tree, Weight } from '../../engine/weights';

/**
 * Contents of padded positions. Embedded: the embedding of id 0 and what layers make of it, as in the authors' code.
 * Masked: zero at every layer, so that a short history gives the same numbers at any padding.
 */
export type Padding = 'embedded' | 'masked';

/** Shape of any trunk. */
export type CommonShape = {
  readonly direction: Direction;
  /** k */
  readonly channels: number;
  readonly padding: Padding;
};

/** Makes fresh weights of a shape, `normal` ones truncated normal of deviation 0.02. */
export type Maker = Readonly<Record<'normal' | 'zeros' | 'ones', (shape: readonly number[]) => Weight>>;

/** Weights of a layer that can be tuned: all, its biases and shifts, or the gains and shifts of its norms. */
export type Layer<L> = {
  readonly all: Tree<L>;
  readonly biases: readonly L[];
  readonly norms: readonly L[];
};

/**
 * A product with one of a trunk's kernels and what follows it, at the layer's output positions.
 * `plus` and `finish` add the layer's residual, if it has one.
 */
export type Site = {
  readonly block: number;
  /** One of the architecture's `sites`. */
  readonly name: string;
  /** Whether the product is linear in its kernel. */
  readonly isLinear: boolean;
  /** z, what the layer reads: [B, T, k] */
  readonly z: Tensor;
  /** ψ, the product: [B, T, k], or as many channels as the kernel gives. */
  readonly psi: Tensor;
  readonly kernel: Tensor;
  readonly bias: Tensor;
  /** Computes the product with another kernel, and with a bias if one is given. */
  readonly product: (kernel: Tensor, bias?: Tensor) => Tensor;
  /** LN(x); absent where no norm follows the product. */
  readonly norm?: (x: Tensor) => Tensor;
  /** Computes what follows the product: in the CNN σ(LN(x)), and the residual. */
  readonly finish: (x: Tensor) => Tensor;
  /** x, plus the residual */
  readonly plus: (x: Tensor) => Tensor;
};

/** A kernel [.., in, out] and its bias [out]. */
export type Linear<L> = { readonly kernel: L; readonly bias: L };

/** Replaces `finish(psi)` at a site, at a layer's end its output; undefined: nothing is grafted. */
export type Graft = (site: Site) => Tensor | undefined;

/** Inputs of the blocks of a trunk. */
export type Reading = {
  /** T */
  readonly length: number;
  /** The positions whose states are wanted. */
  readonly wanted: Positions;
  /** Zeroes what a layer gives at masked padding: x [B, positions, k] -> the same shape. */
  readonly zeroPadding: (x: Tensor, at: Positions) => Tensor;
  /** [B, T], 0 at masked padding. */
  readonly real: Tensor;
  readonly graft?: Graft | undefined;
  /** [layers, B, T, k], what each layer's output is multiplied by while pre-training: dropout. */
  readonly layerMasks?: Tensor | undefined;
};

/** A weight, the weights of a layer, or the layers of each block: a tree of no more levels, which types can follow. */
export type Part<L> = L | LayerPart<L> | readonly Readonly<Record<string, LayerPart<L>>>[];
type LayerPart<L> = Readonly<Record<string, L>>;

/** The weights of a trunk but its embedding, by their names. */
export type BodyWeights<L> = { readonly [part: string]: Part<L> };

/** The layers of a trunk: blocks over embedded items. `S` is what its shape has beyond what all have. */
export type Architecture<S = object> = {
  /** Checks of what presets, cards and files say of it. */
  readonly sizes: { readonly [K in keyof S]: z.ZodType };
  readonly blocks: (shape: S) => number;
  /** Where norms stand: behind the products of sites, before layers, or nowhere. */
  readonly norms: 'after products' | 'before layers' | 'none';
  /** Whether padding may be embedded, as in the authors’ code; absent: it is always masked. */
  readonly embedsPadding?: true;
  /** The names of the sites of a block in their order, and those of them that end a layer. */
  readonly sites: readonly string[];
  readonly ends: readonly string[];
  readonly fresh: (shape: CommonShape & S, make: Maker) => BodyWeights<Weight>;
  readonly layers: <L>(parts: BodyWeights<L>) => readonly Layer<L>[];
  /** The kernels of the sites, block by block. */
  readonly kernels: <L>(parts: BodyWeights<L>) => readonly Readonly<Record<string, Linear<L>>>[];
  /** Roles of sites in attention and its feed-forward net; absent: the trunk has neither. */
  readonly roles?: Readonly<Record<string, 'key' | 'value' | 'last of feed-forward'>>;
  /** Layers whose output dropout zeroes while pre-training; absent: none. */
  readonly drops?: (shape: S) => number;
  /** Positions that the last state depends on; absent: all. */
  readonly reach?: (shape: CommonShape & S) => number;
  /** Input of the first block, from embeddings at all positions: [B, T, k] -> [B, T, k]; absent: these. */
  readonly start?: (parts: BodyWeights<Tensor>, x: Tensor) => Tensor;
  /** Positions that block `i` reads to give the wanted ones of T; `i` = blocks: what the last one writes. */
  readonly reads: (shape: CommonShape & S, i: number, wanted: Positions, T: number) => Positions;
  /** From what block `from` reads to what block `to` reads: x [B, positions, k] -> [B, positions, k]. */
  readonly through: (
    parts: BodyWeights<Tensor>,
    shape: CommonShape & S,
    reading: Reading,
    x: Tensor,
    range: readonly [from: number, to: number],
  ) => Tensor;
};

/** A trunk under one name; a line in names.ts offers it. */
export type Trunk<S = object> = Architecture<S> & {
  /** Sees the past, or both sides. */
  readonly direction: Direction;
  readonly about: string;
  /** As BibTeX, each in one line. */
  readonly cites: readonly string[];
  /** Small sizes, with which tests build it. */
  readonly example: S;
};
