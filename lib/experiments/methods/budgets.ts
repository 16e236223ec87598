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

/** On a share of the labels, where validation ends a training: about as many steps at most as on all, evaluated after as many passes. */
export const onShare = <L extends Length>(length: L, share = 1): L => ({
  ...length,
  passes: length.passes / share,
  evaluations: length.evaluations / share,
});

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
  /** Strength of L2 on the classifier's weights; none if absent. */
  readonly decay?: number;
};

/** How a trunk is pre-trained. */
export type Pretraining = Budget & {
  readonly windows: Windows;
  /** Share of windows whose items are put into random order. */
  readonly shuffled: number;
  /** Dropout of embeddings, of what layers of SASRec add, and of the states that items are predicted from. */
  readonly dropout: number;
  /** Evaluations without a gain before early stopping. */
  readonly patience: number;
};

export type ByKind<B> = Readonly<Record<Task['kind'], B>>;

/** What was tuned of each opponent, by kind of task. */
export type BaselineBudgets = {
  readonly 'item co-occurrence': ByKind<Similarity>;
  /** Strength of L2. */
  readonly 'bag of items': ByKind<Budget & { readonly decay: number }>;
  readonly NeuFM: ByKind<Budget & { readonly dropout: number }>;
  readonly DeepFM: ByKind<Budget & { readonly dropout: number }>;
  /** Labels of a batch, passes over the windows of the source, dropout of user vectors, weight of the source loss. */
  readonly MTL: ByKind<Budget & { readonly dropout: number; readonly lambda: number }>;
};

const short = { batch: 64, passes: 32, fixed: 8, evaluations: 32, rate: 0.01 } as const;
const logistic = { ...short, decay: 0.0003 };
const factors = {
  recommend: { ...short, dropout: 0.5 },
  classify: { ...short, rate: 0.003, dropout: 0.5 },
};

const joint = { batch: 32, passes: 40, evaluations: 20, rate: 0.001 } as const;

const chosen: BaselineBudgets = {
  'item co-occurrence': {
    recommend: { item: 1, label: 0.5, shrink: 1 },
    classify: { item: 1, label: 0.5, shrink: 0 },
  },
  'bag of items': { recommend: logistic, classify: logistic },
  NeuFM: factors,
  DeepFM: factors,
  MTL: {
    recommend: { ...joint, dropout: 0.2, lambda: 1 },
    classify: { ...joint, dropout: 0.5, lambda: 100 },
  },
};

/** The same by kind of task. */
export const byKind = <B>(of: (kind: Task['kind']) => B): ByKind<B> => ({
  recommend: of('recommend'),
  classify: of('classify'),
});

/** The same budgets with what differs; `ofSteps` changes the models that take steps over a task and compare with each other. */
const changed = (
  ofBag: Partial<Budget>,
  ofSteps: (kind: Task['kind']) => Partial<Budget>,
  ofMTL: Partial<BaselineBudgets['MTL']['recommend']>,
): BaselineBudgets => ({
  'item co-occurrence': chosen['item co-occurrence'],
  'bag of items': byKind((kind) => ({ ...chosen['bag of items'][kind], ...ofBag })),
  NeuFM: byKind((kind) => ({ ...chosen.NeuFM[kind], ...ofSteps(kind) })),
  DeepFM: byKind((kind) => ({ ...chosen.DeepFM[kind], ...ofSteps(kind) })),
  MTL: byKind((kind) => ({ ...chosen.MTL[kind], ...ofMTL })),
});

const tiny = { steps: 24, evaluations: 3 };
const long = { batch: 512, passes: 40, evaluations: 40 };
const paperRate = { recommend: 0.001, classify: 0.0001 };

/**
 * `quick` cuts the length of `default`. `paper` has the paper's batch and rates, which it gives for all that it
 * compares; logistic regression is not among them and keeps its rate, and MTL, which trains its trunk meanwhile, has the rate and
 * the batch of pre-training. The passes are ours.
 */
export const baselineBudgets: Readonly<Record<'quick' | 'default' | 'paper', BaselineBudgets>> = {
  quick: changed(tiny, () => tiny, { steps: 80, evaluations: 3 }),
  default: chosen,
  paper: changed(long, (kind) => ({ ...long, rate: paperRate[kind] }), {
    evaluations: 40,
    rate: 0.001,
    dropout: 0,
  }),
};
