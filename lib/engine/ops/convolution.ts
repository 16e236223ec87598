/** B batch, T sequence length, P rows given and O rows asked for of a sequence, C and D channels, w kernel width. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { absent, define, intAttributes, many, nothingAdded, one, pick, shapeOf } from './define';
import { precisionNow, useKernels } from './kernels';
import { type Convolution, type ConvWeights, paddedConv } from './paddedConv';
import { allPositions, type Reach, rowsRead, stepOf } from './positions';

const geometry = ({ left, dilation, step, bf16 }: Record<string, number>, length: number) =>
  intAttributes({ left, dilation, step, length, bf16 });

/** By the project's own kernels; the gradients of kernel and bias come from one call. */
const direct = define(
  'DirectConv',
  (given, attrs) =>
    one('DilatedConv', geometry(attrs, attrs.outputs), pick(given, ['x', 'kernel', 'bias', 'residual'])),
  { inputs: ['x', 'kernel'], outputs: [] },
  ([dy], [x, kernel], attrs) => {
    const [ofInput, ofWeights] = [shapeOf(x)[1], shapeOf(kernel)[0]].map((size) => geometry(attrs, size));
    return {
      x: () => one('DilatedConvInputGrad', ofInput, [dy, kernel, nothingAdded()]),
      kernel: () => many('DilatedConvKernelGrad', ofWeights, [x, dy], 2)[0],
      bias: () => many('DilatedConvKernelGrad', ofWeights, [x, dy], 2)[1],
      residual: () => tf.clone(dy),
    };
  },
);

export const directConv: Convolution = (x, { kernel, bias }, window, residual = absent()) =>
  direct({ x, kernel, bias, residual }, { ...window, bf16: precisionNow() === 'bf16' ? 1 : 0 }) as Tensor;

/** Sight of a convolution: the past, or both sides. */
export type Direction = 'causal' | 'non-causal';

const convolution: Convolution = (...given) => (useKernels() ? directConv : paddedConv)(...given);

/**
 * Dilated 1-D convolution with bias: x [B, T, C] -> [B, T, D]; a causal one with `reach` [B, inputs, C] -> [B, outputs, D].
 * Causal has all (w − 1) dilation zeros on the left; non-causal half of them (rounded down) on the left and the rest on the right.
 */
export function dilatedConv(
  x: Tensor,
  weights: ConvWeights,
  dilation: number,
  direction: Direction,
  reach: Reach = { inputs: allPositions(x.shape[1] as number), outputs: allPositions(x.shape[1] as number) },
): Tensor {
  const { stride } = reach.inputs;
  const missing = rowsRead(reach.outputs, shapeOf(weights.kernel)[0], dilation, stride) - shapeOf(x)[1];
  return convolution(x, weights, {
    left: direction === 'causal' ? missing : Math.floor(missing / 2),
    dilation: dilation / stride,
    step: stepOf(reach),
    outputs: reach.outputs.count,
  });
}

/** 1x1 convolution with bias, plus the residual: x [B, T, C], weight [C, D], bias [D], residual [B, T, D] -> [B, T, D]. */
export function pointwise(
  x: Tensor,
  weight: Tensor,
  bias: Tensor = tf.zeros([shapeOf(weight)[1]]),
  residual?: Tensor,
): Tensor {
  const [C, D] = shapeOf(weight);
  const window = { left: 0, dilation: 1, step: 1, outputs: shapeOf(x)[1] };
  return convolution(x, { kernel: tf.reshape(weight, [1, C, D]), bias }, window, residual);
}
