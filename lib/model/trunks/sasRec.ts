/**
 * Self-attention over a user's items. Letters: B batch, T length, k channels, P positions that have an embedding.
 * `L` is the leaf of a weight tree: Weight or Tensor.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { described } from '../../base/choice';
import { UserError } from '../../base/userError';
import { tf } from '../../engine/native';
import { relu } from '../../engine/ops/activations';
import { attention } from '../../engine/ops/attention';
import { pointwise } from '../../engine/ops/convolution';
import { norm } from '../../engine/ops/normalisation';
import { allPositions, lastPositions } from '../../engine/ops/positions';
import type { Tree } from '../../engine/weights';
import type { Architecture, BodyWeights, CommonShape, Linear, Maker, Reading, Trunk } from './architecture';

/** Gain and shift [k]. */
type Norm<L> = { readonly gain: L; readonly shift: L };

const SITES = ['query', 'key', 'value', 'output', 'inner', 'outer'] as const;
type SiteName = (typeof SITES)[number];

type Block<L> = { readonly [site in SiteName]: Linear<L> } & {
  /** Before attention, and before the feed-forward net. */
  readonly attentionNorm: Norm<L>;
  readonly forwardNorm: Norm<L>;
};

type Weights<L> = {
  /** [P, k]; the last row is the last position's. */
  readonly positions: L;
  readonly blocks: readonly Block<L>[];
  /** After the last block. */
  readonly norm: Norm<L>;
};

type Sizes = {
  readonly blocks: number;
  readonly heads: number;
  /** P, the longest sequence with its tokens. */
  readonly positions: number;
};
type Shape = CommonShape & Sizes;

function freshBlock(k: number, { normal, zeros, ones }: Maker) {
  const linear = () => ({ kernel: normal([k, k]), bias: zeros([k]) });
  const fresh = () => ({ gain: ones([k]), shift: zeros([k]) });
  return {
    attentionNorm: fresh(),
    ...Object.fromEntries(SITES.map((site) => [site, linear()])),
    forwardNorm: fresh(),
  } as Block<ReturnType<Maker['normal']>>;
}

/** Positions that a block gives: the last one those that are wanted; a block before it, or one that sees both sides, gives all positions. */
const countOf = ({ direction, blocks }: Shape, at: number, { wanted, length }: Reading): number =>
  direction === 'causal' && at === blocks - 1 ? wanted.count : length;

/** The mask of one layer: [layers, B, T, k] -> [B, T, k] */
function maskOf(masks: Tensor, layer: number): Tensor {
  const [, ...shape] = masks.shape;
  return tf.reshape(tf.slice(masks, [layer, 0, 0, 0], [1, ...shape]), shape);
}

/** x + Attention(LN(x)), then y + FeedForward(LN(y)): x [B, T, k] -> [B, T, k], or its last positions. */
function block(x: Tensor, weights: Block<Tensor>, at: number, shape: Shape, reading: Reading): Tensor {
  const { graft, real, layerMasks } = reading;
  const last = (y: Tensor) => lastPositions(y, 1, countOf(shape, at, reading));
  const dropped = (y: Tensor, layer: number) => (layerMasks ? tf.mul(y, maskOf(layerMasks, layer)) : y);
  /** A product; at the end of a layer, which reads z, with the residual. */
  const through = (
    name: SiteName,
    x: Tensor,
    end?: { readonly z: Tensor; readonly residual: Tensor; readonly layer: number },
  ): Tensor => {
    const { kernel, bias } = weights[name];
    const product = (other: Tensor, offset?: Tensor) => pointwise(x, other, offset);
    const plus = (y: Tensor) => (end ? tf.add(dropped(y, end.layer), end.residual) : y);
    const site = { block: at, name, isLinear: true, z: end?.z ?? x, kernel, bias, product };
    const grafted = graft?.({ ...site, psi: product(kernel, bias), plus, finish: plus });
    if (grafted) return grafted;
    return layerMasks ? plus(pointwise(x, kernel, bias)) : pointwise(x, kernel, bias, end?.residual);
  };
  const z = norm(x, weights.attentionNorm);
  const heads = attention(
    { q: through('query', last(z)), key: through('key', z), value: through('value', z), real },
    { heads: shape.heads, causal: shape.direction === 'causal' },
  );
  const y = through('output', heads, { z: last(z), residual: last(x), layer: 2 * at });
  const f = norm(y, weights.forwardNorm);
  return through('outer', relu(through('inner', f)), { z: f, residual: y, layer: 2 * at + 1 });
}

