import type { Task } from '../../data/tasks/tasks';
import type { Windows } from '../../training/itemInputs';
import type { Similarity } from '../../training/opponents/itemCooccurrence';

/** How long something trains. */
export type Length = {
  /** At most: of a small task so few that a pass has eight batches, but at least 32. */
  readonly batch: number;
  /** Passes over the training data, at most. */
  readonly passes: number;
  /** Passes without early stopping, where validation is too small for it; absent: `passes`. */
  readonly fixed?: number;
  /** Optimiser steps, at most. */
  readonly steps?: number;
  /** Evaluations, evenly spaced over all passes; proportionally fewer in `fixed` ones. */
  readonly evaluations: number;
};

const BATCHES_OF_A_PASS = 8;
const LEAST_BATCH = 32;

/** Labels of a batch where a pass has that many instances. */
export const batchIn = ({ batch }: Length, passSize: number): number =>
  Math.min(batch, Math.max(LEAST_BATCH, Math.ceil(passSize / BATCHES_OF_A_PASS)));

/** Steps where a pass has that many batches; `watched`: with early stopping. */
export function stepsIn(length: Length, batches: number, watched = true): number {
  const { passes, fixed = passes, steps = Number.POSITIVE_INFINITY } = length;
  return Math.min(steps, Math.ceil((watched ? passes : fixed) * batches));
}

/** Evaluations within these steps. */
export function evaluationsIn({ passes, fixed = passes, evaluations }: Length, watched = true): number {
  return Math.ceil(evaluations * (watched ? 1 : Math.min(1, fixed / passes)));
}

/** How much an experiment may cost. */
export type Budget = Length & {
  /** Adam's rate */
  readonly rate: number;
};

/** Whether fine-tuning changes everything or only a part: patches, a classifier, last layers. */
export type Extent = 'everything' | 'part';

/** How tasks of a kind are fine-tuned. All methods take the same batches, so that curves compare. */
export type Tuning = Length & {
  /** Adam's rate */
  readonly rates: Readonly<Record<Extent, number>>;
  /** Dropout of the user vector. */
  readonly dropout: number;
};

/** How a trunk is pre-trained. */
export type Pretraining = Budget & {
  readonly windows: Windows;
  /** Share of windows whose items are put into random order. */
  readonly shuffled: number;
  /** Dropout of embeddings, and of the states that items are predicted from. */
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
  /** For as many steps as a causal trunk is pre-trained: labels of a batch, dropout of user vectors, weight of the source loss. */
  readonly MTL: ByKind<
    Pick<Budget, 'batch' | 'evaluations' | 'rate'> & { readonly dropout: number; readonly lambda: number }
  >;
};

const short = { batch: 64, passes: 30, fixed: 8, evaluations: 30 } as const;

const chosen: BaselineBudgets = {
  'item co-occurrence': {
    recommend: { item: 1, label: 0.5, shrink: 1 },
    classify: { item: 1, label: 0.5, shrink: 0 },
  },
  'bag of items': {
    recommend: { ...short, rate: 0.01, decay: 0.0003 },
    classify: { ...short, rate: 0.01, decay: 0.0003 },
  },
  NeuFM: {
    recommend: { ...short, rate: 0.01, dropout: 0.5 },
    classify: { ...short, rate: 0.003, dropout: 0.5 },
  },
  DeepFM: {
    recommend: { ...short, rate: 0.01, dropout: 0.5 },
    classify: { ...short, rate: 0.003, dropout: 0.5 },
  },
  MTL: {
    recommend: { batch: 32, evaluations: 30, rate: 0.001, dropout: 0.2, lambda: 1 },
    classify: { batch: 32, evaluations: 30, rate: 0.001, dropout: 0.5, lambda: 100 },
  },
};

type Change = (kind: Task['kind']) => Partial<Budget>;

const changedBy = <B, C extends Partial<B>>(
  { recommend, classify }: ByKind<B>,
  change: (kind: Task['kind']) => C,
): ByKind<B & C> => ({
  recommend: { ...recommend, ...change('recommend') },
  classify: { ...classify, ...change('classify') },
});

/** The same budgets with other steps, batches or rates for the methods that take steps over a task. */
function changed(change: Change, ofLogisticRegression = change): Omit<BaselineBudgets, 'MTL'> {
  return {
    ...chosen,
    'bag of items': changedBy(chosen['bag of items'], ofLogisticRegression),
    NeuFM: changedBy(chosen.NeuFM, change),
    DeepFM: changedBy(chosen.DeepFM, change),
  };
}

const long = { batch: 512, passes: 40, evaluations: 40 };
const paperRate = { recommend: 0.001, classify: 0.0001 };

/**
 * `quick` cuts the length of `default`. `paper` has the paper's batch and rates, which it gives for all that it
 * compares; logistic regression is not among them and keeps its rate, and MTL, which trains its trunk meanwhile, has the rate and
 * the batch of pre-training. The passes are ours.
 */
export const baselineBudgets: Readonly<Record<'quick' | 'default' | 'paper', BaselineBudgets>> = {
  quick: {
    ...changed(() => ({ steps: 24, evaluations: 3 })),
    MTL: changedBy(chosen.MTL, () => ({ evaluations: 3 })),
  },
  default: chosen,
  paper: {
    ...changed(
      (kind) => ({ ...long, rate: paperRate[kind] }),
      () => long,
    ),
    MTL: changedBy(chosen.MTL, () => ({ evaluations: 40, rate: 0.001, dropout: 0 })),
  },
};
