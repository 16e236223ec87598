/** The methods that the paper compares and that start from a trunk, each as data, on either trunk. */
import type { TrunkName } from '../../model/trunks/names';
import type { Bottlenecks, FineTuning } from './experiment';

/** Fig. 3c: two serial patches a block. */
export const serialTwo: Bottlenecks = {
  place: 'serial',
  perBlock: 2,
  squeeze: 8,
  shortcut: 'with',
  activation: 'relu',
  start: 'normal',
};
/** Fig. 3d: two parallel patches a block, before layer normalisation. */
export const parallelTwo: Bottlenecks = { ...serialTwo, place: 'parallel' };

/** The family on one trunk; `patches` is what PeterRec and PeterZero insert. */
function family(trunk: TrunkName, patches: Bottlenecks) {
  const PeterRec: FineTuning & { readonly patches: Bottlenecks } = {
    kind: 'fine-tuning',
    id: 'PeterRec',
    label: 'PeterRec',
    trunk,
    start: 'pre-trained',
    representation: 'token',
    tcl: 'frozen',
    patches,
    tuned: 'patches and classifier',
    loss: 'paper',
    setting: 'paper',
  };
  const zero = (method: FineTuning, id = `${method.id}Zero`, label = id): FineTuning => {
    return { ...method, id, label, start: 'random' };
  };
  const without = (id: string, tuned: FineTuning['tuned']): FineTuning => {
    return { ...PeterRec, id, label: id, patches: null, tuned };
  };
  const FineAll = without('FineAll', 'everything');
  const FineCLS = without('FineCLS', 'classifier');
  const FineLast1 = without('FineLast1', 'last layer and classifier');
  const FineLast2 = without('FineLast2', 'last two layers and classifier');
  return {
    PeterRec,
    /** The paper leaves open what PeterZero tunes: here patches and classifier on a trunk that stays random. */
    PeterZeroFrozen: zero(PeterRec, 'PeterZero-frozen', 'PeterZero (frozen trunk)'),
    /** … and here everything. */
    PeterZeroAll: zero({ ...PeterRec, tuned: 'everything' }, 'PeterZero-all', 'PeterZero (everything)'),
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
