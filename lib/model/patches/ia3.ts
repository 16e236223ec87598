/** Gains. Letters: k and d channels in and out of a kernel. */
import { tf } from '../../engine/native';
import { ones } from '../../engine/weights';
import { kernelForm } from './form';

/**
 * (IA)³ (Liu et al. 2022): a gain, from ones, of keys, values and what the feed-forward net's second matrix reads, and of each product
 * of other trunks.
 */
export const ia3 = kernelForm<object>({
  sites: ({ gains }) => Object.keys(gains),
  fresh: ({ shape }, _choices, _stream, { name, of }) => {
    const [k, d] = shape.slice(-2);
    return { gain: ones([of.gains[name] === 'read' ? k : d]) };
  },
  merged: ({ kernel, bias }, { gain }, _choices, { name, of }) =>
    of.gains[name] === 'read'
      ? { kernel: tf.mul(kernel, tf.expandDims(gain, 1)), bias }
      : { kernel: tf.mul(kernel, gain), bias: tf.mul(bias, gain) },
});
