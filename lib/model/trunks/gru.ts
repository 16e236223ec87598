/** Gated recurrent units along a user's items. Letters: B batch, T length, k channels. `L` is the leaf of a weight tree. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { described } from '../../base/choice';
import { pointwise } from '../../engine/ops/convolution';
import { allPositions } from '../../engine/ops/positions';
import { gru as recurrence } from '../../engine/ops/recurrence';
import type { BodyWeights, Linear, Trunk } from './architecture';

/** Matrices [k, 3 k] with biases [3 k], reset, update and candidate: of the items, and of the state before. */
type Weights<L> = { readonly input: Linear<L>; readonly recurrent: Linear<L> };

/**
 * One layer of gated recurrent units (Cho et al. 2014), the trunk of GRU4Rec (Hidasi et al. 2016) without its dense layers: h_t is the
 * state after item t. It has no layer norm.
 */
export const gru: Trunk = {
  direction: 'causal',
  ...described({
    about: 'gated recurrent units, no layer norm',
    cites: [
      String.raw`@inproceedings{GRU4Rec, author = {Hidasi, Bal{\'a}zs and Karatzoglou, Alexandros and Baltrunas, Linas and Tikk, Domonkos}, title = {Session-based Recommendations with Recurrent Neural Networks}, booktitle = {ICLR}, year = {2016}}`,
    ],
    example: {},
  }),
  sizes: {},
  blocks: () => 1,
  norms: 'none',
  sites: ['input', 'recurrent'],
  ends: ['recurrent'],
  fresh: ({ channels: k }, { normal, zeros }) => {
    const linear = () => ({ kernel: normal([k, 3 * k]), bias: zeros([3 * k]) });
    return { input: linear(), recurrent: linear() };
  },
  layers: <L>(parts: BodyWeights<L>) => {
    const { input, recurrent } = parts as Weights<L>;
    return [{ all: [input, recurrent], biases: [input.bias, recurrent.bias], norms: [] }];
  },
  kernels: <L>(parts: BodyWeights<L>) => [parts as Weights<L>],
  reads: (_shape, _i, _wanted, T) => allPositions(T),
  through: (parts, _shape, { graft, real, zeroPadding, length }, z, [from, to]) => {
    if (from === to) return z;
    const { input, recurrent } = parts as Weights<Tensor>;
    const products = (kernel: Tensor, bias?: Tensor) => pointwise(z, kernel, bias);
    const same = (y: Tensor) => y;
    const common = { block: 0, z, plus: same, finish: same };
    const psi = products(input.kernel, input.bias); // [B, T, 3 k]
    const x = graft?.({ ...common, ...input, name: 'input', isLinear: true, psi, product: products }) ?? psi;
    const states = (kernel: Tensor, bias: Tensor = recurrent.bias) =>
      recurrence({ x, recurrent: kernel, bias, real }); // [B, T, k]
    const h = states(recurrent.kernel);
    const end = {
      ...common,
      ...recurrent,
      name: 'recurrent',
      isLinear: false,
      psi: h,
      product: states,
    };
    return zeroPadding(graft?.(end) ?? h, allPositions(length));
  },
};
