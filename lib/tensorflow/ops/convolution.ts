/** B batch, T sequence length, C and D channels, w kernel width. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, one, shapeOf, T } from './define';

const convAttributes = (dilation: number) => [
  T,
  attribute.ints('strides', [1, 1, 1, 1]),
  attribute.text('padding', 'VALID'),
  attribute.text('data_format', 'NHWC'),
  attribute.ints('dilations', [1, 1, dilation, 1]),
];

/** x [B, 1, P, C] (padded), kernel [1, w, C, D] -> [B, 1, P - (w - 1) dilation, D]. */
const validConv = define(
  'DilatedConv',
  ({ x, kernel }, { dilation }) => one('Conv2D', convAttributes(dilation), [x, kernel]),
  { inputs: ['x', 'kernel'], outputs: [] },
  ([dy], [x, kernel], { dilation }) => {
    const attrs = convAttributes(dilation);
    const size = (of: Tensor) => tf.tensor1d(of.shape, 'int32');
    return {
      x: () => one('Conv2DBackpropInput', attrs, [size(x), kernel, dy]),
      kernel: () => one('Conv2DBackpropFilter', attrs, [x, size(kernel), dy]),
    };
  },
);

/** How a convolution sees its surroundings: only the past, or both sides. */
export type Direction = 'causal' | 'non-causal';

/**
 * Dilated 1-D convolution that keeps the length: x [B, T, C], kernel [w, C, D] -> [B, T, D].
 * Causal pads all (w - 1) dilation zeros on the left; non-causal half of them (rounded down) on each side.
 */
export function dilatedConv(x: Tensor, kernel: Tensor, dilation: number, direction: Direction): Tensor {
  const [B, T, C] = shapeOf(x);
  const [w, , D] = shapeOf(kernel);
  const total = (w - 1) * dilation;
  const left = direction === 'causal' ? total : Math.floor(total / 2);
  const padded = tf.pad(x as tf.Tensor3D, [
    [0, 0],
    [left, total - left],
    [0, 0],
  ]); // [B, T + total, C]
  const y = validConv(
    { x: tf.reshape(padded, [B, 1, T + total, C]), kernel: tf.reshape(kernel, [1, w, C, D]) },
    { dilation },
  ) as Tensor; // [B, 1, T, D]
  return tf.reshape(y, [B, T, D]);
}

/** 1x1 convolution with bias: x [B, T, C], weight [C, D], bias [D] -> [B, T, D]. */
export function pointwise(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [B, T, C] = shapeOf(x);
  const y = tf.matMul(tf.reshape(x, [B * T, C]), weight as tf.Tensor2D); // [B T, D]
  return tf.reshape(tf.add(y, bias), [B, T, shapeOf(weight)[1]]);
}
