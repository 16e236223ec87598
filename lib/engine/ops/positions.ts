/** Positions of a sequence that a causal stack computes. B batch, T sequence length, C channels, w kernel width, d dilation. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, intAttributes, one, shapeOf } from './define';
import { useKernels } from './kernels';

/** The positions T − 1 − stride · i for i < count: an arithmetic progression that ends at the last one. */
export type Positions = { readonly stride: number; readonly count: number };

/** Where a layer reads and where it writes. */
export type Reach = { readonly inputs: Positions; readonly outputs: Positions };

export const LAST: Positions = { stride: 1, count: 1 };
export const allPositions = (T: number): Positions => ({ stride: 1, count: T });

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Rows of the input grid, existing or not, that a causal convolution reads: from its first tap to its last output. */
export function rowsRead({ stride, count }: Positions, w: number, d: number, grid: number): number {
  return (stride * (count - 1) + (w - 1) * d) / grid + 1;
}

/** The positions that a causal convolution reads for `outputs`, these among them, without the zeros before the sequence. */
export function inputsOf(outputs: Positions, w: number, d: number, T: number): Positions {
  const stride = outputs.count === 1 ? d : gcd(outputs.stride, d);
  const existing = Math.floor((T - 1) / stride) + 1;
  return { stride, count: Math.min(existing, rowsRead(outputs, w, d, stride)) };
}

/** Reads and writes of each layer of a causal stack whose last one gives `outputs`; first layer first. */
export function reaches(
  outputs: Positions,
  dilations: readonly number[],
  w: number,
  T: number,
): readonly Reach[] {
  const found: Reach[] = [];
  let wanted = outputs;
  for (const d of [...dilations].reverse()) {
    const inputs = inputsOf(wanted, w, d, T);
    found.unshift({ inputs, outputs: wanted });
    wanted = inputs;
  }
  return found;
}

/** Inputs from one output to the next; 1 for a single output. */
export const stepOf = ({ inputs, outputs }: Reach) =>
  outputs.count === 1 ? 1 : outputs.stride / inputs.stride;

const masks = { begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0 };
const sliceAttributes = ({ dtype }: { dtype: string }) => [
  attribute.type('T', dtype === 'int32' ? 'int32' : 'float32'),
  attribute.type('Index', 'int32'),
  ...intAttributes(masks),
];

/** Begin, end and stride of the positions first, first + step, … T − 1. */
function bounds([B, T, ...rest]: readonly number[], { first, step }: Record<string, number>): Tensor[] {
  const rows = [
    [0, first, ...rest.map(() => 0)],
    [B, T, ...rest],
    [1, step, ...rest.map(() => 1)],
  ];
  return rows.map((row) => tf.tensor1d(row, 'int32'));
}

const sliced = define(
  'SlicedPositions',
  ({ x }, attrs) => one('StridedSlice', sliceAttributes(x), [x, ...bounds(x.shape, attrs)]),
  { inputs: ['x'], outputs: [] },
  ([dy], [x], attrs) => ({
    x: () => {
      const shape = tf.tensor1d(x.shape, 'int32');
      return one('StridedSliceGrad', sliceAttributes(x), [shape, ...bounds(x.shape, attrs), dy]);
    },
  }),
);

const geometry = ({ first, step }: Record<string, number>, length: number) =>
  intAttributes({ first, step, length });

const copied = define(
  'CopiedPositions',
  ({ x }, attrs) => one('EveryNthPosition', geometry(attrs, attrs.count), [x]),
  { inputs: ['x'], outputs: [] },
  ([dy], [x], attrs) => ({ x: () => one('EveryNthPositionGrad', geometry(attrs, shapeOf(x)[1]), [dy]) }),
);

/** The last `count` positions that lie `step` apart and end at the last one: x [B, T, …] -> [B, count, …]. */
export function lastPositions(x: Tensor, step: number, count: number): Tensor {
  const T = shapeOf(x)[1];
  if (count === T) return x;
  const everyNth = useKernels() && x.dtype === 'float32' ? copied : sliced;
  return everyNth({ x }, { first: T - 1 - step * (count - 1), step, count }) as Tensor;
}

/** Rows of a layer's inputs at the positions of its outputs: x [B, inputs, …] -> [B, outputs, …]. */
export function atOutputs(x: Tensor, reach: Reach): Tensor {
  return lastPositions(x, stepOf(reach), reach.outputs.count);
}
