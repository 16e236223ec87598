/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */
import type { Question } from './claims';
import type { Experiment } from './experiment';
import { causal } from './methods';

/** The paper leaves open what PeterZero tunes, so both readings are run. */
export const rq1: readonly Experiment[] = [
  { kind: 'most frequent', name: 'MostFrequent' },
  causal.FineCLS,
  causal.FineZero,
  causal.FineAll,
  causal.PeterZeroFrozen,
  causal.PeterZeroAll,
  causal.PeterRec,
];

const helps = (first: string, second: string): Question => ({ kind: 'superiority', first, second });

/** Claim 1 of the paper: pre-training helps, for the whole network and for the patches. */
export const rq1Questions: readonly Question[] = [
  helps('FineAll', 'FineZero'),
  helps('PeterRec', 'PeterZero (frozen trunk)'),
  helps('PeterRec', 'PeterZero (everything)'),
];
