import type { Padding } from '../model/trunk';
import type { Grouping } from '../training/packing';

/** How much an experiment may cost. The rates, steps and padding of `default` were chosen by the sweep in sweep.md. */
export type Budget = {
  readonly batch: number;
  /** Adam's rate */
  readonly rate: number;
  readonly steps: number;
  /** Times at which the metrics are taken. */
  readonly evaluations: number;
};

export type Preset = {
  readonly name: 'quick' | 'default' | 'paper';
  /** k */
  readonly channels: number;
  readonly kernel: number;
  /** Dilation of each block's first convolution; its second has twice as much. */
  readonly dilations: readonly number[];
  /** The authors' code embeds padding. */
  readonly padding: Padding;
  /** What shares one encoding in a batch of fine-tuning. */
  readonly grouping: Grouping;
  /** Source catalogues up to this size are pre-trained with the full softmax, larger ones with sampled candidates. */
  readonly softmax: { readonly fullUpTo: number; readonly candidates: number };
  readonly pretraining: Budget;
  readonly recommend: Budget;
  readonly classify: Budget;
  readonly seeds: number;
};

export const presets: Readonly<Record<Preset['name'], Preset>> = {
  quick: {
    name: 'quick',
    channels: 16,
    kernel: 3,
    dilations: [1, 4],
    padding: 'masked',
    grouping: 'user',
    softmax: { fullUpTo: 10_000, candidates: 2000 },
    pretraining: { batch: 32, rate: 0.003, steps: 150, evaluations: 1 },
    recommend: { batch: 64, rate: 0.003, steps: 40, evaluations: 4 },
    classify: { batch: 64, rate: 0.003, steps: 40, evaluations: 4 },
    seeds: 2,
  },
  default: {
    name: 'default',
    channels: 32,
    kernel: 3,
    dilations: [1, 4, 16],
    padding: 'masked',
    grouping: 'user',
    softmax: { fullUpTo: 10_000, candidates: 2000 },
    pretraining: { batch: 32, rate: 0.003, steps: 200, evaluations: 2 },
    recommend: { batch: 64, rate: 0.003, steps: 280, evaluations: 7 },
    classify: { batch: 64, rate: 0.003, steps: 40, evaluations: 8 },
    seeds: 3,
  },
  paper: {
    name: 'paper',
    channels: 256,
    kernel: 3,
    dilations: [1, 4, 1, 4, 1, 4, 1, 4],
    padding: 'embedded',
    grouping: 'user',
    softmax: { fullUpTo: 10_000, candidates: 2000 },
    pretraining: { batch: 32, rate: 0.001, steps: 30_000, evaluations: 30 },
    recommend: { batch: 512, rate: 0.001, steps: 2000, evaluations: 40 },
    classify: { batch: 512, rate: 0.0001, steps: 2000, evaluations: 40 },
    seeds: 3,
  },
};
