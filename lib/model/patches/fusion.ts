/** Patches of several tasks, fused. Letters: B batch, T length, N tasks, k channels. `L` is the leaf of a weight tree. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { described } from '../../base/choice';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { pointwise } from '../../engine/ops/convolution';
import { normal, type Weight, zeros } from '../../engine/weights';
import { atEnds, EXAMPLE, type Insertion, patchOf, places } from './bottleneck';
import type { BlockPatches, PatchForm } from './form';

/** The form of the patches that are fused. */
export type Fusion = { readonly base: Insertion };

function identity(k: number): Weight {
  const weight = zeros([k, k]);
  for (let i = 0; i < k; i++) weight.values[i * (k + 1)] = 1;
  return weight;
}

/** Fresh weights of a site: the query is drawn from what patches read, keys and values from what they give. */
function freshFusion(k: number, stream: Random) {
  const linear = () => ({ weight: normal([k, k], 1 / Math.sqrt(k), stream), bias: zeros([k]) });
  return { query: linear(), key: linear(), value: { weight: identity(k) } };
}

type Weights = {
  readonly [part in 'query' | 'key']: { readonly weight: Tensor; readonly bias: Tensor };
} & { readonly value: { readonly weight: Tensor } };

/** Σ_j softmax_j(q(x) · k(P_j(x))) V P_j(x): x [B, T, k] -> [B, T, k]. */
function fused(x: Tensor, each: readonly Tensor[], { query, key, value }: Weights): Tensor {
  const q = pointwise(x, query.weight, query.bias);
  const scores = each.map((P) => tf.sum(tf.mul(q, pointwise(P, key.weight, key.bias)), 2)); // [B, T] each
  const weights = tf.unstack(tf.softmax(tf.stack(scores, 2)), 2); // N of [B, T]
  const sum = each.map((P, j) => tf.mul(P, tf.expandDims(weights[j], 2))).reduce((a, b) => tf.add(a, b));
  return pointwise(sum, value.weight);
}

/**
 * AdapterFusion (Pfeiffer et al. 2021): in place of one patch, attention over the frozen patches of N tasks.
 * With V = I at the start it gives a weighted mean of theirs. Ours: nothing holds V near I later.
 */
export const fusion: PatchForm<Fusion> = {
  ...described({
    about: 'attention over the patches of several tasks, which stay as they are',
    choices: {},
    cites: String.raw`@inproceedings{Fusion, author = {Pfeiffer, Jonas and Kamath, Aishwarya and R{\"u}ckl{\'e}, Andreas and Cho, Kyunghyun and Gurevych, Iryna}, title = {{AdapterFusion}: Non-Destructive Task Composition for Transfer Learning}, booktitle = {EACL}, year = {2021}, doi = {10.18653/v1/2021.eacl-main.39}}`,
    example: { base: EXAMPLE },
  }),
  fuses: true,
  fresh: ({ shape }, { base: { perBlock } }, stream) =>
    atEnds(shape, perBlock, () => freshFusion(shape.channels, stream)),
  additions: (patches, { base }, _shape, others) => ({
    graft: (site) => {
      const own = patches[site.block][site.name] as Weights | undefined;
      if (!own) return undefined;
      const tasks = others as readonly (readonly BlockPatches<Tensor>[])[];
      const of = tasks.map((task) => patchOf(task[site.block][site.name], base));
      const each = (x: Tensor) => of.map((patch) => patch(x));
      const P = (x: Tensor) => fused(x, each(x), own);
      return places[base.place]({ ...site, P });
    },
  }),
};
