/** B batch, T sequence length, C channels, N = B T rows. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { relu } from './activations';
import { absent, define, many, pick, shapeOf, T } from './define';
import { useKernels } from './kernels';

/** Epsilon of the authors' code, inside the square root. */
const NORM_EPSILON = 1e-8;

const normAttributes = [
  T,
  attribute.type('U'),
  attribute.float('epsilon', NORM_EPSILON),
  attribute.text('data_format', 'NCHW'),
  attribute.flag('is_training', true),
];

/** Rows of x [1, N, C, 1] to mean 0 and variance 1: to the batch-norm kernel each row is one "channel". */
const normaliseRows = define(
  'NormaliseRows',
  ({ x }) => {
    const [ones, zeros] = [tf.ones([shapeOf(x)[1]]), tf.zeros([shapeOf(x)[1]])];
    const attrs = [...normAttributes, attribute.float('exponential_avg_factor', 1)];
    return many('FusedBatchNormV3', attrs, [x, ones, zeros, absent(), absent()], 6);
  },
  { inputs: ['x'], outputs: [false, false, false, true, true, true] },
  ([dy], [x, ...reserved]) => {
    const inputs = () => [dy, x, tf.ones([shapeOf(x)[1]]), ...reserved];
    return { x: () => many('FusedBatchNormGradV3', normAttributes, inputs(), 5)[0] };
  },
);

/** Gain and shift [C] of a layer norm. */
export type NormWeights = { readonly gain: Tensor; readonly shift: Tensor };

/** Layer normalisation over the channels: x [B, T, C] -> [B, T, C]. */
export function layerNorm(x: Tensor, { gain, shift }: NormWeights): Tensor {
  const [B, T, C] = shapeOf(x);
  const [y] = normaliseRows({ x: tf.reshape(x, [1, B * T, C, 1]) }) as Tensor[];
  return tf.add(tf.mul(tf.reshape(y, [B, T, C]), gain), shift);
}

const fusedAttributes = ({ floor }: Record<string, number>) => [
  attribute.float('epsilon', NORM_EPSILON),
  attribute.float('floor', floor),
];

/** max(LN(x), floor) + residual. All gradients but the residual's come from one call. */
const fused = define(
  'FusedNormRelu',
  (given, attrs) =>
    many('NormRelu', fusedAttributes(attrs), pick(given, ['x', 'gain', 'shift', 'residual']), 3),
  { inputs: ['x', 'gain', 'shift'], outputs: [false, true, true] },
  ([dy], saved, attrs) => {
    const all = () => many('NormReluGrads', fusedAttributes(attrs), [dy, ...saved], 3);
    const [x, gain, shift] = [0, 1, 2].map((i) => () => all()[i]);
    return { x, gain, shift, residual: () => tf.clone(dy) };
  },
);

/** The kernel takes channels by eights. */
const LANES = 8;
const isFused = ({ gain }: NormWeights) => useKernels() && shapeOf(gain)[0] % LANES === 0;

/** The least float32. */
const NO_FLOOR = -3.4028234663852886e38;

/** `layerNorm` in one pass: x [B, T, C] -> [B, T, C]. */
export function norm(x: Tensor, weights: NormWeights): Tensor {
  if (!isFused(weights)) return layerNorm(x, weights);
  return (fused({ x, ...weights, residual: absent() }, { floor: NO_FLOOR }) as Tensor[])[0];
}

/** relu(LN(x)) + residual: x and residual [B, T, C] -> [B, T, C]. */
export function normRelu(x: Tensor, { gain, shift }: NormWeights, residual?: Tensor): Tensor {
  if (!isFused({ gain, shift })) {
    const y = relu(layerNorm(x, { gain, shift }));
    return residual ? tf.add(y, residual) : y;
  }
  return (fused({ x, gain, shift, residual: residual ?? absent() }, { floor: 0 }) as Tensor[])[0];
}
