/** B batch, T length, k channels. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { define, many, pick, shapeOf } from './define';
import { useKernels } from './kernels';

/** Products of the inputs [B, T, 3 k] with their bias, U [k, 3 k] and its bias [3 k], and real positions [B, T]; gates in the order r, z, n. */
type Recurrence = Readonly<Record<'x' | 'recurrent' | 'bias' | 'real', Tensor>>;

const GIVEN = ['x', 'recurrent', 'bias', 'real'];
const SLOPES = ['x', 'recurrent', 'bias'];
const fused = define(
  'FusedGru',
  (given) => many('Gru', [], pick(given, GIVEN), 2),
  { inputs: GIVEN, outputs: [true, true] },
  ([dy], saved) =>
    Object.fromEntries(SLOPES.map((name, i) => [name, () => many('GruGrads', [], [dy, ...saved], 3)[i]])),
);

/** Computes the states position by position. */
function unrolled({ x, recurrent, bias, real }: Recurrence): Tensor {
  const [B, T, wide] = shapeOf(x);
  const k = wide / 3;
  const gates = (of: Tensor) => tf.split(of, 3, 1);
  const states: Tensor[] = [];
  let h: Tensor = tf.zeros([B, k]);
  for (let t = 0; t < T; t++) {
    const [xr, xz, xn] = gates(tf.reshape(tf.slice(x, [0, t, 0], [B, 1, wide]), [B, wide]));
    const [hr, hz, hn] = gates(tf.add(tf.matMul(h as tf.Tensor2D, recurrent as tf.Tensor2D), bias));
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
    const next = tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h));
    h = tf.mul(next, tf.slice(real, [0, t], [B, 1]));
    states.push(h);
  }
  return tf.stack(states, 1);
}

/**
 * States of gated recurrent units (Cho et al. 2014, as cuDNN has them): h_t = (1 − z) n + z h_{t−1} with r = σ(x_r + h U_r + c_r),
 * z = σ(x_z + h U_z + c_z) and n = tanh(x_n + r (h U_n + c_n)) -> [B, T, k]; zeros before the first position and at padding.
 */
export const gru = (given: Recurrence): Tensor =>
  useKernels() ? (fused({ ...given }) as Tensor[])[0] : unrolled(given);
