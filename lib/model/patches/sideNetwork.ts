/** A small network beside the trunk. Letters: B batch, P positions, k channels of the trunk, d of the side, n blocks. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { described } from '../../base/choice';
import { tf } from '../../engine/native';
import { relu } from '../../engine/ops/activations';
import { pointwise } from '../../engine/ops/convolution';
import { normal, zeros } from '../../engine/weights';
import { architectureOf } from '../trunks/trunk';
import type { PatchForm } from './form';

/** Divides p before the sigmoid, so that the gate leaves the middle soon. */
const TEMPERATURE = 0.1;

type Rung = Readonly<Record<'down' | 'offset' | 'mixed' | 'bias' | 'gate', Tensor>>;
type Top = Readonly<Record<'up' | 'shift', Tensor>>;

/**
 * Ladder side-tuning (Sung et al. 2022) position by position, with d = k / ratio: s = D_0 h_0, then for each block
 * m = μ s + (1 − μ) D_i h_i with μ = σ(p_i / 0.1), s = m + ReLU(W_i m); the state is h_n + U s, where U starts at zero. The trunk's
 * states are computed once a user. Ours: h_n is added, and a block is one layer without a norm.
 */
export const sideNetwork: PatchForm<{ readonly ratio: number }> = {
  ...described({
    about: 'a small network beside the trunk, fed by the states of its blocks',
    choices: { ratio: z.number().positive() },
    cites:
      '@inproceedings{SideNetwork, author = {Sung, Yi-Lin and Cho, Jaemin and Bansal, Mohit}, title = {{LST}: Ladder Side-Tuning for Parameter and Memory Efficient Transfer Learning}, booktitle = {NeurIPS}, year = {2022}}',
    example: { ratio: 8 },
  }),
  fresh: ({ shape }, { ratio }, stream) => {
    const { channels: k } = shape;
    const d = Math.max(1, Math.floor(k / ratio));
    const square = (from: number, to: number) => normal([from, to], 1 / Math.sqrt(from), stream);
    const rung = () => ({
      down: square(k, d),
      offset: zeros([d]),
      mixed: square(d, d),
      bias: zeros([d]),
      gate: zeros([1]),
    });
    const blocks = Array.from({ length: architectureOf(shape).blocks(shape) }, () => ({ rung: rung() }));
    return [
      { start: { down: square(k, d), offset: zeros([d]) } },
      ...blocks,
      { top: { up: zeros([d, k]), shift: zeros([k]) } },
    ];
  },
  additions: () => ({}),
  aside: ([h, ...states], [{ start }, ...rest]) => {
    const { down, offset } = start as Rung;
    const s = states.reduce(
      (below, state, i) => {
        const own = rest[i].rung as Rung;
        const mu = tf.sigmoid(tf.div(own.gate, TEMPERATURE));
        const m = tf.add(tf.mul(mu, below), tf.mul(tf.sub(1, mu), pointwise(state, own.down, own.offset)));
        return tf.add(m, relu(pointwise(m, own.mixed, own.bias))); // [B, P, d]
      },
      pointwise(h, down, offset),
    );
    const { up, shift } = rest[states.length].top as Top;
    return pointwise(s, up, shift, states[states.length - 1]);
  },
};
