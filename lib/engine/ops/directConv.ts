/**
 * The project's own kernels of a dilated convolution.
 * B batch, P rows given and O rows asked for of a sequence, C and D channels, w kernel width.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { define, intAttributes, many, one, pick, shapeOf } from './define';
import { precisionNow } from './kernels';

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

const geometry = ({ left, dilation, step, bf16 }: Record<string, number>, length: number) =>
  intAttributes({ left, dilation, step, length, bf16 });

/** The op with and without a residual sum; the gradients of kernel and bias come from one call. */
const direct = (op: 'DilatedConv' | 'DilatedConvSum', inputs: readonly string[]) =>
  define(
    `Direct${op}`,
    (given, attrs) => one(op, geometry(attrs, attrs.outputs), pick(given, inputs)),
    { inputs: ['x', 'kernel'], outputs: [] },
    ([dy], [x, kernel], attrs) => {
      const ofWeights = (index: number) =>
        many('DilatedConvKernelGrad', geometry(attrs, shapeOf(kernel)[0]), [x, dy], 2)[index];
      return {
        x: () => one('DilatedConvInputGrad', geometry(attrs, shapeOf(x)[1]), [dy, kernel]),
        kernel: () => ofWeights(0),
        bias: () => ofWeights(1),
        residual: () => tf.clone(dy),
      };
    },
  );
const conv = direct('DilatedConv', ['x', 'kernel', 'bias']);
const convSum = direct('DilatedConvSum', ['x', 'kernel', 'bias', 'residual']);

export const directConv: Convolution = (x, { kernel, bias }, window, residual) => {
  const inputs = { x, kernel, bias };
  const attrs = { ...window, bf16: precisionNow() === 'bf16' ? 1 : 0 };
  return (residual ? convSum({ ...inputs, residual }, attrs) : conv(inputs, attrs)) as Tensor;
};
