/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */
import type { Comparison } from './claims';
import type { Experiment, FineTuning, Patches } from './experiment';

/** Fig. 3c: two serial patches a block. */
const serialTwo: Patches = { place: 'serial', perBlock: 2, squeeze: 8, activation: 'relu', start: 'normal' };

const PeterRec: FineTuning = {
  kind: 'fine-tuning',
  name: 'PeterRec',
  method: 'PeterRec',
  start: 'pre-trained',
  patches: serialTwo,
  tuned: 'patches and classifier',
};
const FineAll: FineTuning = {
  ...PeterRec,
  name: 'FineAll',
  method: 'FineAll',
  patches: null,
  tuned: 'everything',
};
const PeterZero: FineTuning = { ...PeterRec, start: 'random' };

/** The paper leaves open what PeterZero tunes, so both readings are run. */
export const rq1: readonly Experiment[] = [
  { kind: 'most frequent', name: 'MostFrequent' },
  { ...FineAll, name: 'FineCLS', method: 'FineCLS', tuned: 'classifier' },
  { ...FineAll, name: 'FineZero', method: 'FineZero', start: 'random' },
  FineAll,
  { ...PeterZero, name: 'PeterZero-frozen', method: 'PeterZero (frozen trunk)' },
  { ...PeterZero, name: 'PeterZero-all', method: 'PeterZero (everything)', tuned: 'everything' },
  PeterRec,
];

/** Claim 1 of the paper: pre-training helps, for the whole network and for the patches. */
export const rq1Claims: readonly Comparison[] = [
  { better: 'FineAll', worse: 'FineZero' },
  { better: 'PeterRec', worse: 'PeterZero (frozen trunk)' },
  { better: 'PeterRec', worse: 'PeterZero (everything)' },
];
