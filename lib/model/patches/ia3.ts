/** Gains. Letters: k and d channels in and out of a kernel. */
import { described } from '../../base/choice';
import { tf } from '../../engine/native';
import { ones } from '../../engine/weights';
import type { Architecture } from '../trunks/architecture';
import { kernelForm, type PatchForm } from './form';

/** Whether the gain of a site scales what its kernel reads, not what it gives. */
const scalesRead = ({ roles }: Architecture, site: string) => roles?.[site] === 'last of feed-forward';

/**
 * (IA)³ (Liu et al. 2022): a gain, from ones, of keys, values and what the feed-forward net's second matrix reads, and of each product
 * of other trunks.
 */
export const ia3: PatchForm<object> = {
  ...described({
    about: 'a gain of each channel of a product',
    choices: {},
    cites:
      '@inproceedings{IA3, author = {Liu, Haokun and Tam, Derek and Muqeeth, Mohammed and Mohta, Jay and Huang, Tenghao and Bansal, Mohit and Raffel, Colin}, title = {Few-Shot Parameter-Efficient Fine-Tuning is Better and Cheaper than In-Context Learning}, booktitle = {NeurIPS}, year = {2022}}',
    example: {},
  }),
  ...kernelForm<object>({
    sites: ({ sites, roles = {} }) => {
      const chosen = Object.keys(roles);
      return chosen.length > 0 ? chosen : sites;
    },
    fresh: ({ shape }, _choices, _stream, { name, of }) => {
      const [k, d] = shape.slice(-2);
      return { gain: ones([scalesRead(of, name) ? k : d]) };
    },
    merged: ({ kernel, bias }, { gain }, _choices, { name, of }) =>
      scalesRead(of, name)
        ? { kernel: tf.mul(kernel, tf.expandDims(gain, 1)), bias }
        : { kernel: tf.mul(kernel, gain), bias: tf.mul(bias, gain) },
  }),
};
