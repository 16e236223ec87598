/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */
import type { Question } from './claims';
import type { Experiment } from './experiment';
import { causal } from './methods';
import { simpleOpponents } from './simpleOpponents';

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

const helps = (first: string, second: string): Question => ({ kind: 'superiority', first, second });

/** Claim 1 of the paper: pre-training helps, whatever is tuned. */
export const rq1Questions: readonly Question[] = [
  helps('FineAll', 'FineZero'),
  helps('PeterRec', 'PeterZero (frozen trunk)'),
  helps('PeterRec', 'PeterZero (everything)'),
  helps('FineCLS', 'FineCLSZero'),
  helps('FineLast1', 'FineLast1Zero'),
];
