/** The methods that the paper compares and that start from a trunk, each as data, on either trunk. */
import type { Direction } from '../tensorflow/ops/convolution';
import type { FineTuning, Patches } from './experiment';

/** Fig. 3c: two serial patches a block. */
export const serialTwo: Patches = {
  place: 'serial',
  perBlock: 2,
  squeeze: 8,
  shortcut: 'with',
  activation: 'relu',
  start: 'normal',
};
/** Fig. 3d: two parallel patches a block, before layer normalisation. */
export const parallelTwo: Patches = { ...serialTwo, place: 'parallel' };

/** The family on one trunk; `patches` is what PeterRec and PeterZero insert. */
function family(trunk: Direction, patches: Patches) {
  const PeterRec: FineTuning = {
    kind: 'fine-tuning',
    name: 'PeterRec',
    method: 'PeterRec',
    trunk,
    start: 'pre-trained',
    representation: 'token',
    tcl: 'frozen',
    patches,
    tuned: 'patches and classifier',
    loss: 'paper',
  };
  const PeterZero: FineTuning = { ...PeterRec, start: 'random' };
  const FineAll: FineTuning = {
    ...PeterRec,
    name: 'FineAll',
    method: 'FineAll',
    patches: null,
    tuned: 'everything',
  };
  const without = (name: string, tuned: FineTuning['tuned']) => ({ ...FineAll, name, method: name, tuned });
  const zero = (method: FineTuning, name = `${method.name}Zero`): FineTuning => ({
    ...method,
    name,
    method: name,
    start: 'random',
  });
  const FineCLS = without('FineCLS', 'classifier');
  const FineLast1 = without('FineLast1', 'last layer and classifier');
  const FineLast2 = without('FineLast2', 'last two layers and classifier');
  return {
    PeterRec,
    /** The paper leaves open what PeterZero tunes: here patches and classifier on a trunk that stays random. */
    PeterZeroFrozen: { ...PeterZero, name: 'PeterZero-frozen', method: 'PeterZero (frozen trunk)' },
    /** … and here everything. */
    PeterZeroAll: {
      ...PeterZero,
      name: 'PeterZero-all',
      method: 'PeterZero (everything)',
      tuned: 'everything',
    },
    FineAll,
    FineZero: zero(FineAll, 'FineZero'),
    FineCLS,
    FineCLSZero: zero(FineCLS),
    FineLast1,
    FineLast1Zero: zero(FineLast1),
    FineLast2,
    FineLast2Zero: zero(FineLast2),
  } satisfies Record<string, FineTuning>;
}

/** On the causal trunk the paper inserts serial patches (RQ1, Table 2). */
export const causal = family('causal', serialTwo);
/** On the non-causal trunk it inserts parallel ones (RQ2, Table 3). */
export const nonCausal = family('non-causal', parallelTwo);
