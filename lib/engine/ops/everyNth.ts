/** B batch, T sequence length, C channels. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, intAttributes, one, shapeOf } from './define';
import { useKernels } from './kernels';
import { type Reach, stepOf } from './positions';

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
  ([dy], [x], attrs) => ({
    x: () => one('EveryNthPositionGrad', geometry(attrs, shapeOf(x)[1]), [dy]),
  }),
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
