/** How long methods train, from the curves of their documents. */
import { meanSd, tasksOf } from '../evidence/aggregate';
import { type Ran, runsOf } from '../experiments/documents/ran';
import type { Method } from '../experiments/methods/identity';
import type { CurvePoint } from '../training/fit';
import { columnsOf, type Table } from './table/table';

/** A row for each trunk that was pre-trained, then for each task and method that takes steps; the tasks in the paper's order. */
export function speedTable(
  name: string,
  { results, pretraining }: Pick<Ran, 'results' | 'pretraining'>,
  methods: readonly Method[],
): Table {
  const trunks = [...new Set(pretraining.map(({ task }) => task))].map((source) => ({
    task: `source of ${source}`,
    method: 'Pre-training, once for all tasks',
    seconds: meanSd(pretraining.filter(({ task }) => task === source).map((run) => run.seconds)),
  }));
  const trained = tasksOf(results).flatMap((task) =>
    methods.flatMap((method) => {
      const ends = runsOf(results, task, method).flatMap(({ curve }) => curve.slice(-1));
      return ends.length === 0 ? [] : [{ task, method: method.label, ...speedOf(ends) }];
    }),
  );
  return {
    ...{ name, caption: 'Time of training, evaluation left out.' },
    columns: columnsOf({
      ...{ task: 'Task', method: 'Method', steps: 'Steps', millisecondsAStep: ['Milliseconds a step', 1] },
      ...{ secondsAPass: ['Seconds a pass', 2], seconds: ['Seconds in all', 1] },
    }),
    rows: [...trunks, ...trained],
    note: 'Wall-clock time when a document was computed, with whatever else the machine did. A pass is over all training instances.',
  };
}

/** By the pass too: batches differ from method to method. */
const speedOf = (ends: readonly CurvePoint[]) => ({
  steps: meanSd(ends.map(({ step }) => step)),
  millisecondsAStep: meanSd(ends.map(({ seconds, step }) => (1000 * seconds) / step)),
  secondsAPass: meanSd(ends.map(({ seconds, epoch }) => seconds / epoch)),
  seconds: meanSd(ends.map(({ seconds }) => seconds)),
});
