/** A dilated convolution by TensorFlow's own kernels. Letters: as in convolution.ts. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, once, tf } from '../native';
import { define, one, shapeOf, T } from './define';
import { lastPositions } from './positions';

/** Kernel [w, C, D] and bias [D]. */
export type ConvWeights = { readonly kernel: Tensor; readonly bias: Tensor };

/** Output o reads the inputs o step + j dilation − left for j < w; those outside of the rows are zero. */
export type Window = {
  readonly left: number;
  readonly dilation: number;
  readonly step: number;
  /** O */
  readonly outputs: number;
};

/** x [B, P, C] -> [B, O, D], plus the residual [B, O, D] if there is one. */
export type Convolution = (x: Tensor, weights: ConvWeights, window: Window, residual?: Tensor) => Tensor;

const attributes = ({ step, dilation }: Record<string, number>) => [
  T,
  attribute.int('strides', [1, step, step, 1]),
  attribute.text('padding', 'VALID'),
  attribute.text('data_format', 'NHWC'),
  attribute.int('dilations', [1, 1, dilation, 1]),
];

/** x [B, 1, R, C], kernel [1, w, C, D] -> [B, 1, ⌊(R − 1 − (w − 1) dilation) / step⌋ + 1, D]. */
const validConv = define(
  'ValidConv',
  ({ x, kernel }, attrs) => one('Conv2D', attributes(attrs), [x, kernel]),
  { inputs: ['x', 'kernel'], outputs: [] },
  ([dy], [x, kernel], attrs) => {
    const size = (of: Tensor) => tf.tensor1d(of.shape, 'int32');
    return {
      x: () => one('Conv2DBackpropInput', attributes(attrs), [size(x), kernel, dy]),
      kernel: () => one('Conv2DBackpropFilter', attributes(attrs), [x, size(kernel), dy]),
    };
  },
);

/** The sum over taps of rows times matrix, where TensorFlow has no gradient of a dilated Conv2D. */
function shiftedProducts(rows: Tensor, kernel: Tensor, dilation: number): Tensor {
  const [B, R, C] = shapeOf(rows);
  const [w, , D] = shapeOf(kernel);
  const computed = R - (w - 1) * dilation;
  const products = Array.from({ length: w }, (_, j) => {
    const read = tf.slice(rows, [0, j * dilation, 0], [B, computed, C]);
    const matrix = tf.reshape(tf.slice(kernel, [j, 0, 0], [1, C, D]), [C, D]);
    return tf.matMul(tf.reshape(read, [B * computed, C]) as tf.Tensor2D, matrix as tf.Tensor2D);
  });
  return tf.reshape(
    products.reduce((sum, product) => tf.add(sum, product)),
    [B, computed, D],
  );
}

/** On the CPU a dilated Conv2D has gradients only with oneDNN. */
export const haveDilatedGradients = once(() =>
  tf.tidy(() => {
    const inputs = [tf.tensor1d([1, 1, 3, 1], 'int32'), tf.ones([1, 2, 1, 1]), tf.ones([1, 1, 1, 1])];
    try {
      return Boolean(one('Conv2DBackpropInput', attributes({ step: 1, dilation: 2 }), inputs));
    } catch {
      return false;
    }
  }),
);

/** x [B, P, C] -> [B, O, D], plus the residual; by Conv2D, or by shifted products without gradients of it. */
export function paddedConv(
  x: Tensor,
  { kernel, bias }: ConvWeights,
  { left, dilation, step, outputs }: Window,
  residual?: Tensor,
  withGradients = haveDilatedGradients(),
): Tensor {
  const [B, P, C] = shapeOf(x);
  const [w, , D] = shapeOf(kernel);
  const read = (outputs - 1) * step + (w - 1) * dilation + 1 - left; // the inputs from the first to the last one read
  const given = read < P ? tf.slice(x, [0, 0, 0], [B, read, C]) : x;
  const right = Math.max(0, read - P);
  const padding = [0, 1, 2].map((axis): [number, number] => (axis === 1 ? [left, right] : [0, 0]));
  const rows = left + right === 0 ? given : tf.pad(given, padding); // [B, R, C]
  const R = rows.shape[1] as number;
  // Conv2D takes a stride or a dilation, not both: then all positions are computed.
  const stride = withGradients && dilation === 1 ? step : 1;
  const computed = withGradients
    ? (validConv(
        { x: tf.reshape(rows, [B, 1, R, C]), kernel: tf.reshape(kernel, [1, w, C, D]) },
        { step: stride, dilation },
      ) as Tensor)
    : shiftedProducts(rows, kernel, dilation);
  const count = Math.floor((R - 1 - (w - 1) * dilation) / stride) + 1;
  const y = lastPositions(tf.reshape(computed, [B, count, D]), step / stride, outputs);
  const sum = tf.add(y, bias); // [B, O, D]
  return residual ? tf.add(sum, residual) : sum;
}
