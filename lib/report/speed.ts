/** How long methods train, from the curves of their documents. */
import type { Result } from '../documents/document';
import { runsOf } from '../documents/ran';
import { type MeanSd, meanSd, tasksOf } from '../evidence/aggregate';
import type { Method } from '../methods/identity';
import type { CurvePoint } from '../training/fit';
import type { Table } from './table/table';

export interface Speed {
  readonly task: string;
  readonly method: Method;
  readonly steps: MeanSd;
  readonly millisecondsAStep: MeanSd;
  /** One pass over the training instances: batches differ from method to method. */
  readonly secondsAPass: MeanSd;
  readonly seconds: MeanSd;
}

/** One a task and method that takes steps, the tasks in the paper's order. */
export function speeds(results: readonly Result[], methods: readonly Method[]): Speed[] {
  return tasksOf(results).flatMap((task) =>
    methods.flatMap((method) => {
      const ends = runsOf(results, task, method).flatMap(({ curve }) => curve.slice(-1));
      return ends.length === 0 ? [] : [{ task, method, ...speedOf(ends) }];
    }),
  );
}

function speedOf(ends: readonly CurvePoint[]) {
  return {
    steps: meanSd(ends.map(({ step }) => step)),
    millisecondsAStep: meanSd(ends.map(({ seconds, step }) => (1000 * seconds) / step)),
    secondsAPass: meanSd(ends.map(({ seconds, epoch }) => seconds / epoch)),
    seconds: meanSd(ends.map(({ seconds }) => seconds)),
  };
}

/** One row for each speed, as `speeds` orders them, and before them one for each trunk that was pre-trained. */
export function speedTable(name: string, found: readonly Speed[], pretraining: readonly Result[]): Table {
  const trunks = [...new Set(pretraining.map(({ task }) => task))].map((source) => ({
    task: `source of ${source}`,
    method: 'Pre-training, once for all tasks',
    seconds: meanSd(pretraining.filter(({ task }) => task === source).map((run) => run.seconds)),
  }));
  return {
    name,
    caption: 'Time of training, evaluation left out.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'method', label: 'Method' },
      { key: 'steps', label: 'Steps' },
      { key: 'millisecondsAStep', label: 'Milliseconds a step', digits: 1 },
      { key: 'secondsAPass', label: 'Seconds a pass', digits: 2 },
      { key: 'seconds', label: 'Seconds in all', digits: 1 },
    ],
    rows: [...trunks, ...found.map(({ method, ...row }) => ({ ...row, method: method.label }))],
    note: 'Wall-clock time when a document was computed, with whatever else the machine did. A pass is over all training instances.',
  };
}
