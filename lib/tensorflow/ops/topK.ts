/** N rows, V columns. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, many, T } from './define';

const topKOp = define(
  'TopKRows',
  ({ x }, { k }) => {
    const attrs = [
      attribute.flag('sorted', true),
      T,
      attribute.type('Tk', 'int32'),
      attribute.type('index_type', 'int32'),
    ];
    return many('TopKV2', attrs, [x, tf.scalar(k, 'int32')], 2);
  },
  { inputs: [], outputs: [] },
  () => ({}),
);

/** The k largest of each row, largest first, of equal ones the one further left: x [N, V] -> [N, k] twice. No gradient. */
export function topK(x: Tensor, k: number): { values: Tensor; indices: Tensor } {
  const [values, indices] = topKOp({ x }, { k }) as Tensor[];
  return { values, indices };
}
