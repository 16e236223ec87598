/** Patches at the size of a trunk. */
import { random } from '../../base/random';
import { countWeights, type Tree, type Weight } from '../../engine/weights';
import { type AnyInsertion, freshPatches, type ShippedInsertion } from '../../model/patches/patches';
import { embeddingRows, shapesOf, type TrunkShape } from '../../model/trunks/trunk';
import {
  type Bottlenecks,
  type FineTuning,
  isOther,
  type OtherPatches,
  type Patches,
  type Rank,
} from '../methods/experiment';
import { serialTwo } from '../methods/family';

/** The paper's patches with their bottleneck d; place and patch may be own functions. */
export type SizedBottlenecks = Omit<Bottlenecks, 'squeeze'> & { readonly bottleneck: number };

/** Patches of any form as a record holds them. */
export type SizedPatches =
  | SizedBottlenecks
  | Exclude<ShippedInsertion, { readonly place: unknown } | { readonly form: 'fusion' }>
  | { readonly form: 'fusion'; readonly base: SizedBottlenecks };

const patchWeights = (patches: SizedPatches, shape: TrunkShape): number => {
  const on = { trunk: shapesOf(shape), shape };
  return countWeights(freshPatches(on, patches as AnyInsertion, random(0)) as Tree<Weight>);
};

const sizedBottlenecks = ({ squeeze, ...rest }: Bottlenecks, { channels }: TrunkShape): SizedBottlenecks => ({
  ...rest,
  bottleneck: Math.max(1, Math.floor(channels / squeeze)),
});

/** A rank as a number; for `as`, the one whose weights, affine in the rank, are nearest to those of the paper's patches. */
function rankIn(rank: Rank, shape: TrunkShape, weightsAt: (rank: number) => number): number {
  if (typeof rank === 'number') return rank;
  const wanted = patchWeights(sizedBottlenecks({ ...serialTwo, squeeze: rank.as }, shape), shape);
  const each = weightsAt(2) - weightsAt(1);
  return Math.max(1, Math.round((wanted - weightsAt(1)) / each) + 1);
}

type LowRank = Extract<Patches, { readonly rank: Rank }>;
const hasRank = (patches: OtherPatches): patches is LowRank => 'rank' in patches;

const ranked = ({ rank, ...patches }: LowRank, shape: TrunkShape): SizedPatches => {
  const at = (own: number) => ({ ...patches, rank: own }) as SizedPatches;
  return at(rankIn(rank, shape, (own) => patchWeights(at(own), shape)));
};

/** The patches of a method at the size of a trunk; null where it has none. */
export function sizedPatches(
  { patches, fused }: Pick<FineTuning, 'patches' | 'fused'>,
  shape: TrunkShape,
): SizedPatches | null {
  if (!patches) return null;
  if (patches.form === 'fusion') {
    const base = sizedBottlenecks(fused?.experiment.patches as Bottlenecks, shape);
    return { form: 'fusion', base };
  }
  if (!isOther(patches)) return sizedBottlenecks(patches, shape);
  return hasRank(patches) ? ranked(patches, shape) : (patches as SizedPatches);
}

/** The rank of a patch of each item at the size of a trunk; null where there is none. */
export const itemRankOf = (rank: Rank | undefined, shape: TrunkShape): number | null =>
  rank === undefined ? null : rankIn(rank, shape, (own) => own * (embeddingRows(shape) + shape.channels));
