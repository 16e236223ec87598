/** Ways of tuning: what must be tuned? Crossed with trunks, each from the same pre-trained trunk in the best setting. */
import type { Claim } from '../evidence/claims';
import { alike, asked, better, beyondPaper, type Question } from '../evidence/questions';
import { wellTrained } from '../experiments/methods/best';
import type { Experiment, FineTuning, Planned, Tuned } from '../experiments/methods/experiment';
import { causal, serialTwo } from '../experiments/methods/family';
import { called, type Method } from '../experiments/methods/identity';
import { fusedOver } from '../experiments/methods/insertions';
import { opponents, untrained } from '../experiments/opponents/opponents';
import type { TrunkName } from '../model/trunks/names';

/** The trunks that are crossed with ways of tuning. */
export const trunks = ['causal', 'non-causal', 'SASRec', 'GRU'] as const satisfies readonly TrunkName[];
export type Trunk = (typeof trunks)[number];

/** A way of tuning: what differs from PeterRec with serial patches, and the family that it is drawn with. */
export type Way = {
  readonly id: string;
  readonly label: string;
  readonly family: string;
  readonly differs: Partial<FineTuning>;
};

const way = (family: string, id: string, label: string, differs: Partial<FineTuning>): Way => ({
  ...{ id, label, family, differs },
});
const PAPER = 'Patches of the paper';
/** Forms that change kernels and are merged for use. */
const KERNELS = 'LoRA, DoRA, (IA)³';
/** The items themselves, whole or by a patch of low rank. */
const ITEMS = 'Items';

/** A part of the trunk, without patches. */
const part = (id: string, label: string, tuned: Tuned, family = 'Parts of the trunk'): Way =>
  way(family, id, label, { patches: null, tuned });

/** Bottlenecks are k / 16, k / 8 and k / 4; other forms of a size have about as many weights. */
const SIZES = [16, 8, 4] as const;
const sized = (size: number): Partial<FineTuning> => ({
  patches: { ...serialTwo, squeeze: size },
  size: 'declared',
});
const patchesOf = (size: number) => way(PAPER, `Patches-${size}`, `Patches, k/${size}`, sized(size));
const lowRank = (form: 'LoRA' | 'DoRA') => (size: number) =>
  way(KERNELS, `${form}-${size}`, `${form}, as k/${size}`, {
    patches: { form, rank: { as: size }, alpha: 8 },
  });

export const Everything = part('FineAll', 'Everything', 'everything');
export const Classifier = part('FineCLS', 'Classifier', 'classifier');
const BitFit = part('BitFit', 'Biases (BitFit)', 'biases and classifier');
const norms = part('Norms', 'Norms', 'norms and classifier');
const [small, middle, large] = SIZES.map(patchesOf);
/** The least there is: (IA)³ has .66 to 2 times as many weights, BitFit 1.3 to 2.8 times. d is 1 up to k 511. */
const least = way(PAPER, 'Patches-least', 'Patches, d = 1, one a block', {
  patches: { ...serialTwo, perBlock: 1, squeeze: 256 },
  size: 'declared',
});
const [smallLoRA, LoRA, largeLoRA] = SIZES.map(lowRank('LoRA'));
const [smallDoRA, DoRA, largeDoRA] = SIZES.map(lowRank('DoRA'));
const gains = way(KERNELS, 'IA3', '(IA)³', { patches: { form: '(IA)³' } });

/** o = (h + Σᵢ aᵢ B / √n) W + b: a bag of items beside the trunk, alone and with what changes h. */
const past = way(ITEMS, 'PastTrunk', 'Patch past the trunk', { patches: null, pastRank: { as: 8 } });
const withPast = ({ id, label, differs }: Way): Way =>
  way(ITEMS, `${id}-past`, `${label}, and past the trunk`, { ...differs, pastRank: { as: 8 } });
/** What the classifier reads of each block. */
const mix = way('Side network', 'ScalarMix', 'Mix of all states', { patches: { form: 'scalar mix' } });
/** From a trunk whose mean state has learnt to tell one half of a history from the other. */
const byHalves = way(PAPER, 'Patches-8-halves', 'Patches, k/8, trunk by halves', {
  ...sized(8),
  halves: 0.1,
});
const ofHalves = [byHalves, withPast(byHalves)];
/** What reads more than patched last states. */
const furtherReaders = [past, withPast(middle), mix, withPast(mix), ...ofHalves];

export const ways: readonly Way[] = [
  Everything,
  part('Embedding', 'Item embedding', 'embedding and classifier', ITEMS),
  part('FineLast1', 'Last layer', 'last layer and classifier'),
  BitFit,
  norms,
  Classifier,
  ...[least, small, middle, large],
  ...[smallLoRA, LoRA, largeLoRA],
  ...[smallDoRA, DoRA, largeDoRA],
  gains,
  way(ITEMS, 'ItemPatch', 'Patch on items', { patches: null, itemRank: { as: 8 } }),
  way(ITEMS, 'Patches-8-items', 'Patches, k/8, and on items', { ...sized(8), itemRank: { as: 8 } }),
  way('Prompt', 'Prompt', 'Prompt of 8', { patches: { form: 'prompt', length: 8 } }),
  way('Side network', 'SideNetwork', 'Side network, k/8', { patches: { form: 'side network', ratio: 8 } }),
  ...furtherReaders,
];

