import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { define, one, T } from './define';

const reluOp = define(
  'PlainRelu',
  ({ x }) => one('Relu', [T], [x]),
  { inputs: [], outputs: [true] },
  ([dy], [y]) => ({ x: () => one('ReluGrad', [T], [dy, y]) }),
);

/** max(x, 0); tf.relu's own gradient uploads two constants of x's size at each call. */
export function relu(x: Tensor): Tensor {
  return reluOp({ x }) as Tensor;
}

/** The tanh form of GELU, as in the authors' patches. */
export function gelu(x: Tensor): Tensor {
  const cubic = tf.mul(tf.mul(tf.square(x), x), 0.044715);
  const inner = tf.mul(tf.add(x, cubic), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}
