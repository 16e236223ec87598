/** Where the patches of a block go (Fig. 3 b–e). Letters: B batch, T length, k channels, d bottleneck. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { byChoice } from '../../base/choice';
import type { Random } from '../../base/random';
import { tf } from '../../engine/native';
import { relu } from '../../engine/ops/activations';
import type { Weight } from '../../engine/weights';
import {
  type Activation,
  freshPatch,
  type PatchStart,
  type PatchWeights,
  patch,
  type Shortcut,
} from './patch';

/** A patch in the form of its insertion: that of Eq. 9, or another's weights by their names. */
export type AnyPatch<L> = PatchWeights<L> | { readonly [name: string]: L };

/** The patches of one block, by layer; (b) and its like have the second only. */
export type BlockPatches<L> = { readonly first?: AnyPatch<L>; readonly second?: AnyPatch<L> };

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

const places = byChoice({
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
});
export type Place = keyof typeof places;

/** A patch of another form than Eq. 9. */
export type PatchForm = {
  /** Fresh weights for k channels; d is the bottleneck. */
  readonly fresh: (k: number, d: number, stream: Random) => Readonly<Record<string, Weight>>;
  /** [B, T, k] -> [B, T, k] */
  readonly apply: (E: Tensor, weights: Readonly<Record<string, Tensor>>) => Tensor;
};

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

/** An insertion whose place or patch may be a function of one's own. */
export type AnyInsertion = Omit<Insertion, 'place'> & {
  readonly place: Place | ((site: Site) => Tensor);
  /** Absent: Eq. 9. */
  readonly patch?: PatchForm | undefined;
};

/** A layer with its patch at the insertion's place. */
export function patched(site: Site, { place }: AnyInsertion): Tensor {
  return typeof place === 'function' ? place(site) : places[place](site);
}

/** What a patch makes of E, [B, T, k] -> [B, T, k]. */
export const patchOf =
  (weights: AnyPatch<Tensor>, { patch: form, activation, shortcut }: AnyInsertion): Site['P'] =>
  (E) =>
    form
      ? form.apply(E, weights as Readonly<Record<string, Tensor>>)
      : patch(E, weights as PatchWeights<Tensor>, activation, shortcut);

/** Fresh patches ϑ for a trunk of `blocks` blocks of k channels. */
export function freshPatches(
  k: number,
  blocks: number,
  insertion: AnyInsertion,
  stream: Random,
): BlockPatches<Weight>[] {
  const { bottleneck, start, perBlock, patch: form } = insertion;
  const fresh = () => (form ? form.fresh(k, bottleneck, stream) : freshPatch(k, bottleneck, start, stream));
  return Array.from({ length: blocks }, () =>
    perBlock === 2 ? { first: fresh(), second: fresh() } : { second: fresh() },
  );
}
