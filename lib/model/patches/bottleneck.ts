/** The paper's patches, and where they go in a block (Fig. 3 b–e). Letters: B batch, T length, k channels, d bottleneck. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';
import { byChoice, described } from '../../base/choice';
import type { Random } from '../../base/random';
import { UserError } from '../../base/userError';
import { tf } from '../../engine/native';
import { relu } from '../../engine/ops/activations';
import type { Weight } from '../../engine/weights';
import type { Site } from '../trunks/architecture';
import { architectureOf, type TrunkShape } from '../trunks/trunk';
import type { BlockPatches, PatchForm, PatchWeights } from './form';
import {
  type Activation,
  activations,
  type Eq9,
  freshPatch,
  type PatchStart,
  patch,
  type Shortcut,
} from './patch';

/** A site with its patch P, [B, T, k] -> [B, T, k]. */
type WithPatch = Site & { readonly P: (x: Tensor) => Tensor };

/** A site as a place of one's own sees it. */
export type PatchSite = WithPatch & {
  /** A weight of a patch of one's own by its name. Throws a UserError for one that it does not have. */
  readonly weight: (name: string) => Tensor;
};

/** LN(x); throws a UserError where no norm follows the product. */
function normed(norm: Site['norm'], x: Tensor): Tensor {
  if (norm) return norm(x);
  throw new UserError('patches after norm: expected a trunk with a norm behind its products, a dilated CNN');
}

export const places = byChoice({
  /** (b), (c): σ(LN(P(ψ(z)))) */
  serial: ({ psi, finish, P }: WithPatch) => finish(P(psi)),
  /** σ(P(LN(ψ(z)))) */
  'serial after norm': ({ psi, norm, P, plus }: WithPatch) => plus(relu(P(normed(norm, psi)))),
  /** (d): σ(LN(ψ(z) + P(z))) */
  parallel: ({ z, psi, finish, P }: WithPatch) => finish(tf.add(psi, P(z))),
  /** σ(LN(ψ(z)) + P(z)) */
  'parallel after norm': ({ z, psi, norm, P, plus }: WithPatch) =>
    plus(relu(tf.add(normed(norm, psi), P(z)))),
  /** (e): σ(LN(ψ(z))) + P(z) */
  'parallel after activation': ({ z, psi, finish, P }: WithPatch) => tf.add(finish(psi), P(z)),
});
export type Place = keyof typeof places;

/** Another function than Eq. 9. */
export type OwnPatch = {
  /** Fresh weights for k channels; d is the bottleneck. */
  readonly fresh: (k: number, d: number, stream: Random) => Readonly<Record<string, Weight>>;
  /** [B, T, k] -> [B, T, k] */
  readonly apply: (E: Tensor, weights: Readonly<Record<string, Tensor>>) => Tensor;
};

export type Insertion = {
  readonly place: Place;
  /** Patches in a block: 1, at its end, or 2, one at the end of each layer (a GRU has one layer, so one). */
  readonly perBlock: 1 | 2;
  readonly shortcut: Shortcut;
  /** d; the paper's is k / 8. */
  readonly bottleneck: number;
  readonly activation: Activation;
  readonly start: PatchStart;
};

/** Checks of an insertion but its size. */
export const patchChoices = {
  place: z.enum(Object.keys(places) as [Place, ...Place[]]),
  perBlock: z.literal([1, 2]),
  shortcut: z.enum(['with', 'without']),
  activation: z.enum(Object.keys(activations) as [Activation, ...Activation[]]),
  start: z.enum(['normal', 'zero']),
};

/** The paper's, Fig. 3c, at k = 64. */
export const EXAMPLE: Insertion = {
  ...{ place: 'serial', perBlock: 2, shortcut: 'with' },
  ...{ bottleneck: 8, activation: 'relu', start: 'normal' },
};

/** An insertion whose place or patch may be a function of one's own. */
export type Bottleneck = Omit<Insertion, 'place'> & {
  readonly place: Place | ((site: PatchSite) => Tensor);
  /** Absent: Eq. 9. */
  readonly patch?: OwnPatch | undefined;
};

const named =
  (weights: PatchWeights<Tensor>): PatchSite['weight'] =>
  (name) => {
    const found = weights[name];
    if (found instanceof tf.Tensor) return found;
    throw new UserError(`weight ${name}: expected one of ${Object.keys(weights).join(', ')}`);
  };

/** A patch as a function of E, [B, T, k] -> [B, T, k]. */
export const patchOf =
  (weights: PatchWeights<Tensor>, { patch: own, activation, shortcut }: Bottleneck): PatchSite['P'] =>
  (E) =>
    own
      ? own.apply(E, weights as Readonly<Record<string, Tensor>>)
      : patch(E, weights as Eq9<Tensor>, activation, shortcut);

/** Patches block by block: one at the end of each layer (`perBlock` 2), or one at the block's end. */
export function atEnds(
  shape: TrunkShape,
  perBlock: Insertion['perBlock'],
  fresh: () => PatchWeights<Weight>,
): BlockPatches<Weight>[] {
  const { blocks, ends } = architectureOf(shape);
  const chosen = perBlock === 2 ? ends : ends.slice(-1);
  return Array.from({ length: blocks(shape) }, () =>
    Object.fromEntries(chosen.map((site) => [site, fresh()])),
  );
}

export const bottleneck: PatchForm<Bottleneck> = {
  ...described({
    about: 'two patches a block, Eq. 9, at five places of a layer',
    choices: patchChoices,
    cites:
      '@inproceedings{Adapters, author = {Houlsby, Neil and Giurgiu, Andrei and Jastrzebski, Stanislaw and Morrone, Bruna and de Laroussilhe, Quentin and Gesmundo, Andrea and Attariyan, Mona and Gelly, Sylvain}, title = {Parameter-Efficient Transfer Learning for {NLP}}, booktitle = {ICML}, year = {2019}}',
    example: EXAMPLE,
  }),
  fresh: ({ shape }, { bottleneck: d, start, perBlock, patch: own }, stream) => {
    const { channels: k } = shape;
    return atEnds(shape, perBlock, () => (own ? own.fresh(k, d, stream) : freshPatch(k, d, start, stream)));
  },
  additions: (patches, insertion) => ({
    graft: (site) => {
      const weights = patches[site.block][site.name];
      if (!weights) return undefined;
      const own = { ...site, weight: named(weights), P: patchOf(weights, insertion) };
      const { place } = insertion;
      return typeof place === 'function' ? place(own) : places[place](own);
    },
  }),
};
