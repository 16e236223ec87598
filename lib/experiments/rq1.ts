/** RQ1: is the self-supervised user representation helpful? (section 4.2: Table 2, Fig. 4) */
import type { Experiment, FineTuning, Patches } from './experiment';

/** Fig. 3c: two serial patches a block. */
const serialTwo: Patches = { place: 'serial', perBlock: 2, squeeze: 8, activation: 'relu', start: 'normal' };

const PeterRec: FineTuning = {
  kind: 'fine-tuning',
  name: 'PeterRec',
  start: 'pre-trained',
  patches: serialTwo,
  tuned: 'patches and classifier',
};
const FineAll: FineTuning = { ...PeterRec, name: 'FineAll', patches: null, tuned: 'everything' };

/** The paper leaves open what PeterZero tunes, so both readings are run. */
export const rq1: readonly Experiment[] = [
  { kind: 'most frequent', name: 'MostFrequent' },
  { ...FineAll, name: 'FineCLS', tuned: 'classifier' },
  { ...PeterRec, name: 'PeterZero-frozen', start: 'random' },
  { ...PeterRec, name: 'PeterZero-all', start: 'random', tuned: 'everything' },
  { ...FineAll, name: 'FineZero', start: 'random' },
  FineAll,
  PeterRec,
];
