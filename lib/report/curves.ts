/** Judges trainings by their curves: whether trainings were long enough, whether they overfit, and how long they took. */
import { mean } from 'simple-statistics';
import { grouped } from '../base/grouped';
import { lineupsOf, meanSd, metricOf, tasksOf, tested } from '../evidence/aggregate';
import { type CompletedRun, runsOf } from '../experiments/documents/completedRun';
import { methodOf, type Result } from '../experiments/documents/document';
import { distinct, labelsAmong, type Method } from '../experiments/methods/identity';
import type { CurvePoint } from '../training/fit';
import { columnsOf, type Table } from './table/table';

/** Fall of the validation metric below its best that needs no remark where early stopping is off. */
const FALLEN = 0.05;

const REMARKS = {
  neverFell:
    'The loss was never below that of the first evaluation; a higher or a lower rate may help (`npm run tune` tries some)',
  cutOff: 'Ended by the budget, not by early stopping',
  longFallen:
    'Below its best by more than .05 at the last pass, on validation data that are too few for early stopping',
};

/** Remark that is true of most seeds of a method on a task; undefined where its length fits, or it has fewer than two evaluations. */
function judge(runs: readonly Result[], isStopped: boolean): keyof typeof REMARKS | undefined {
  const most = (isOne: (run: Result) => boolean) => runs.filter(isOne).length > runs.length / 2;
  if (runs.every(({ curve }) => curve.length < 2)) return undefined;
  if (most(hasNotFallen)) return 'neverFell';
  if (isStopped) return most(isCutOff) ? 'cutOff' : undefined;
  return most(hasFallen) ? 'longFallen' : undefined;
}

/** Patience had not run out: the last state is the best, or all evaluations of the budget were taken. */
function isCutOff(result: Result): boolean {
  const { curve, stoppedAt, declaration } = result;
  const isBest = curve.length > 1 && curve[curve.length - 1].step === stoppedAt;
  return isBest || curve.length >= Number(declaration.evaluations ?? Number.POSITIVE_INFINITY);
}

function hasFallen({ curve, metric }: Result): boolean {
  const values = curve.map(({ valid }) => valid[metric]);
  return Math.max(...values) - values[values.length - 1] > FALLEN;
}

const hasNotFallen = ({ curve: [first, ...later] }: Result) =>
  later.length > 0 && later.every(({ loss }) => loss >= first.loss);

/** So many trainings a remark names. */
const NAMED = 8;

/** A sentence for each remark, with the methods and tasks of which it is true. */
export function lengthRemarks({ tasks, results }: CompletedRun): string[] {
  const judged = tasks.flatMap((task) => {
    const own = results.filter((result) => result.task === task.name);
    const methods = distinct(own.map(methodOf));
    const labels = labelsAmong(methods);
    return methods.map((method, m) => {
      const runs = runsOf(own, task.name, method);
      const remark = judge(runs, task.stopsEarly);
      return { name: `${labels[m]} on ${task.name}`, remark };
    });
  });
  return Object.entries(REMARKS).flatMap(([key, about]) => {
    const names = judged.flatMap(({ remark, name }) => (remark === key ? [name] : []));
    const rest = names.slice(NAMED).length;
    const named = [...names.slice(0, NAMED), ...(rest > 0 ? [`${rest} more`] : [])];
    return names.length === 0 ? [] : [`${about}: ${named.join('; ')}.`];
  });
}

/** Rate and dropout of a training; null where its record names none. */
function trainedWith({ declaration }: Result) {
  const numberOf = (key: string) => (declaration[key] ?? null) as number | null;
  return { rate: numberOf('rate'), dropout: numberOf('dropout') };
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
    rows: lineupsOf(results, methods).flatMap(({ task, title, methods: here }) =>
      here.flatMap((method) => {
        const runs = runsOf(results, task, method).filter(({ curve }) => curve.length > 0);
        if (runs.length === 0) return [];
        return { task: title, method: method.label, ...keptAndLast(runs, metricOf(results, task)) };
      }),
    ),
    note:
      'Kept: the best state on validation data. Lost: kept less last, on test data; overfitting where it is large while the ' +
      'training loss still falls. Small differences are chance.',
  };
}

/** A row for each source that trunks were pre-trained on, then for each task and method that takes steps; the tasks in the paper's order. */
export function speedTable(
  name: string,
  { results, pretraining }: Pick<CompletedRun, 'results' | 'pretraining'>,
  methods: readonly Method[],
): Table {
  const trunks = grouped(pretraining, ({ task }) => task).map(([source, runs]) => ({
    ...{ task: `source of ${source}`, method: 'Pre-training, once for all tasks' },
    seconds: meanSd(runs.map(({ seconds }) => seconds)),
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
