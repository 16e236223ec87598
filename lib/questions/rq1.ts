/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */
import { better, type Question } from '../evidence/claims';
import type { Experiment } from '../methods/experiment';
import { causal } from '../methods/family';
import { simpleOpponents } from '../methods/simpleOpponents';

/** The paper leaves open what PeterZero tunes, so both readings are run. */
export const rq1: readonly Experiment[] = [
  ...simpleOpponents,
  causal.FineCLSZero,
  causal.FineCLS,
  causal.FineLast1Zero,
  causal.FineLast1,
  causal.FineZero,
  causal.FineAll,
  causal.PeterZeroFrozen,
  causal.PeterZeroAll,
  causal.PeterRec,
];

/** Claim 1 of the paper: pre-training helps, whatever is tuned. */
export const rq1Questions: readonly Question[] = [
  better('FineAll', 'FineZero'),
  better('PeterRec', 'PeterZero (frozen trunk)'),
  better('PeterRec', 'PeterZero (everything)'),
  better('FineCLS', 'FineCLSZero'),
  better('FineLast1', 'FineLast1Zero'),
];
