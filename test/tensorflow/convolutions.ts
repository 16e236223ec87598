/** Convolutions at shapes that fill whole tiles and do not, and what they give. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { random } from '../../lib/random';
import { tf } from '../../lib/tensorflow/native';
import type { Convolution } from '../../lib/tensorflow/ops/directConv';
import { paddedConv } from '../../lib/tensorflow/ops/paddedConv';
import { normal, upload } from '../../lib/tensorflow/weights';

const stream = random(1, 'convolution shapes');
export const draw = (...shape: number[]) => upload(normal(shape, 1, stream));

/** Batch, rows given, channels of the two sides. */
export const shapes = [
  [3, 40, 64, 64],
  [2, 33, 20, 70],
  [5, 9, 70, 32],
  [1, 100, 16, 96],
  [7, 13, 64, 8],
  [7, 13, 8, 64],
  [2, 5, 33, 100],
  [4, 120, 64, 64],
  [2, 9, 64, 33],
] as const;

/** Width, and how the window lies over the rows given. */
export const windows = (P: number) =>
  [
    ['causal', 3, { left: 2, dilation: 1, step: 1, outputs: P }],
    ['causal, dilated', 3, { left: 8, dilation: 4, step: 1, outputs: P }],
    ['non-causal, dilated', 3, { left: 3, dilation: 3, step: 1, outputs: P }],
    ['farther than the rows', 3, { left: 2 * P, dilation: P, step: 1, outputs: P }],
    ['the last rows only', 3, { left: 0, dilation: 1, step: 1, outputs: P - 2 }],
    ['every second output', 3, { left: 1, dilation: 1, step: 2, outputs: Math.floor((P - 1) / 2) }],
    ['one tap', 1, { left: 0, dilation: 1, step: 1, outputs: P }],
    ['two taps', 2, { left: 5, dilation: 5, step: 1, outputs: P }],
    ['five taps', 5, { left: 4, dilation: 2, step: 1, outputs: P }],
  ] as const;

/** What a convolution gives, and the gradients of a sum that weighs each output differently. */
export function all(
  convolve: Convolution,
  given: readonly Tensor[],
  window: Parameters<Convolution>[2],
  dy: Tensor,
) {
  const [x, kernel, bias, residual] = given;
  const y = convolve(x, { kernel, bias }, window, residual);
  const gradients = tf.grads((...[x, kernel, bias, residual]: Tensor[]) =>
    convolve(x, { kernel, bias }, window, residual),
  )([x, kernel, bias, residual], dy);
  return [y, ...gradients].map((tensor) => tensor.dataSync());
}

/** What `all` gives, by name. */
export const NAMES = ['y', 'dx', 'dkernel', 'dbias', 'dresidual'] as const;

/** TensorFlow's own ops. */
export const byTensorFlow: Convolution = (x, weights, window, residual) =>
  paddedConv(x, weights, window, residual, false);
