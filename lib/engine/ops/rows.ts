/** B batch, V rows of a table. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, one, T } from './define';

const indices = attribute.type('Tindices', 'int32');

const gatherOp = define(
  'GatherRows',
  ({ table, ids }) => {
    const types = [attribute.type('Tparams'), indices, attribute.type('Taxis', 'int32')];
    return one('GatherV2', [attribute.int('batch_dims', 0), ...types], [table, ids, tf.scalar(0, 'int32')]);
  },
  { inputs: ['table', 'ids'], outputs: [] },
  ([dy], [table, ids]) => ({
    table: () => {
      const attrs = [T, indices, attribute.type('Tnumsegments', 'int32')];
      return one('UnsortedSegmentSum', attrs, [dy, ids, tf.scalar(table.shape[0], 'int32')]);
    },
  }),
);

/** Rows of a table: table [V, …], ids [B, …] (int32) -> [B, …, …]. A repeated id sums its gradients. */
export function gatherRows(table: Tensor, ids: Tensor): Tensor {
  return gatherOp({ table, ids }) as Tensor;
}
