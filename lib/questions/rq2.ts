/** RQ2: are patches as good as tuning everything? (section 4.3: Table 3, Fig. 5) */
import { alike, better, type Question } from '../evidence/claims';
import type { Experiment } from '../methods/experiment';
import { nonCausal } from '../methods/family';
import { simpleOpponents } from '../methods/simpleOpponents';

/** All on one non-causal trunk; PeterRec's patches are parallel (Fig. 3d). */
export const rq2: readonly Experiment[] = [
  ...simpleOpponents,
  nonCausal.FineCLS,
  nonCausal.FineLast1,
  nonCausal.FineLast2,
  nonCausal.FineAll,
  nonCausal.PeterRec,
];

/** Claim 2 of the paper; its FineLast tunes the last layer, FineLast1 here. */
export const rq2Questions: readonly Question[] = [
  better('FineAll', 'FineLast1'),
  better('FineLast1', 'FineCLS'),
  alike('PeterRec', 'FineAll'),
];
