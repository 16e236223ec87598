import type { Similarity } from '../baselines/itemCooccurrence';
import type { Task } from '../datasets/tasks/tasks';
import type { Windows } from '../training/windows';

/** How much an experiment may cost. Those of `default` were chosen by the sweep in sweep.md. */
export type Budget = {
  readonly batch: number;
  /** Adam's rate */
  readonly rate: number;
  readonly steps: number;
  /** Times at which the metrics are taken. */
  readonly evaluations: number;
};

/** Whether fine-tuning changes everything or only a part: patches, a classifier, last layers. */
export type Extent = 'everything' | 'part';

/** How tasks of a kind are fine-tuned. All methods take the same steps on the same batches, so that curves compare. */
export type Tuning = Omit<Budget, 'rate'> & {
  /** Adam's rate */
  readonly rates: Readonly<Record<Extent, number>>;
  /** How often a value of the user vector that a label is predicted from is 0. */
  readonly dropout: number;
};

/** How a trunk is pre-trained. */
export type Pretraining = Budget & {
  readonly windows: Windows;
  /** How often the items of a window are put into random order; order is all that `0` knows. */
  readonly shuffled: number;
  /** How often a value of an item's embedding, or of the state that an item is predicted from, is 0. */
  readonly dropout: number;
};

type ByKind<B> = Readonly<Record<Task['kind'], B>>;

/** What was tuned of each opponent, by kind of task. */
export type BaselineBudgets = {
  readonly 'item co-occurrence': ByKind<Similarity>;
  /** Strength of L2. */
  readonly 'bag of items': ByKind<Budget & { readonly decay: number }>;
  readonly NeuFM: ByKind<Budget & { readonly dropout: number }>;
  readonly DeepFM: ByKind<Budget & { readonly dropout: number }>;
  /** Weight of the source loss beside the target loss. */
  readonly MTL: ByKind<Budget & { readonly lambda: number }>;
};

const chosen: BaselineBudgets = {
  'item co-occurrence': {
    recommend: { item: 1, label: 0.5, shrink: 1 },
    classify: { item: 1, label: 0.5, shrink: 0 },
  },
  'bag of items': {
    recommend: { batch: 64, rate: 0.01, steps: 160, evaluations: 4, decay: 0.0003 },
    classify: { batch: 64, rate: 0.01, steps: 160, evaluations: 4, decay: 0.0003 },
  },
  NeuFM: {
    recommend: { batch: 64, rate: 0.01, steps: 160, evaluations: 4, dropout: 0.5 },
    classify: { batch: 64, rate: 0.003, steps: 80, evaluations: 4, dropout: 0.5 },
  },
  DeepFM: {
    recommend: { batch: 64, rate: 0.01, steps: 160, evaluations: 4, dropout: 0.5 },
    classify: { batch: 64, rate: 0.003, steps: 120, evaluations: 4, dropout: 0.5 },
  },
  MTL: {
    recommend: { batch: 64, rate: 0.001, steps: 320, evaluations: 4, lambda: 0.1 },
    classify: { batch: 32, rate: 0.001, steps: 30, evaluations: 3, lambda: 0.1 },
  },
};

type Change = (kind: Task['kind']) => Partial<Budget>;

const changedBy = <B extends Budget>({ recommend, classify }: ByKind<B>, change: Change): ByKind<B> => ({
  recommend: { ...recommend, ...change('recommend') },
  classify: { ...classify, ...change('classify') },
});

/** The same budgets with other steps, batches or rates for the methods that take steps. */
function changed(change: Change, ofLogisticRegression = change): BaselineBudgets {
  return {
    ...chosen,
    'bag of items': changedBy(chosen['bag of items'], ofLogisticRegression),
    NeuFM: changedBy(chosen.NeuFM, change),
    DeepFM: changedBy(chosen.DeepFM, change),
    MTL: changedBy(chosen.MTL, change),
  };
}

const long = { batch: 512, steps: 2000, evaluations: 40 };

/**
 * `quick` cuts the steps of `default`. `paper` has the paper's batch and rates, which it gives for all that it
 * compares; logistic regression is not among them and keeps its rate. The steps are ours.
 */
export const baselineBudgets: Readonly<Record<'quick' | 'default' | 'paper', BaselineBudgets>> = {
  quick: changed(() => ({ steps: 24, evaluations: 3 })),
  default: chosen,
  paper: changed(
    (kind) => ({ ...long, rate: kind === 'recommend' ? 0.001 : 0.0001 }),
    () => long,
  ),
};
