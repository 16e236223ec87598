/** The project's own kernels of a dilated convolution. Letters: as in window.ts. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute } from '../native';
import { define, many, one, shapeOf } from './define';
import type { ConvWeights, Window } from './window';

const geometry = ({ left, dilation, step }: Record<string, number>, length: number) => [
  attribute.int('left', left),
  attribute.int('dilation', dilation),
  attribute.int('step', step),
  attribute.int('length', length),
];

/** The gradients of kernel and bias come from one call. */
const conv = define(
  'DirectConv',
  ({ x, kernel, bias }, attrs) => one('DilatedConv', geometry(attrs, attrs.outputs), [x, kernel, bias]),
  { inputs: ['x', 'kernel'], outputs: [] },
  ([dy], [x, kernel], attrs) => {
    const ofWeights = (index: number) =>
      many('DilatedConvKernelGrad', geometry(attrs, shapeOf(kernel)[0]), [x, dy], 2)[index];
    return {
      x: () => one('DilatedConvInputGrad', geometry(attrs, shapeOf(x)[1]), [dy, kernel]),
      kernel: () => ofWeights(0),
      bias: () => ofWeights(1),
    };
  },
);

/** x [B, P, C] -> [B, O, D]. */
export function directConv(x: Tensor, { kernel, bias }: ConvWeights, window: Window): Tensor {
  return conv({ x, kernel, bias }, window) as Tensor;
}
