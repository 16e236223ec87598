import type { Padding } from '../model/trunk';
import type { Direction } from '../tensorflow/ops/convolution';
import type { MaskingRule } from '../training/masking';
import type { Grouping } from '../training/packing';
import { type BaselineBudgets, baselineBudgets, type Pretraining, type Tuning } from './budget';

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
  readonly pretraining: Readonly<Record<Direction, Pretraining>>;
  readonly recommend: Tuning;
  readonly classify: Tuning;
  readonly baselines: BaselineBudgets;
  readonly seeds: number;
};

/** The latest items of each user as they are: the paper's way, for millions of users. */
const plain = { windows: 'latest', shuffled: 0, dropout: 0 } as const;
/** Against overfitting on a thousand users; see sweep.md. */
const robust = { windows: 'anywhere', shuffled: 0.5, dropout: 0.2 } as const;

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
      causal: { batch: 32, rate: 0.003, steps: 80, evaluations: 1, ...robust },
      'non-causal': { batch: 32, rate: 0.003, steps: 80, evaluations: 1, ...robust },
    },
    recommend: {
      batch: 64,
      rates: { everything: 0.001, part: 0.003 },
      dropout: 0.2,
      steps: 24,
      evaluations: 3,
    },
    classify: {
      batch: 64,
      rates: { everything: 0.001, part: 0.003 },
      dropout: 0.2,
      steps: 24,
      evaluations: 3,
    },
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
      causal: { batch: 32, rate: 0.003, steps: 800, evaluations: 4, ...robust },
      'non-causal': { batch: 32, rate: 0.003, steps: 800, evaluations: 4, ...robust },
    },
    recommend: {
      batch: 512,
      rates: { everything: 0.001, part: 0.003 },
      dropout: 0.2,
      steps: 160,
      evaluations: 8,
    },
    classify: {
      batch: 256,
      rates: { everything: 0.001, part: 0.003 },
      dropout: 0.2,
      steps: 40,
      evaluations: 8,
    },
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
      causal: { batch: 32, rate: 0.001, steps: 30_000, evaluations: 30, ...plain },
      'non-causal': { batch: 128, rate: 0.001, steps: 30_000, evaluations: 30, ...plain },
    },
    recommend: {
      batch: 512,
      rates: { everything: 0.001, part: 0.001 },
      dropout: 0,
      steps: 2000,
      evaluations: 40,
    },
    classify: {
      batch: 512,
      rates: { everything: 0.0001, part: 0.0001 },
      dropout: 0,
      steps: 2000,
      evaluations: 40,
    },
    baselines: baselineBudgets.paper,
    seeds: 3,
  },
};
