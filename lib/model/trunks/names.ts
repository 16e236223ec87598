/** The trunks by the names that experiments, files and options give. */
import { byChoice } from '../../base/choice';
import type { Direction } from '../../engine/ops/convolution';

/** What a position of each sees: the past, or both sides. */
const DIRECTIONS = byChoice({
  /** The dilated CNN of the paper, Fig. 2a and 2c. */
  causal: 'causal',
  'non-causal': 'non-causal',
  /** Self-attention; with both sides as BERT4Rec (Sun et al. 2019) trains it. */
  SASRec: 'causal',
  'bidirectional SASRec': 'non-causal',
  GRU: 'causal',
} as const satisfies Readonly<Record<string, Direction>>);

export type TrunkName = keyof typeof DIRECTIONS;
export const trunkNames = Object.keys(DIRECTIONS) as [TrunkName, ...TrunkName[]];

type Named = { readonly trunk: TrunkName };
export const directionOf = ({ trunk }: Named): Direction => DIRECTIONS[trunk];
export const isCausal = (named: Named): boolean => directionOf(named) === 'causal';

/** What a trunk is pre-trained to find: Eq. 1 or, where a position sees both sides, Eq. 2. */
export type Objective = 'nextItem' | 'maskedItems';
export const objectiveOf = (named: Named): Objective => (isCausal(named) ? 'nextItem' : 'maskedItems');
