/** Where the patches of a block go (Fig. 3 b–e). Letters: B batch, T length, k channels, d bottleneck. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../random';
import { tf } from '../tensorflow/native';
import { relu } from '../tensorflow/ops/activations';
import type { Weight } from '../tensorflow/weights';
import { type Activation, freshPatch, type PatchStart, type PatchWeights, type Shortcut } from './patch';

/** The patches of one block, by layer; (b) and its like have the second only. */
export type BlockPatches<L> = { readonly first?: PatchWeights<L>; readonly second?: PatchWeights<L> };

/**
 * One layer of a block: what it sees (z), its convolution ψ(z), its layer norm, and its patch; all [B, T, k] at the
 * positions that the layer gives. What the layer is added to, if anything, is added by `plus` and by `normRelu`.
 */
export type Site = {
  readonly z: Tensor;
  readonly psi: Tensor;
  /** LN(x) */
  readonly norm: (x: Tensor) => Tensor;
  /** σ(LN(x)), plus the residual */
  readonly normRelu: (x: Tensor) => Tensor;
  readonly P: (x: Tensor) => Tensor;
  /** x, plus the residual */
  readonly plus: (x: Tensor) => Tensor;
};

const places = {
  /** (b), (c): σ(LN(P(ψ(z)))) */
  serial: ({ psi, normRelu, P }: Site) => normRelu(P(psi)),
  /** σ(P(LN(ψ(z)))) */
  'serial after norm': ({ psi, norm, P, plus }: Site) => plus(relu(P(norm(psi)))),
  /** (d): σ(LN(ψ(z) + P(z))) */
  parallel: ({ z, psi, normRelu, P }: Site) => normRelu(tf.add(psi, P(z))),
  /** σ(LN(ψ(z)) + P(z)) */
  'parallel after norm': ({ z, psi, norm, P, plus }: Site) => plus(relu(tf.add(norm(psi), P(z)))),
  /** (e): σ(LN(ψ(z))) + P(z) */
  'parallel after activation': ({ z, psi, normRelu, P }: Site) => tf.add(normRelu(psi), P(z)),
};
export type Place = keyof typeof places;

export type Insertion = {
  readonly place: Place;
  /** Patches in a block: one (after the second convolution only) or two. */
  readonly perBlock: 1 | 2;
  readonly shortcut: Shortcut;
  /** d; the paper's is k / 8. */
  readonly bottleneck: number;
  readonly activation: Activation;
  readonly start: PatchStart;
};

/** A layer with its patch at the insertion's place. */
export function patched(site: Site, { place }: Insertion): Tensor {
  return places[place](site);
}

/** Fresh patches ϑ for a trunk of `blocks` blocks of k channels. */
export function freshPatches(
  k: number,
  blocks: number,
  insertion: Insertion,
  stream: Random,
): BlockPatches<Weight>[] {
  const { bottleneck, start, perBlock } = insertion;
  const fresh = () => freshPatch(k, bottleneck, start, stream);
  return Array.from({ length: blocks }, () =>
    perBlock === 2 ? { first: fresh(), second: fresh() } : { second: fresh() },
  );
}
