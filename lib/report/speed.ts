/** How long methods train, from the curves of their documents. */
import { mean, sum } from 'simple-statistics';
import type { Result } from '../documents/document';
import { type Ran, runsOf } from '../documents/ran';
import { type MeanSd, meanSd, tasksOf } from '../evidence/aggregate';
import { isSame, type Method } from '../methods/identity';
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

/** One row for each speed, as `speeds` orders them. */
export function speedTable(name: string, found: readonly Speed[]): Table {
  return {
    name,
    caption: 'Time of training, evaluation left out.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'method', label: 'Method' },
      { key: 'steps', label: 'Steps' },
      { key: 'millisecondsAStep', label: 'Milliseconds a step', digits: 1 },
      { key: 'secondsAPass', label: 'Seconds a pass', digits: 2 },
      { key: 'seconds', label: 'Seconds to the last step', digits: 1 },
    ],
    rows: found.map(({ method, ...row }) => ({ ...row, method: method.label })),
    note:
      'Wall-clock time as it was when a document was computed, with whatever else the machine did. A pass is over all ' +
      'training instances of the task, whatever the batch; methods of one task may take their last step after another number of passes.',
  };
}

/** How many times as long `slow` trains as `fast`, and what the trunks of `fast` had cost before, as Markdown. */
export function speedAnswer(
  found: readonly Speed[],
  [slow, fast]: readonly [Method, Method],
  pretraining: Ran['pretraining'],
): string {
  const of = (method: Method, task: string) =>
    found.find((row) => isSame(row.method, method) && row.task === task);
  const lines = [...new Set(found.map(({ task }) => task))].flatMap((task) => {
    const [a, b] = [of(slow, task), of(fast, task)];
    if (a === undefined || b === undefined) return [];
    const ratio = (key: 'secondsAPass' | 'seconds') => (a[key].mean / b[key].mean).toFixed(1);
    return [
      `- ${task}: ${slow.label} takes ${ratio('secondsAPass')} times as long a pass as ${fast.label}, and ${ratio('seconds')} times to its last step.`,
    ];
  });
  const trunks = trunkSeconds(pretraining);
  const secondsOf = (method: Method) =>
    sum(found.filter((row) => isSame(row.method, method)).map(({ seconds }) => seconds.mean));
  const [own, others] = [secondsOf(fast) + sum([...trunks.values()]), secondsOf(slow)];
  const inAll =
    lines.length === 0 || trunks.size === 0
      ? []
      : [
          `- In all, ${slow.label} takes ${others.toFixed(0)} seconds a seed, and ${fast.label} with its trunks ${own.toFixed(0)}: ${(others / own).toFixed(1)} times as long.`,
        ];
  return [...lines, ...pretrainingLines(fast.label, trunks), ...inAll].join('\n');
}

/** Seconds of pre-training by source, the mean over seeds. */
const trunkSeconds = (pretraining: readonly Result[]): ReadonlyMap<string, number> =>
  new Map(
    [...new Set(pretraining.map(({ task }) => task))].map((source) => [
      source,
      mean(pretraining.filter(({ task }) => task === source).map((run) => run.seconds)),
    ]),
  );

const pretrainingLines = (method: string, trunks: ReadonlyMap<string, number>): string[] =>
  [...trunks].map(
    ([source, seconds]) =>
      `- Before that, once for all tasks on the source of ${source}, ${method}’s trunk was pre-trained in ${seconds.toFixed(1)} seconds.`,
  );
