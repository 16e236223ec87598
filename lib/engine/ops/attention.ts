/** B batch, T keys, Q queries, H heads, k channels, d channels of a head. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { define, intAttributes, many, pick, shapeOf } from './define';
import { useKernels } from './kernels';

/** Operands: queries [B, Q, k], which stand at the last Q positions, keys and values [B, T, k], and real positions [B, T]. */
type Attending = Readonly<Record<'q' | 'key' | 'value' | 'real', Tensor>>;

/** `causal`: a query sees its own position and those before it. */
type Heads = { readonly heads: number; readonly causal: boolean };

const SLOPES = ['q', 'key', 'value'];
const fused = define(
  'FusedAttention',
  (given, attrs) => many('Attention', intAttributes(attrs), pick(given, [...SLOPES, 'real']), 2),
  { inputs: [...SLOPES, 'real'], outputs: [true, true] },
  ([dy], saved, attrs) =>
    Object.fromEntries(
      SLOPES.map((name, i) => [
        name,
        () => many('AttentionGrads', intAttributes(attrs), [dy, ...saved], 3)[i],
      ]),
    ),
);

/** Added to the score of a key that is not seen. */
const HIDDEN = -1e30;

/** 1 where a query sees a key: [B, 1, Q, T]. */
function seen(real: Tensor, Q: number, causal: boolean): Tensor {
  const [B, T] = shapeOf(real);
  const keys = tf.reshape(real, [B, 1, 1, T]);
  if (!causal) return tf.mul(keys, tf.ones([1, 1, Q, 1]));
  const before = Float32Array.from({ length: Q * T }, (_, n) => (n % T <= T - Q + Math.floor(n / T) ? 1 : 0));
  return tf.mul(keys, tf.tensor4d(before, [1, 1, Q, T]));
}

function composed({ q, key, value, real }: Attending, { heads: H, causal }: Heads): Tensor {
  const [B, Q, k] = shapeOf(q);
  const T = shapeOf(key)[1];
  const split = (x: Tensor, rows: number) => tf.transpose(tf.reshape(x, [B, rows, H, k / H]), [0, 2, 1, 3]); // [B, H, rows, d]
  const sees = seen(real, Q, causal);
  const scores = tf.mul(tf.matMul(split(q, Q), split(key, T), false, true), Math.sqrt(H / k)); // [B, H, Q, T]
  const weights = tf.mul(tf.softmax(tf.add(scores, tf.mul(tf.sub(1, sees), HIDDEN))), sees);
  const heads = tf.matMul(weights, split(value, T)); // [B, H, Q, d]
  return tf.reshape(tf.transpose(heads, [0, 2, 1, 3]), [B, Q, k]);
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017): Σ_j softmax(q · key_j / √d) value_j over the real positions j that a query
 * sees -> [B, Q, k]; zeros for a query that sees none. Throws an Error unless k is a multiple of the heads.
 */
export function attention(given: Attending, { heads, causal }: Heads): Tensor {
  const [, , k] = shapeOf(given.q);
  if (k % heads !== 0) throw new Error(`${k} channels do not divide into ${heads} heads`);
  if (!useKernels()) return composed(given, { heads, causal });
  return (fused({ ...given }, { heads, causal: causal ? 1 : 0 }) as Tensor[])[0];
}
