/** The trunks by the names that experiments, files and options give. */
import { byChoice } from '../../base/choice';
import type { Direction } from '../../engine/ops/convolution';
import type { Trunk } from './architecture';
import { causalCnn, nonCausalCnn } from './dilatedCnn';
import { gru } from './gru';
import { bidirectionalSasRec, sasRec } from './sasRec';

export const trunks = byChoice({
  causal: causalCnn,
  'non-causal': nonCausalCnn,
  SASRec: sasRec,
  'bidirectional SASRec': bidirectionalSasRec,
  GRU: gru,
});

export type TrunkName = keyof typeof trunks;
export const trunkNames = Object.keys(trunks) as [TrunkName, ...TrunkName[]];

type Named = { readonly trunk: TrunkName };
export const architectureOf = ({ trunk }: Named) => trunks[trunk] as unknown as Trunk;
/** Sight of a position of a trunk: the past, or both sides. */
export const directionOf = ({ trunk }: Named): Direction => trunks[trunk].direction;
export const isCausal = (named: Named): boolean => directionOf(named) === 'causal';

/** Objective of pre-training: Eq. 1 or, where a position sees both sides, Eq. 2. */
export type Objective = 'nextItem' | 'maskedItems';
export const objectiveOf = (named: Named): Objective => (isCausal(named) ? 'nextItem' : 'maskedItems');
