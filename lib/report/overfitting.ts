/** Whether a method loses on the test part, while it trains on, what it had reached where validation stops it. */
import { mean } from 'simple-statistics';
import { z } from 'zod';
import type { Result } from '../documents/document';
import { runsOf } from '../documents/ran';
import { type MeanSd, meanSd, metricOf, placesOf, tested } from '../evidence/aggregate';
import type { Method } from '../methods/identity';
import type { CurvePoint } from '../training/fit';
import type { Table } from './table/table';

export interface Overfitting {
  /** The task, with the share of its training instances where that is not all. */
  readonly task: string;
  readonly method: string;
  readonly metric: string;
  /** The step whose state is kept, and the last one that was taken: means over seeds. */
  readonly keptStep: number;
  readonly lastStep: number;
  readonly kept: MeanSd;
  readonly last: MeanSd;
  /** Kept minus last, seed by seed. */
  readonly lost: MeanSd;
  /** Mean training loss at the two. */
  readonly lossAtKept: number;
  readonly lossAtLast: number;
  /** What it trained with; nothing where its declaration does not say. */
  readonly rate: number | null;
  readonly dropout: number | null;
}

/** What the declaration of a fine-tuning says of rates. */
const fineTuned = z.object({
  tuned: z.unknown(),
  budget: z.object({
    rates: z.object({ everything: z.number(), part: z.number() }),
    dropout: z.number(),
  }),
});

/** Rate and dropout of a training. */
function trainedWith({ declaration }: Pick<Result, 'declaration'>): Pick<Overfitting, 'rate' | 'dropout'> {
  const { data } = fineTuned.safeParse(declaration);
  if (data === undefined) return { rate: null, dropout: null };
  const { rates, dropout } = data.budget;
  return { rate: data.tuned === 'everything' ? rates.everything : rates.part, dropout };
}

/** One a task, share of its training instances and method that trained, the tasks in the paper's order. */
export function overfitting(all: readonly Result[], methods: readonly Method[]): Overfitting[] {
  const results = tested(all);
  return placesOf(results, methods).flatMap(({ task, title, methods: here }) =>
    here.flatMap((method) => {
      const runs = runsOf(results, task, method).filter(({ curve }) => curve.length > 0);
      if (runs.length === 0) return [];
      return [{ task: title, method: method.label, ...keptAndLast(runs, metricOf(results, task)) }];
    }),
  );
}

function keptAndLast(runs: readonly Pick<Result, 'curve' | 'stoppedAt' | 'declaration'>[], metric: string) {
  const kept = runs.map(({ curve, stoppedAt }) => curve.find(({ step }) => step === stoppedAt) as CurvePoint);
  const last = runs.map(({ curve }) => curve[curve.length - 1]);
  const test = (points: readonly CurvePoint[]) => points.map((point) => point.test[metric]);
  const step = (points: readonly CurvePoint[]) => Math.round(mean(points.map((point) => point.step)));
  return {
    metric,
    keptStep: step(kept),
    lastStep: step(last),
    kept: meanSd(test(kept)),
    last: meanSd(test(last)),
    lost: meanSd(test(kept).map((value, i) => value - test(last)[i])),
    lossAtKept: mean(kept.map(({ loss }) => loss)),
    lossAtLast: mean(last.map(({ loss }) => loss)),
    ...trainedWith(runs[0]),
  };
}

/** One row for each method on each task. */
export function overfittingTable(
  about: Pick<Table, 'name' | 'caption'>,
  found: readonly Overfitting[],
): Table {
  return {
    ...about,
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'method', label: 'Method' },
      { key: 'metric', label: 'Metric' },
      { key: 'keptStep', label: 'Kept step' },
      { key: 'kept', label: 'Kept', digits: 3 },
      { key: 'lastStep', label: 'Last step' },
      { key: 'last', label: 'Last', digits: 3 },
      { key: 'lost', label: 'Lost', digits: 3 },
      { key: 'lossAtKept', label: 'Training loss, kept', digits: 3 },
      { key: 'lossAtLast', label: 'last', digits: 3 },
      { key: 'rate', label: 'Rate', digits: 5 },
      { key: 'dropout', label: 'Dropout', digits: 3 },
    ],
    rows: found.map((row) => ({ ...row })),
    note:
      'Kept: the best state on validation data. Overfitting is a loss on test data while the training loss still falls; ' +
      'a little is lost or won by chance.',
  };
}
