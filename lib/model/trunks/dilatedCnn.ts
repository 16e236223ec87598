/** The paper's trunk. Letters: B batch, T length (positions given), k channels, w kernel width. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { described } from '../../base/choice';
import { tf } from '../../engine/native';
import { dilatedConv } from '../../engine/ops/convolution';
import { layerNorm, normRelu } from '../../engine/ops/normalisation';
import { allPositions, atOutputs, type Positions, type Reach, reaches } from '../../engine/ops/positions';
import type { Architecture, BodyWeights, CommonShape, Graft, Maker, Reading, Trunk } from './architecture';

/** A dilated convolution [w, k, k] with bias [k], and the gain [k] and shift [k] of the layer norm after it. */
export type LayerWeights<L> = { readonly kernel: L; readonly bias: L; readonly gain: L; readonly shift: L };
export type BlockWeights<L> = { readonly first: LayerWeights<L>; readonly second: LayerWeights<L> };
type Blocks<L> = Pick<CnnWeights<L>, 'blocks'>;
export type CnnWeights<L> = { readonly embedding: L; readonly blocks: readonly BlockWeights<L>[] };

type Sizes = {
  readonly kernel: number;
  /** Dilation of each block's first convolution; the second has twice as much. [1, 4] four times is the paper's. */
  readonly dilations: readonly number[];
};
type Shape = CommonShape & Sizes;

const SITES = ['first', 'second'] as const;

/** Positions that each layer of a block reads and writes. */
type BlockReach = Readonly<Record<(typeof SITES)[number], Reach>>;

function wholeSequence(T: number): BlockReach {
  const all = allPositions(T);
  return { first: { inputs: all, outputs: all }, second: { inputs: all, outputs: all } };
}

/** Positions that each block reads and writes for the wanted outputs; a non-causal one all. */
function blockReaches({ dilations, kernel, direction }: Shape, wanted: Positions, T: number): BlockReach[] {
  if (direction === 'non-causal') return dilations.map(() => wholeSequence(T));
  const layers = reaches(
    wanted,
    dilations.flatMap((dilation) => [dilation, 2 * dilation]),
    kernel,
    T,
  );
  return dilations.map((_, i) => ({ first: layers[2 * i], second: layers[2 * i + 1] }));
}

/** A block besides its weights. */
type BlockOptions = Pick<CommonShape, 'direction'> & {
  /** The place of the block in the trunk; the first if absent. */
  readonly at?: number;
  /** Of the first convolution. */
  readonly dilation: number;
  /** Absent: the block reads and writes all positions. */
  readonly reach?: BlockReach;
  /** Absent: padding is as any position. */
  readonly zeroPadding?: Reading['zeroPadding'];
  readonly graft?: Graft | undefined;
};

/** A layer, added to the residual if there is one: z [B, inputs, k] -> [B, outputs, k]. */
function layer(
  z: Tensor,
  weights: LayerWeights<Tensor>,
  name: (typeof SITES)[number],
  options: Required<BlockOptions>,
  residual?: Tensor,
): Tensor {
  const { at, direction, zeroPadding, graft } = options;
  const reach = options.reach[name];
  const dilation = name === 'first' ? options.dilation : 2 * options.dilation;
  const { kernel, bias } = weights;
  const product = (other: Tensor, offset: Tensor = tf.zeros([other.shape[2] as number])) =>
    dilatedConv(z, { kernel: other, bias: offset }, dilation, direction, reach);
  const psi = product(kernel, bias); // [B, outputs, k]
  const activated = (x: Tensor) => normRelu(x, weights, residual);
  const grafted = graft?.({
    ...{ block: at, name, isLinear: true, z: atOutputs(z, reach), psi, kernel, bias, product },
    norm: (x) => layerNorm(x, weights),
    finish: activated,
    plus: (x) => (residual ? tf.add(x, residual) : x),
  });
  return zeroPadding(grafted ?? activated(psi), reach.outputs);
}

/**
 * The residual block, plain (Eqs. 3–4) or with patches (Eqs. 10–11): H(E) = E + F(E), [B, T, k] -> [B, T, k], or
 * fewer positions where its reach says so.
 * The second convolution has twice the dilation of the first, as in the authors' code.
 */
