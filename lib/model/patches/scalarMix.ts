/** Gates of what the classifier reads. Letters: B batch, P positions, k channels, n blocks. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { described } from '../../base/choice';
import { tf } from '../../engine/native';
import { zeros } from '../../engine/weights';
import { blockCount } from '../trunks/trunk';
import type { PatchForm } from './form';

/**
 * A scalar mix of layers (Peters et al. 2018) position by position: h_n + Σ g_i h_i over the embeddings h_0 and the states below the
 * last block's, the gates from zeros. Read as a mean, it is the mix of each one's mean. Ours: the last gate is 1, there is no softmax.
 */
export const scalarMix: PatchForm<object> = {
  ...described({
    about: 'a gate for the embeddings and the states of each block below the last',
    choices: {},
    cites:
      '@inproceedings{ScalarMix, author = {Peters, Matthew E. and Neumann, Mark and Iyyer, Mohit and Gardner, Matt and Clark, Christopher and Lee, Kenton and Zettlemoyer, Luke}, title = {Deep Contextualized Word Representations}, booktitle = {NAACL}, year = {2018}, doi = {10.18653/v1/N18-1202}}',
    example: {},
  }),
  fresh: ({ shape }) => [{ mix: { gates: zeros([blockCount(shape)]) } }],
  additions: () => ({}),
  aside: (ladder, [{ mix }]) => {
    const n = (mix.gates as Tensor).shape[0];
    const gateOf = (i: number) => tf.slice(mix.gates as Tensor, i, 1); // [1]
    return ladder.slice(0, n).reduce<Tensor>(
      (sum, state, i) => tf.add(sum, tf.mul(gateOf(i), state)),
      ladder[n], // [B, P, k]
    );
  },
};
