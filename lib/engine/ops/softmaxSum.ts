/** N rows, k channels, V columns: of a whole vocabulary, or of a sample of it. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, once, tf } from '../native';
import { absent, define, many, pick, T } from './define';
import { useKernels } from './kernels';

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

/** Logits are h tableᵀ + offset. */
export type Logits = {
  /** [N, k], [V, k] and [V] */
  readonly h: Tensor;
  readonly table: Tensor;
  readonly offset: Tensor;
  /** [N] (int32), rows of the table; of a sample, what `candidates` name */
  readonly labels: Tensor;
  /** [N] */
  readonly weights: Tensor;
};

/** The logit of each row's own label [N], and the items of the columns [V] (int32): the label's own column is left out. */
export type Against = { readonly own: Tensor; readonly candidates: Tensor };

/** Most numbers of slopes that the kernel keeps beside its result, or those of one thread: kernels/softmax/rows.inc. */
export const MOST_SLOPES = 2 ** 28;

const INPUTS = ['h', 'table', 'offset', 'labels', 'weights', 'own', 'candidates'];
const SLOPES = ['h', 'table', 'offset', 'own'];
const fused = define(
  'FusedSoftmaxLoss',
  (given) => many('SoftmaxLoss', [], pick(given, INPUTS), 1 + SLOPES.length),
  { inputs: [], outputs: [false, ...SLOPES.map(() => true)] },
  ([dy], saved) => Object.fromEntries(SLOPES.map((name, i) => [name, () => tf.mul(dy, saved[i])])),
);
const whole = once((): Against => ({ own: absent(), candidates: tf.keep(tf.tensor1d([], 'int32')) }));

/** Added to the logit of a candidate that is the row's label, which leaves it out of the softmax. */
const ACCIDENTAL_HIT = -1e30;

function composed({ h, table, offset, labels, weights }: Logits, against?: Against): Scalar {
  const all = tf.add(tf.matMul(h as tf.Tensor2D, table as tf.Tensor2D, false, true), offset); // [N, V]
  if (!against) return tf.sum(tf.mul(sparseCrossEntropy(all, labels), weights));
  const hits = tf.equal(tf.expandDims(labels, 1), against.candidates); // [N, V]
  const others = tf.add(all, tf.mul(tf.cast(hits, 'float32'), ACCIDENTAL_HIT));
  const logits = tf.concat([tf.expandDims(against.own, 1), others], 1); // [N, 1 + V]
  return tf.sum(tf.mul(sparseCrossEntropy(logits, tf.zeros([labels.size], 'int32')), weights));
}

/** Σ weight · −log softmax[label] over the rows, against all columns or, with `against`, against a sample of them. */
export function softmaxSum(logits: Logits, against?: Against): Scalar {
  if (!useKernels()) return composed(logits, against);
  return (fused({ ...logits, ...(against ?? whole()) }) as Tensor[])[0] as Scalar;
}
