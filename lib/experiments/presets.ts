import type { Padding } from '../model/trunk';
import type { Direction } from '../tensorflow/ops/convolution';
import type { MaskingRule } from '../training/masking';
import type { Grouping } from '../training/packing';
import { type BaselineBudgets, type Budget, baselineBudgets } from './budget';

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
  /** What pre-training of a non-causal trunk hides. */
  readonly masking: MaskingRule;
  readonly pretraining: Readonly<Record<Direction, Budget>>;
  readonly recommend: Budget;
  readonly classify: Budget;
  readonly baselines: BaselineBudgets;
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
    masking: 'paper',
    pretraining: {
      causal: { batch: 32, rate: 0.003, steps: 150, evaluations: 1 },
      'non-causal': { batch: 32, rate: 0.003, steps: 150, evaluations: 1 },
    },
    recommend: { batch: 64, rate: 0.003, steps: 40, evaluations: 4 },
    classify: { batch: 64, rate: 0.003, steps: 40, evaluations: 4 },
    baselines: baselineBudgets.quick,
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
    masking: 'paper',
    pretraining: {
      causal: { batch: 32, rate: 0.003, steps: 200, evaluations: 2 },
      'non-causal': { batch: 32, rate: 0.003, steps: 200, evaluations: 2 },
    },
    recommend: { batch: 64, rate: 0.003, steps: 280, evaluations: 7 },
    classify: { batch: 64, rate: 0.003, steps: 40, evaluations: 8 },
    baselines: baselineBudgets.default,
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
    masking: 'paper',
    pretraining: {
      causal: { batch: 32, rate: 0.001, steps: 30_000, evaluations: 30 },
      'non-causal': { batch: 128, rate: 0.001, steps: 30_000, evaluations: 30 },
    },
    recommend: { batch: 512, rate: 0.001, steps: 2000, evaluations: 40 },
    classify: { batch: 512, rate: 0.0001, steps: 2000, evaluations: 40 },
    baselines: baselineBudgets.paper,
    seeds: 3,
  },
};
