/** Where the patches of a block go (Fig. 3 b–e). Letters: B batch, T length, k channels, d bottleneck. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { byChoice } from '../../base/choice';
import type { Random } from '../../base/random';
import { UserError } from '../../base/userError';
import { tf } from '../../engine/native';
import { relu } from '../../engine/ops/activations';
import type { Weight } from '../../engine/weights';
import type { Graft, Site } from '../trunks/architecture';
import { architectureOf, type TrunkShape } from '../trunks/trunk';
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

/** The patches of one block, by the names of sites; where a block has one, it is at its end. */
export type BlockPatches<L> = { readonly [site: string]: AnyPatch<L> };

/** A site with its patch P, [B, T, k] -> [B, T, k]. */
export type PatchSite = Site & { readonly P: (x: Tensor) => Tensor };

/** LN(x); throws a UserError where no norm follows the product. */
function normed(norm: Site['norm'], x: Tensor): Tensor {
  if (norm) return norm(x);
  throw new UserError('patches after norm: expected a trunk with a norm behind its products, a dilated CNN');
}

const places = byChoice({
  /** (b), (c): σ(LN(P(ψ(z)))) */
  serial: ({ psi, finish, P }: PatchSite) => finish(P(psi)),
  /** σ(P(LN(ψ(z)))) */
  'serial after norm': ({ psi, norm, P, plus }: PatchSite) => plus(relu(P(normed(norm, psi)))),
  /** (d): σ(LN(ψ(z) + P(z))) */
  parallel: ({ z, psi, finish, P }: PatchSite) => finish(tf.add(psi, P(z))),
  /** σ(LN(ψ(z)) + P(z)) */
  'parallel after norm': ({ z, psi, norm, P, plus }: PatchSite) =>
    plus(relu(tf.add(normed(norm, psi), P(z)))),
  /** (e): σ(LN(ψ(z))) + P(z) */
  'parallel after activation': ({ z, psi, finish, P }: PatchSite) => tf.add(finish(psi), P(z)),
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
  readonly place: Place | ((site: PatchSite) => Tensor);
  /** Absent: Eq. 9. */
  readonly patch?: PatchForm | undefined;
};

/** A layer with its patch at the insertion's place. */
export function patched(site: PatchSite, { place }: AnyInsertion): Tensor {
  return typeof place === 'function' ? place(site) : places[place](site);
}

/** What a patch makes of E, [B, T, k] -> [B, T, k]. */
const patchOf =
  (weights: AnyPatch<Tensor>, { patch: form, activation, shortcut }: AnyInsertion): PatchSite['P'] =>
  (E) =>
    form
      ? form.apply(E, weights as Readonly<Record<string, Tensor>>)
      : patch(E, weights as PatchWeights<Tensor>, activation, shortcut);

/** Inserts patches, block by block, into a trunk. */
export const graftOf =
  (patches: readonly BlockPatches<Tensor>[], insertion: AnyInsertion): Graft =>
  (site) => {
    const patch = patches[site.block][site.name];
    return patch && patched({ ...site, P: patchOf(patch, insertion) }, insertion);
  };

/** Fresh patches ϑ for a trunk. */
export function freshPatches(
  shape: TrunkShape,
  insertion: AnyInsertion,
  stream: Random,
): BlockPatches<Weight>[] {
  const { bottleneck: d, start, perBlock, patch: form } = insertion;
  const { channels: k } = shape;
  const { blocks, ends } = architectureOf(shape);
  const chosen = perBlock === 2 ? ends : ends.slice(-1);
  const fresh = () => (form ? form.fresh(k, d, stream) : freshPatch(k, d, start, stream));
  return Array.from({ length: blocks(shape) }, () =>
    Object.fromEntries(chosen.map((site) => [site, fresh()])),
  );
}