export function block(E: Tensor, weights: BlockWeights<Tensor>, options: BlockOptions): Tensor {
  const whole = wholeSequence(E.shape[1] as number);
  const all = { at: 0, reach: whole, zeroPadding: (x: Tensor) => x, graft: undefined, ...options };
  const { first, second } = all.reach;
  const residual = atOutputs(atOutputs(E, first), second); // [B, outputs, k]
  return layer(layer(E, weights.first, 'first', all), weights.second, 'second', all, residual);
}

/** Biases 0, gain 1. */
function freshBlock({ channels: k, kernel }: Shape, { normal, zeros, ones }: Maker) {
  const fresh = () => ({
    kernel: normal([kernel, k, k]),
    bias: zeros([k]),
    gain: ones([k]),
    shift: zeros([k]),
  });
  return { first: fresh(), second: fresh() };
}

/** Blocks of two dilated convolutions. */
const dilatedCnn: Architecture<Sizes> = {
  sizes: { kernel: z.number().int().min(1), dilations: z.array(z.number().int().min(1)).min(1).readonly() },
  blocks: ({ dilations }) => dilations.length,
  norms: 'after products',
  embedsPadding: true,
  sites: SITES,
  ends: SITES,
  fresh: (shape, make) => ({ blocks: shape.dilations.map(() => freshBlock(shape, make)) }),
  layers: <L>(parts: BodyWeights<L>) =>
    (parts as Blocks<L>).blocks
      .flatMap(({ first, second }) => [first, second])
      .map((all) => ({ all, biases: [all.bias, all.shift], norms: [all.gain, all.shift] })),
  kernels: <L>(parts: BodyWeights<L>) => (parts as Blocks<L>).blocks,
  reach: ({ kernel, dilations, direction }) => {
    const dilation = dilations.reduce((sum, first) => sum + 3 * first, 0);
    return direction === 'causal' ? 1 + (kernel - 1) * dilation : Number.POSITIVE_INFINITY;
  },
  reads: (shape, i, wanted, T) => {
    const plan = blockReaches(shape, wanted, T);
    return i < plan.length ? plan[i].first.inputs : plan[i - 1].second.outputs;
  },
  through: (parts, shape, { length, wanted, graft, zeroPadding }, x, [from, to]) => {
    const plan = blockReaches(shape, wanted, length);
    const { dilations, direction } = shape;
    return (parts as Blocks<Tensor>).blocks.slice(from, to).reduce((E, weights, n) => {
      const i = from + n;
      const options = { at: i, direction, dilation: dilations[i], reach: plan[i], zeroPadding, graft };
      return block(E, weights, options);
    }, x);
  },
};

const example: Sizes = { kernel: 3, dilations: [1, 2] };

/** NextItNet (Yuan et al. 2019). */
export const causalCnn: Trunk<Sizes> = {
  ...dilatedCnn,
  direction: 'causal',
  ...described({
    about: 'dilated CNN, Fig. 2a (NextItNet)',
    cites: [
      '@inproceedings{NextItNet, author = {Yuan, Fajie and Karatzoglou, Alexandros and Arapakis, Ioannis and Jose, Joemon M. and He, Xiangnan}, title = {A Simple Convolutional Generative Network for Next Item Recommendation}, booktitle = {WSDM}, year = {2019}, doi = {10.1145/3289600.3290975}}',
    ],
    example,
  }),
};

/** GRec (Yuan et al. 2020), its encoder. */
export const nonCausalCnn: Trunk<Sizes> = {
  ...dilatedCnn,
  direction: 'non-causal',
  ...described({
    about: 'dilated CNN to both sides, Fig. 2c (GRec)',
    cites: [
      '@inproceedings{GRec, author = {Yuan, Fajie and He, Xiangnan and Jiang, Haochuan and Guo, Guibing and Xiong, Jian and Xu, Zhezhao and Xiong, Yilin}, title = {Future Data Helps Training: Modeling Future Contexts for Session-based Recommendation}, booktitle = {The Web Conference}, year = {2020}, doi = {10.1145/3366423.3380116}}',
    ],
    example,
  }),
};
