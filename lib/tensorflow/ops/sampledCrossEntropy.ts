/** N rows, S candidates. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { sparseCrossEntropy } from './crossEntropy';
import { define, many, shapeOf } from './define';
import { useKernels } from './kernels';

/** Logits of a row's own label [N], of the candidates less their offset [N, S], the offsets [S], and which they are. */
export type SampledLogits = {
  readonly own: Tensor;
  readonly dots: Tensor;
  readonly offset: Tensor;
  /** [N] and [S] (int32) */
  readonly labels: Tensor;
  readonly candidates: Tensor;
};

const fused = define(
  'FusedSampledCrossEntropy',
  ({ dots, own, offset, labels, candidates }) =>
    many('SampledSoftmax', [], [dots, own, offset, labels, candidates], 3),
  { inputs: [], outputs: [false, true, true] },
  ([dy], [slopes, ownSlopes]) => {
    const sums = () => tf.matMul(tf.reshape(dy, [1, dy.size]) as tf.Tensor2D, slopes as tf.Tensor2D); // [1, S]
    return {
      dots: () => tf.mul(tf.expandDims(dy, 1), slopes),
      own: () => tf.mul(dy, ownSlopes),
      offset: () => tf.reshape(sums(), [shapeOf(slopes)[1]]),
    };
  },
);

/** Added to the logit of a candidate that is the row's label: it takes no part in the softmax. */
const ACCIDENTAL_HIT = -1e30;

function composed({ own, dots, offset, labels, candidates }: SampledLogits): Tensor {
  const hits = tf.equal(tf.expandDims(labels, 1), candidates); // [N, S]
  const others = tf.add(tf.add(dots, offset), tf.mul(tf.cast(hits, 'float32'), ACCIDENTAL_HIT));
  const logits = tf.concat([tf.expandDims(own, 1), others], 1); // [N, 1 + S]
  return sparseCrossEntropy(logits, tf.zeros([labels.size], 'int32'));
}

/** −log softmax of the own logit among itself and the candidates that are not the row's label: -> [N]. */
export function sampledCrossEntropy(logits: SampledLogits, withKernel = useKernels()): Tensor {
  return withKernel ? (fused({ ...logits }) as Tensor[])[0] : composed(logits);
}
