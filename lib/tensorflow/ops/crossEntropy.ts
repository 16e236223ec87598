/** N rows, V vocabulary. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, tf } from '../native';
import { define, many, T } from './define';

const crossEntropyOp = define(
  'SparseCrossEntropy',
  ({ logits, labels }) =>
    many('SparseSoftmaxCrossEntropyWithLogits', [T, attribute.type('Tlabels', 'int32')], [logits, labels], 2),
  { inputs: [], outputs: [false, true] },
  ([dy], [slope]) => ({ logits: () => tf.mul(tf.expandDims(dy, 1), slope) }),
);

/** −log softmax(logits)[label] for each row: logits [N, V], labels [N] (int32) -> [N]. */
export function sparseCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  return (crossEntropyOp({ logits, labels }) as Tensor[])[0];
}
