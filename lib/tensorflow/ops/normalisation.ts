/** B batch, T sequence length, C channels, N rows. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, many, shapeOf, T } from './define';

const normAttributes = (epsilon: number) => [
  T,
  attribute.type('U'),
  attribute.float('epsilon', epsilon),
  attribute.text('data_format', 'NCHW'),
  attribute.flag('is_training', true),
];

/** Rows of x [1, N, C, 1] to mean 0 and variance 1: to the batch-norm kernel each row is one "channel". */
const normaliseRows = define(
  'NormaliseRows',
  ({ x }, { epsilon }) => {
    const ones = tf.ones([shapeOf(x)[1]]);
    const zeros = tf.zeros([shapeOf(x)[1]]);
    const none = tf.tensor1d([], 'float32');
    const attrs = [...normAttributes(epsilon), attribute.float('exponential_avg_factor', 1)];
    return many('FusedBatchNormV3', attrs, [x, ones, zeros, none, none], 6);
  },
  { inputs: ['x'], outputs: [false, false, false, true, true, true] },
  ([dy], [x, ...reserved], { epsilon }) => ({
    x: () => {
      const inputs = [dy, x, tf.ones([shapeOf(x)[1]]), ...reserved];
      return many('FusedBatchNormGradV3', normAttributes(epsilon), inputs, 5)[0];
    },
  }),
);

/** Epsilon of the authors' code, inside the square root. */
const NORM_EPSILON = 1e-8;

/** Layer normalisation over the channels: x [B, T, C], gain [C], bias [C] -> [B, T, C]. */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor): Tensor {
  const [B, T, C] = shapeOf(x);
  const [y] = normaliseRows({ x: tf.reshape(x, [1, B * T, C, 1]) }, { epsilon: NORM_EPSILON }) as Tensor[];
  return tf.add(tf.mul(tf.reshape(y, [B, T, C]), gain), bias);
}
