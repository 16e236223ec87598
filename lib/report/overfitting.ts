/** Whether a method loses, while it trains on, what it had reached on the test part before. */
import { mean } from 'simple-statistics';
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
  /** The step after which the mean over seeds is highest, and the last one. */
  readonly bestStep: number;
  readonly lastStep: number;
  readonly best: MeanSd;
  readonly last: MeanSd;
  /** Best minus last, seed by seed. */
  readonly lost: MeanSd;
  /** Mean training loss at the two. */
  readonly lossAtBest: number;
  readonly lossAtLast: number;
}

/** One a task, share of its training instances and method that trained, the tasks in the paper's order. */
export function overfitting(all: readonly Result[], methods: readonly Method[]): Overfitting[] {
  const results = tested(all);
  return placesOf(results, methods).flatMap(({ task, title, methods: here }) =>
    here.flatMap((method) => {
      const curves = runsOf(results, task, method).map(({ curve }) => curve);
      if (curves.every((curve) => curve.length === 0)) return [];
      return [{ task: title, method: method.label, ...bestAndLast(curves, metricOf(results, task)) }];
    }),
  );
}

/** All seeds of a method take their metrics after the same steps. */
function bestAndLast(curves: readonly (readonly CurvePoint[])[], metric: string) {
  const at = (i: number) => curves.map((curve) => curve[i].test[metric]);
  const means = curves[0].map((_, i) => mean(at(i)));
  const best = means.indexOf(Math.max(...means));
  const last = means.length - 1;
  const loss = (i: number) => mean(curves.map((curve) => curve[i].loss));
  return {
    metric,
    bestStep: curves[0][best].step,
    lastStep: curves[0][last].step,
    best: meanSd(at(best)),
    last: meanSd(at(last)),
    lost: meanSd(curves.map((curve) => curve[best].test[metric] - curve[last].test[metric])),
    lossAtBest: loss(best),
    lossAtLast: loss(last),
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
      { key: 'bestStep', label: 'Best step' },
      { key: 'best', label: 'Best', digits: 3 },
      { key: 'lastStep', label: 'Last step' },
      { key: 'last', label: 'Last', digits: 3 },
      { key: 'lost', label: 'Lost', digits: 3 },
      { key: 'lossAtBest', label: 'Training loss, best', digits: 3 },
      { key: 'lossAtLast', label: 'last', digits: 3 },
    ],
    rows: found.map((row) => ({ ...row })),
    note:
      'The best step is that of the mean over seeds, chosen on the test part itself: a little is lost by chance alone, by ' +
      'every method. Overfitting is a greater loss while the training loss still falls.',
  };
}

/** What each method loses, as Markdown: one line a task. */
export function overfittingAnswer(found: readonly Overfitting[]): string {
  const tasks = [...new Set(found.map(({ task }) => task))];
  return tasks
    .map((task) =>
      lineOf(
        task,
        found.filter((row) => row.task === task),
      ),
    )
    .join('\n');
}

function lineOf(task: string, found: readonly Overfitting[]): string {
  const clauses = found.map(
    ({ method, bestStep, lastStep, best, last, lost, lossAtBest, lossAtLast }) =>
      `${method} is best after ${bestStep} of ${lastStep} steps (${best.mean.toFixed(3)}) and ends at ` +
      `${last.mean.toFixed(3)}, ${lost.mean.toFixed(3)} lower, while its training loss goes from ` +
      `${lossAtBest.toFixed(3)} to ${lossAtLast.toFixed(3)}`,
  );
  return `- ${task}: ${clauses.join('; ')}.`;
}
