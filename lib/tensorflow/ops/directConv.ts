/** The project's own kernels of a dilated convolution. Letters: as in window.ts. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, many, one, shapeOf } from './define';
import { precisionNow } from './kernels';
import type { ConvWeights, Window } from './window';

const geometry = ({ left, dilation, step, bf16 }: Record<string, number>, length: number) => [
  attribute.int('left', left),
  attribute.int('dilation', dilation),
  attribute.int('step', step),
  attribute.int('length', length),
  attribute.int('bf16', bf16),
];

/** The op with and without a residual sum; the gradients of kernel and bias come from one call. */
const direct = (op: 'DilatedConv' | 'DilatedConvSum', inputs: readonly string[]) =>
  define(
    `Direct${op}`,
    (given, attrs) =>
      one(
        op,
        geometry(attrs, attrs.outputs),
        inputs.map((name) => given[name]),
      ),
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

/** x [B, P, C] -> [B, O, D], plus the residual [B, O, D] if there is one. */
export function directConv(
  x: Tensor,
  { kernel, bias }: ConvWeights,
  window: Window,
  residual?: Tensor,
): Tensor {
  const inputs = { x, kernel, bias };
  const attrs = { ...window, bf16: precisionNow() === 'bf16' ? 1 : 0 };
  return (residual ? convSum({ ...inputs, residual }, attrs) : conv(inputs, attrs)) as Tensor;
}