export const FUSION = 'Fusion of patches, k/8';

/** A way on a trunk, called by the way alone. */
export const tunedBy = ({ id, label, differs }: Way, trunk: Trunk): FineTuning =>
  called(wellTrained({ ...causal.PeterRec, trunk, id, ...differs } as FineTuning), label);

/** Patches of all tasks of a source, fused. */
const fusionOn = (trunk: Trunk): FineTuning => called(fusedOver(tunedBy(middle, trunk), 'all'), FUSION);

const SAME_RANK = 'left out, at k 32 it has the rank of another size';
/** A further trunk of each source and seed costs hours. */
const NO_HALVES = ofHalves.map((way) => [way, 'left out, asked on the causal trunk alone'] as const);
/** Why a way is not there on a trunk. */
export const LEFT_OUT: Partial<Readonly<Record<Trunk, ReadonlyMap<Way, string>>>> = {
  'non-causal': new Map(NO_HALVES),
  SASRec: new Map([[smallDoRA, SAME_RANK], ...NO_HALVES]),
  GRU: new Map([
    [norms, 'not defined, a GRU has no norm'],
    ...NO_HALVES,
    ...[smallLoRA, smallDoRA, DoRA].map((way) => [way, SAME_RANK] as const),
  ]),
};
export const isOn = (trunk: Trunk) => (way: Way) => !LEFT_OUT[trunk]?.has(way);

/** All ways on a trunk. */
export const methodsOn = (trunk: Trunk): FineTuning[] => [
  ...ways.filter(isOn(trunk)).map((way) => tunedBy(way, trunk)),
  fusionOn(trunk),
];

/** Methods without a trunk. */
export const trunkless: readonly Experiment[] = [...untrained, opponents.BagOfItems, opponents.NeuFM];

/** Called by their trunks too, for progress and what is said of all. */
export const experiments: readonly Experiment[] = [
  ...trunkless,
  ...trunks.flatMap((trunk) => methodsOn(trunk).map((method) => called(method, `${method.label}, ${trunk}`))),
];
export const runs: readonly Planned[] = [{ on: 'all', experiments }];

type Pair = readonly [first: Method, second: Method];
const claimed = (ask: typeof better, pairs: readonly Pair[]): Question[] =>
  beyondPaper(pairs.map(([first, second]) => ask(first, second)));
/** All ways but fused patches, which have learnt other labels of users that are tested. */
const against = (trunk: Trunk, second: Way): Pair[] =>
  ways
    .filter((way) => isOn(trunk)(way) && way !== second)
    .map((first) => [tunedBy(first, trunk), tunedBy(second, trunk)]);

/** Families of claims about a trunk, fixed before anything was run; each has its own correction. */
const familiesOn = (trunk: Trunk) => {
  const on = (way: Way) => tunedBy(way, trunk);
  const readers = furtherReaders.filter(isOn(trunk)).map(on);
  return {
    /** Each way is better than the classifier alone, … */
    learns: claimed(better, against(trunk, Classifier)),
    /** … as good as tuning everything, … */
    everything: claimed(alike, against(trunk, Everything)),
    /** … or as the paper's patch. */
    patch: claimed(alike, against(trunk, middle)),
    /** The paper's patch is better than LoRA with as many weights; the least of it better than BitFit and (IA)³. */
    forms: claimed(better, [
      [on(middle), on(LoRA)],
      [on(least), on(BitFit)],
      [on(least), on(gains)],
    ]),
    /** On profiles, what reads more than patched last states is better than the paper's patch and than the bag of items. */
    profiles: asked(
      'classify',
      claimed(
        better,
        readers.flatMap((way) => [on(middle), opponents.BagOfItems].map((other): Pair => [way, other])),
      ),
    ),
  };
};

/** Patches of k / 8. */
export const paperPatchOn = (trunk: Trunk): FineTuning => tunedBy(middle, trunk);

/** The classifier alone, the paper's patch, and the claims against the classifier, on the causal trunk. */
export const classifierAlone = tunedBy(Classifier, 'causal');
export const paperPatch = paperPatchOn('causal');
export const betterThanClassifier = claimed(better, against('causal', Classifier));

export const asks: readonly (readonly Question[])[] = trunks.flatMap((trunk) =>
  Object.values(familiesOn(trunk)),
);

export type Families = { readonly [F in keyof ReturnType<typeof familiesOn>]: readonly Claim[] };

export type ByTrunk = Readonly<Record<Trunk, Families>>;

/** Claims by trunk and family, of those of each family in the order of `asks`. */
export const claims = (families: readonly (readonly Claim[])[]): ByTrunk =>
  Object.fromEntries(
    trunks.map((trunk, i) => {
      const names = Object.keys(familiesOn(trunk));
      const own = names.map((name, place) => [name, families[i * names.length + place]]);
      return [trunk, Object.fromEntries(own)];
    }),
  ) as ByTrunk;
