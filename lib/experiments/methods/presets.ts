import type { Precision } from '../../engine/ops/kernels';
import type { Padding } from '../../model/trunks/architecture';
import type { Objective } from '../../model/trunks/names';
import type { MaskingRule } from '../../training/itemInputs';
import { type ByKind, byKind, type Pretraining, type Tuning } from './budgets';

/** Tuned values of a method by name; `everything` or `part` is the rate of one extent where a card gives the other. */
export type Choice = Readonly<Record<string, number>>;

/** Tuned values by kind of task and method. */
export type Choices = ByKind<Readonly<Record<string, Choice>>>;

/** Levels of budgets that every opponent has. */
export type Level = 'quick' | 'default' | 'paper';

export type Preset = {
  readonly name: 'quick' | 'default' | 'wide' | 'paper';
  /** k */
  readonly channels: number;
  /**
   * From so many interactions on: a larger k, as more can be learnt; less patience, as validation is less noisy; and fewer passes of
   * fine-tuning, as each has more steps.
   */
  readonly larger?: Readonly<Record<'from' | 'channels' | 'patience' | 'passes', number>>;
  /** Of the CNN: its kernel, and the dilation of each block's first convolution; its second has twice as much. */
  readonly kernel: number;
  readonly dilations: readonly number[];
  /** Of SASRec. */
  readonly blocks: number;
  readonly heads: number;
  /** The authors' code embeds padding. */
  readonly padding: Padding;
  /** Catalogues of items or labels up to this size take the full softmax, larger ones one over sampled candidates. */
  readonly softmax: { readonly fullUpTo: number; readonly candidates: number };
  /** Masking rule of a non-causal trunk. */
  readonly masking: MaskingRule;
  readonly pretraining: Readonly<Record<Objective, Pretraining>>;
  /** How methods are fine-tuned in the paper's setting … */
  readonly recommend: Tuning;
  readonly classify: Tuning;
  /** … and what is different in the best one. */
  readonly best: ByKind<Partial<Tuning>>;
  /** Choices of `npm run tune`, by the names of methods. */
  readonly chosen: Choices;
  /** Evaluations without a gain before early stopping. */
  readonly patience: number;
  /** A level, changes by their models, and a share of all passes (absent: all). */
  readonly opponents: {
    readonly level: Level;
    readonly changes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly share?: number;
  };
  readonly seeds: number;
  /** Threads of one training, so that several run at once; absent: all. */
  readonly threads?: number;
  /** Of the factors of products in trunk and patches; float32 if absent. */
  readonly precision?: Precision;
};

/**
 * In the best setting, where cross-entropy sees all labels at once: more dropout, and rates that a mean of states bears. Tuning may
 * choose others.
 */
const robustly = { dropout: 0.5, rates: { everything: 0.002, part: 0.006 } } as const;

/** Values that all presets share. */
const common = {
  kernel: 3,
  blocks: 2,
  heads: 1,
  softmax: { fullUpTo: 10_000, candidates: 2000 },
  best: { recommend: robustly, classify: { ...robustly, batch: 64 } },
  patience: 5,
  chosen: { recommend: {}, classify: {} },
  masking: 'paper',
} as const;

/** Until held-out users say that it is enough; the cap of passes is a guard. */
const learntOut = { passes: 200, evaluations: 50, patience: 3 } as const;
/** The latest items of each user as they are: the paper's way, for millions of users. */
const plain = { ...learntOut, windows: 'latest', shuffled: 0, dropout: 0, rate: 0.001 } as const;
/** Against overfitting on a thousand users, and rates for few steps. */
const robust = {
  ...learntOut,
  batch: 32,
  rate: 0.003,
  windows: 'anywhere',
  shuffled: 0.5,
  dropout: 0.2,
} as const;
const few = { rates: { everything: 0.001, part: 0.003 }, dropout: 0.2 } as const;
const tiny = { ...few, batch: 64, passes: 30, steps: 24, evaluations: 3 } as const;
const long = { batch: 512, dropout: 0, passes: 40, evaluations: 40 } as const;

/** One budget for both objectives. */
const both = <B>(budget: B): Readonly<Record<Objective, B>> => ({
  nextItem: budget,
  maskedItems: budget,
});

const larger = { from: 300_000, patience: 3, passes: 48 };

/** Computed by a laptop in hours. */
const standard: Omit<Preset, 'name' | 'channels' | 'larger'> = {
  ...common,
  softmax: { fullUpTo: 2000, candidates: 512 },
  dilations: [1, 4, 16],
  padding: 'masked',
  pretraining: both(robust),
  recommend: { ...few, batch: 512, passes: 120, fixed: 20, evaluations: 60 },
  classify: { ...few, batch: 256, passes: 96, fixed: 10, evaluations: 48 },
  opponents: { level: 'default' },
  seeds: 3,
  threads: 1,
};

export const presets: Readonly<Record<Preset['name'], Preset>> = {
  quick: {
    ...common,
    name: 'quick',
    channels: 16,
    dilations: [1, 4],
    padding: 'masked',
    pretraining: both({ ...robust, steps: 80, evaluations: 1 }),
    recommend: tiny,
    classify: tiny,
    opponents: { level: 'quick' },
    seeds: 2,
    threads: 1,
  },
  default: { ...standard, name: 'default', channels: 32, larger: { ...larger, channels: 64 } },
  wide: { ...standard, name: 'wide', channels: 64, larger: { ...larger, channels: 128 }, seeds: 6 },
  paper: {
    ...common,
    name: 'paper',
    channels: 256,
    dilations: [1, 4, 1, 4, 1, 4, 1, 4],
    padding: 'embedded',
    pretraining: {
      nextItem: { ...plain, batch: 32 },
      maskedItems: { ...plain, batch: 128 },
    },
    recommend: { ...long, rates: { everything: 0.001, part: 0.001 } },
    classify: { ...long, rates: { everything: 0.0001, part: 0.0001 } },
    opponents: { level: 'paper' },
    seeds: 6,
  },
};

/** The preset as it is on a data set of so many interactions; evaluations of fine-tuning stay as far apart. */
export function sizedFor(preset: Preset, interactions: number): Preset {
  const { larger } = preset;
  if (!larger || interactions < larger.from) return preset;
  const { channels, patience, passes } = larger;
  const shorter = byKind((kind): Tuning => {
    const { evaluations, passes: before } = preset[kind];
    return { ...preset[kind], passes, evaluations: (passes * evaluations) / before };
  });
  return { ...preset, channels, patience, ...shorter };
}

/** Whether budgets are so small that nothing can be concluded, and no forecast is worth its time. */
export const isTrial = ({ name }: Pick<Preset, 'name'>): boolean => name === 'quick';

/** Whether the choices of a card and of tuning go before the preset's own. */
export const takesTuned = ({ name }: Pick<Preset, 'name'>): boolean => name === 'default' || name === 'wide';