/** √k times the embeddings, and those of positions counted from the end, so that padding never shifts them. */
function positioned(x: Tensor, positions: Tensor): Tensor {
  const [, T, k] = x.shape as [number, number, number];
  const [P] = positions.shape;
  if (T > P)
    throw new UserError(`a sequence of ${T} ids: expected at most ${P}, the positions that SASRec has`);
  const last = tf.slice(positions, [P - T, 0], [T, k]);
  return tf.add(tf.mul(x, Math.sqrt(k)), last);
}

/**
 * SASRec (Kang and McAuley 2018) with a norm before each layer, as Xiong et al. 2020 found it to train, and keys at padding left out of the
 * softmax. Two blocks, one head and a feed-forward net as wide as k are the original's. Ours: a product behind attention, and dropout
 * of embeddings before positions are added, of what each layer adds, and of the last states.
 */
const layers: Architecture<Sizes> = {
  sizes: {
    blocks: z.number().int().min(1),
    heads: z.number().int().min(1),
    positions: z.number().int().min(1),
  },
  blocks: ({ blocks }) => blocks,
  norms: 'before layers',
  sites: SITES,
  ends: ['output', 'outer'],
  drops: ({ blocks }) => 2 * blocks,
  fresh: ({ channels: k, blocks, heads, positions }, make) => {
    if (k % heads !== 0) throw new UserError(`heads ${heads}: expected a divisor of the ${k} channels`);
    return {
      positions: make.normal([positions, k]),
      blocks: Array.from({ length: blocks }, () => freshBlock(k, make)),
      norm: { gain: make.ones([k]), shift: make.zeros([k]) },
    };
  },
  layers: <L>(parts: BodyWeights<L>) => {
    const { blocks, norm: final } = parts as Weights<L>;
    const layer = (before: Norm<L>, ...linear: Linear<L>[]) => ({
      all: [before, ...linear] as Tree<L>[],
      biases: [before.shift, ...linear.map(({ bias }) => bias)],
      norms: [before.gain, before.shift],
    });
    const all = blocks.flatMap(({ attentionNorm, query, key, value, output, forwardNorm, inner, outer }) => [
      layer(attentionNorm, query, key, value, output),
      layer(forwardNorm, inner, outer),
    ]);
    const end = all[all.length - 1];
    const withNorm = {
      all: [...end.all, final],
      biases: [...end.biases, final.shift],
      norms: [...end.norms, final.gain, final.shift],
    };
    return [...all.slice(0, -1), withNorm];
  },
  kernels: <L>(parts: BodyWeights<L>) =>
    (parts as unknown as Record<'blocks', Readonly<Record<string, Linear<L>>>[]>).blocks,
  roles: { key: 'key', value: 'value', outer: 'last of feed-forward' },
  reads: ({ direction, blocks }, i, wanted, T) =>
    direction === 'causal' && i === blocks ? wanted : allPositions(T),
  start: (parts, x) => positioned(x, (parts as Weights<Tensor>).positions),
  through: (parts, shape, reading, x, [from, to]) => {
    const { blocks, norm: final } = parts as Weights<Tensor>;
    const { zeroPadding } = reading;
    const last = blocks.slice(from, to).reduce((y, weights, n) => {
      const at = from + n;
      const count = countOf(shape, at, reading);
      return zeroPadding(block(y, weights, at, shape, reading), { stride: 1, count });
    }, x);
    return to === blocks.length
      ? zeroPadding(norm(last, final), { stride: 1, count: last.shape[1] as number })
      : last;
  },
};

const SASREC =
  '@inproceedings{SASRec, author = {Kang, Wang-Cheng and McAuley, Julian}, title = {Self-Attentive Sequential Recommendation}, booktitle = {ICDM}, year = {2018}, doi = {10.1109/ICDM.2018.00035}}';
const example: Sizes = { blocks: 2, heads: 2, positions: 200 };

export const sasRec: Trunk<Sizes> = {
  ...layers,
  direction: 'causal',
  ...described({ about: 'self-attention, a norm before each layer', cites: [SASREC], example }),
};

/** To both sides, as BERT4Rec (Sun et al. 2019) trains it. */
export const bidirectionalSasRec: Trunk<Sizes> = {
  ...layers,
  direction: 'non-causal',
  ...described({
    about: 'self-attention to both sides, as in BERT4Rec',
    cites: [
      SASREC,
      '@inproceedings{BERT4Rec, author = {Sun, Fei and Liu, Jun and Wu, Jian and Pei, Changhua and Lin, Xiao and Ou, Wenwu and Jiang, Peng}, title = {BERT4Rec: Sequential Recommendation with Bidirectional Encoder Representations from Transformer}, booktitle = {CIKM}, year = {2019}, doi = {10.1145/3357384.3357895}}',
    ],
    example,
  }),
};
