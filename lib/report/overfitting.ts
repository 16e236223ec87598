/** Overfitting: what a method loses on test data after the state that validation keeps. */
import { mean } from 'simple-statistics';
import { z } from 'zod';
import { meanSd, metricOf, placesOf, tested } from '../evidence/aggregate';
import type { Result } from '../experiments/documents/document';
import { runsOf } from '../experiments/documents/ran';
import type { Method } from '../experiments/methods/identity';
import type { CurvePoint } from '../training/fit';
import { columnsOf, type Table } from './table/table';

/** What the declaration of a fine-tuning says of rates. */
const rates = z.object({ everything: z.number(), part: z.number() });
const fineTuned = z.object({ tuned: z.unknown(), budget: z.object({ rates, dropout: z.number() }) });

/** Rate and dropout of a training; null where its declaration names none. */
function trainedWith({ declaration }: Result) {
  const { data } = fineTuned.safeParse(declaration);
  if (data === undefined) return { rate: null, dropout: null };
  const { rates, dropout } = data.budget;
  return { rate: data.tuned === 'everything' ? rates.everything : rates.part, dropout };
}

/** The state that validation keeps and the last one: test metric, steps and training loss, over seeds; lost: seed by seed. */
function keptAndLast(runs: readonly Result[], metric: string) {
  const [kept, last] = [
    runs.map(({ curve, stoppedAt }) => curve.find(({ step }) => step === stoppedAt) as CurvePoint),
    runs.map(({ curve }) => curve[curve.length - 1]),
  ].map((points) => ({
    step: Math.round(mean(points.map(({ step }) => step))),
    test: points.map(({ test }) => test[metric]),
    loss: mean(points.map(({ loss }) => loss)),
  }));
  return {
    ...{ metric, keptStep: kept.step, lastStep: last.step, kept: meanSd(kept.test), last: meanSd(last.test) },
    lost: meanSd(kept.test.map((value, i) => value - last.test[i])),
    ...{ lossAtKept: kept.loss, lossAtLast: last.loss, ...trainedWith(runs[0]) },
  };
}

/** A row for each task, share of its training instances and method that trained, the tasks in the paper's order. */
export function overfittingTable(
  about: Pick<Table, 'name' | 'caption'>,
  all: readonly Result[],
  methods: readonly Method[],
): Table {
  const results = tested(all);
  return {
    ...about,
    columns: columnsOf({
      ...{ task: 'Task', method: 'Method', metric: 'Metric' },
      ...{ keptStep: 'Kept step', kept: ['Kept', 3], lastStep: 'Last step', last: ['Last', 3] },
      ...{ lost: ['Lost', 3], lossAtKept: ['Training loss, kept', 3], lossAtLast: ['last', 3] },
      ...{ rate: ['Rate', 5], dropout: ['Dropout', 3] },
    }),
    rows: placesOf(results, methods).flatMap(({ task, title, methods: here }) =>
      here.flatMap((method) => {
        const runs = runsOf(results, task, method).filter(({ curve }) => curve.length > 0);
        if (runs.length === 0) return [];
        return { task: title, method: method.label, ...keptAndLast(runs, metricOf(results, task)) };
      }),
    ),
    note:
      'Kept: the best state on validation data. Overfitting is a loss on test data while the training loss still falls; ' +
      'a little is lost or won by chance.',
  };
}
