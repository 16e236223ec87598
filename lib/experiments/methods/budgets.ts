import type { Task } from '../../data/tasks/tasks';
import type { Windows } from '../../training/itemInputs';

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
export type Pretraining = Length & {
  /** Adam's rate */
  readonly rate: number;
  readonly windows: Windows;
  /** Share of windows whose items are put into random order. */
  readonly shuffled: number;
  /** Dropout of embeddings, of what layers of SASRec add, and of the states that items are predicted from. */
  readonly dropout: number;
  /** Evaluations without a gain before early stopping. */
  readonly patience: number;
};

export type ByKind<B> = Readonly<Record<Task['kind'], B>>;

/** Budgets by kind of task. */
export const byKind = <B>(of: (kind: Task['kind']) => B): ByKind<B> => ({
  recommend: of('recommend'),
  classify: of('classify'),
});

/** A budget with a share of its passes. */
export const shortened = <L extends Length>(length: L, share: number): L =>
  share === 1
    ? length
    : {
        ...length,
        passes: share * length.passes,
        ...(length.steps === undefined ? {} : { steps: Math.ceil(share * length.steps) }),
        evaluations: share * length.evaluations,
      };
