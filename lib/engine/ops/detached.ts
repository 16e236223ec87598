import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tf } from '../native';
import { define, one, T } from './define';

const identity = define(
  'Detached',
  ({ x }) => one('Identity', [T], [x]),
  { inputs: [], outputs: [true] },
  (_dys, [y]) => ({ x: () => tf.zerosLike(y) }),
);

/** x, which to gradients is a constant. */
export const detached = (x: Tensor): Tensor => identity({ x }) as Tensor;
