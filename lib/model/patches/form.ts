/** The contract of forms of patches. `L` is the leaf of a weight tree: Weight or Tensor. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { z } from 'zod';
import type { Random } from '../../base/random';
import { mapLeaves, type Tree, type Weight } from '../../engine/weights';
import type { Architecture, Linear, Site } from '../trunks/architecture';
import {
  architectureOf,
  maskId,
  type TrunkAdditions,
  type TrunkShape,
  type TrunkWeights,
} from '../trunks/trunk';

/** The weights of one patch by their names. */
export type PatchWeights<L> = { readonly [name: string]: L | { readonly [name: string]: L } };
/** Patches ϑ of one block, by the names of sites. */
export type BlockPatches<L> = { readonly [site: string]: PatchWeights<L> };

/** The trunk that patches are for. */
export type On = { readonly trunk: TrunkWeights<Weight>; readonly shape: TrunkShape };

/** A form as pages, checks and tests know it; `C` is what a model chooses of it. */
export type FormDescription<C> = {
  readonly about: string;
  /** Checks of what an experiment chooses. */
  readonly choices: Readonly<Record<string, z.ZodType>>;
  /** As BibTeX in one line. */
  readonly cites: string;
  /** Offered for ablation, and tested. */
  readonly example: C;
};

/** Positions that a form adds to a sequence at most: trunks with embeddings of positions have as many more. */
export const MOST_ADDED = 16;

/** Ids of `count` added positions: they follow that of [MASK], which a causal trunk's table lacks. */
export const addedIds = (shape: Pick<TrunkShape, 'items'>, count: number): number[] =>
  Array.from({ length: count }, (_, i) => maskId(shape) + 1 + i);

/** A form of patches; a line in patches.ts offers it. */
export type PatchForm<C> = FormDescription<C> & FormWeights<C>;

export type FormWeights<C> = {
  /** Block by block. */
  readonly fresh: (on: On, choices: C, stream: Random) => BlockPatches<Weight>[];
  /** Additions to the trunk. */
  readonly additions: (
    patches: readonly BlockPatches<Tensor>[],
    choices: C,
    shape: TrunkShape,
    /** Patches of other tasks that a form fuses. */
    others?: readonly (readonly BlockPatches<Tensor>[])[],
  ) => Pick<TrunkAdditions, 'graft' | 'embedding'>;
  /**
   * Computes states beside the trunk, from its embeddings and what each block gives: [B, P, k] each -> [B, P, k]. Absent: the trunk's own.
   */
  readonly aside?: (ladder: readonly Tensor[], patches: readonly BlockPatches<Tensor>[]) => Tensor;
  /** Positions that it adds before the items of a sequence, at most MOST_ADDED; absent: none. */
  readonly added?: (choices: C) => number;
  /** Whether it fuses patches of several tasks, which are of the insertion `base`. */
  readonly fuses?: true;
  /** The trunk that gives the same without patches; absent where none does. */
  readonly merged?: (
    trunk: TrunkWeights<Tensor>,
    patches: readonly BlockPatches<Tensor>[],
    choices: C,
    shape: TrunkShape,
  ) => TrunkWeights<Tensor>;
};

/** The name of a site, and the architecture that it is of. */
type SiteOf = { readonly name: string; readonly of: Architecture };

/** A patch that stands for another kernel and bias at a site. */
export type KernelForm<C> = {
  readonly sites: (of: Architecture) => readonly string[];
  readonly fresh: (
    kernel: Weight,
    choices: C,
    stream: Random,
    at: SiteOf,
  ) => Readonly<Record<string, Weight>>;
  readonly merged: (
    own: Linear<Tensor>,
    patch: Readonly<Record<string, Tensor>>,
    choices: C,
    at: SiteOf,
  ) => Linear<Tensor>;
  /** Computes the product at less cost than by the other kernel, where it is linear in it; absent: there is none. */
  readonly product?: (site: Site, patch: Readonly<Record<string, Tensor>>, choices: C) => Tensor;
};

type Flat = Readonly<Record<string, Tensor>>;

/** A form of patches out of one that stands for kernels. */
export const kernelForm = <C>({ sites, fresh, merged, product }: KernelForm<C>): FormWeights<C> => ({
  fresh: ({ trunk: { embedding: _, ...parts }, shape }, choices, stream) => {
    const of = architectureOf(shape);
    return of
      .kernels<Weight>(parts)
      .map((block) =>
        Object.fromEntries(
          sites(of).map((name) => [name, fresh(block[name].kernel, choices, stream, { name, of })]),
        ),
      );
  },
  additions: (patches, choices, shape) => ({
    graft: (site) => {
      const patch = patches[site.block][site.name] as Flat | undefined;
      if (!patch) return undefined;
      if (product && site.isLinear) return site.finish(product(site, patch, choices));
      const { kernel, bias } = merged(site, patch, choices, { name: site.name, of: architectureOf(shape) });
      return site.finish(site.product(kernel, bias));
    },
  }),
  merged: (trunk, patches, choices, shape) => {
    const of = architectureOf(shape);
    const { embedding: _, ...parts } = trunk;
    const changed = of.kernels<Tensor>(parts).flatMap((block, i) =>
      Object.entries(patches[i]).flatMap(([name, patch]): [Tensor, Tensor][] => {
        const own = block[name];
        const { kernel, bias } = merged(own, patch as Flat, choices, { name, of });
        return [
          [own.kernel, kernel],
          [own.bias, bias],
        ];
      }),
    );
    const others = new Map(changed);
    const swap = (leaf: Tensor) => others.get(leaf) ?? leaf;
    return mapLeaves<Tensor, Tensor>(trunk as Tree<Tensor>, swap) as TrunkWeights<Tensor>;
  },
});
