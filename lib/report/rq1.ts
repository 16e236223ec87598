import type { TaskDescription } from '../datasets/describe';
import { headlineMetric } from '../experiments/headline';
import type { Result } from '../experiments/result';
import { inOrder, meanCurve, meanSd, runsOf, tasksOf, tested } from './aggregate';
import { convergenceFigure, type Figure } from './figures';
import type { Panel } from './panel';
import type { Cell, Column, Table } from './tables';

/** What Table 1 says of one task. */
export type TaskSize = Pick<
  TaskDescription,
  'task' | 'users' | 'sourceInstances' | 'targetInstances' | 'sourceItems' | 'labels'
>;

/** A significance mark beside the mean of a method on a task. */
export interface Mark {
  readonly task: string;
  readonly method: string;
  readonly mark: string;
}

export interface Significance {
  readonly marks: readonly Mark[];
  /** What the marks mean: test, level, against whom. */
  readonly note: string;
}

const METHODS = [
  'LabelCS',
  'Popularity',
  'FineCLS',
  'FineZero',
  'FineAll',
  'PeterZero (frozen trunk)',
  'PeterZero (everything)',
  'PeterRec',
];

const TRAINED_OVER_TIME = ['PeterRec', 'PeterZero (frozen trunk)', 'PeterZero (everything)'];
/** The most frequent label is called LabelCS for profiles and popularity for items. */
const UNTRAINED = ['LabelCS', 'Popularity'];

/** Table 1: the size of each task. */
export function table1(tasks: readonly TaskSize[]): Table {
  return {
    name: 'table1-data',
    caption: 'The tasks: instances of source and target domain, source items and target labels.',
    columns: [
      { key: 'task', label: 'Task' },
      { key: 'users', label: 'Users' },
      { key: 'sourceInstances', label: 'Source instances' },
      { key: 'targetInstances', label: 'Target instances' },
      { key: 'sourceItems', label: 'Source items' },
      { key: 'labels', label: 'Target labels' },
    ],
    rows: tasks.map(({ task, users, sourceInstances, targetInstances, sourceItems, labels }) => ({
      task,
      users,
      sourceInstances,
      targetInstances,
      sourceItems,
      labels,
    })),
  };
}

/** Table 2: does pre-training help? Mean ± sd of each task's headline metric over seeds, and the share of tuned weights. */
export function table2(all: readonly Result[], significance?: Significance): Table {
  const results = tested(all);
  const tasks = tasksOf(results);
  const methods = inOrder(
    results.map(({ method }) => method),
    METHODS,
  );
  return {
    name: 'table2-pretraining',
    caption: 'RQ1: the effect of pre-training. Test results; the best of each task is bold.',
    columns: [
      { key: 'method', label: 'Method' },
      { key: 'tuned', label: 'Tuned, of FineAll' },
      ...tasks.map((task) => taskColumn(results, task)),
    ],
    rows: methods.map((method) => ({
      method,
      tuned: tunedShare(results.filter((result) => result.method === method)),
      ...Object.fromEntries(
        tasks.map((task) => [taskLabel(results, task), taskCell(results, task, method, significance)]),
      ),
    })),
    note: [spreadNote(results), ...(significance === undefined ? [] : [significance.note])].join(' '),
  };
}

function taskColumn(results: readonly Result[], task: string): Column {
  const label = taskLabel(results, task);
  return { key: label, label, digits: 3, best: 'highest' };
}

/** `GenEst Acc`: also the column's key, which no name of a task alone could safely be. */
function taskLabel(results: readonly Result[], task: string): string {
  return `${task} ${metricOf(results, task)}`;
}

function metricOf(results: readonly Result[], task: string): string {
  const result = results.find((candidate) => candidate.task === task);
  return headlineMetric(task, result?.metrics.test ?? {});
}

function taskCell(
  results: readonly Result[],
  task: string,
  method: string,
  significance?: Significance,
): Cell {
  const runs = runsOf(results, task, method);
  if (runs.length === 0) return null;
  const cell = meanSd(runs.map(({ metrics }) => metrics.test[metricOf(results, task)]));
  const mark = significance?.marks.find(
    (candidate) => candidate.task === task && candidate.method === method,
  );
  return mark === undefined ? cell : { ...cell, mark: mark.mark };
}

/** `100%`, or from the least to the greatest where tasks differ in their number of labels; empty where nothing is tuned. */
function tunedShare(runs: readonly Result[]): Cell {
  const shares = runs
    .filter(({ parameters }) => parameters.tuned > 0)
    .map(({ parameters }) => parameters.share);
  if (shares.length === 0) return null;
  const [least, greatest] = [Math.min(...shares), Math.max(...shares)].map(percent);
  return least === greatest ? least : `${least} to ${greatest}`;
}

function percent(share: number): string {
  return share.toLocaleString('en', { style: 'percent', maximumSignificantDigits: 3 });
}

function spreadNote(results: readonly Result[]): string {
  const count = seedCount(results);
  return count === '1 seed' ? 'One seed, so no spread.' : `Mean ± standard deviation over ${count}.`;
}

function seedCount(results: readonly Result[]): string {
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  return seeds === 1 ? '1 seed' : `${seeds} seeds`;
}

/** Figure 4: PeterRec against both readings of PeterZero while they train, one panel a task. */
export function figure4(all: readonly Result[]): Figure {
  const results = tested(all);
  return convergenceFigure({
    name: 'figure4-convergence',
    caption:
      'PeterRec (pre-trained) against PeterZero (random trunk) over training. ' +
      `Lines are means, bands ± one standard deviation over ${seedCount(results)}; dotted: the most frequent label.`,
    panels: tasksOf(results).map((task) => convergencePanel(results, task)),
  });
}

function convergencePanel(results: readonly Result[], task: string): Panel {
  const metric = metricOf(results, task);
  const curves = TRAINED_OVER_TIME.map((label) => ({
    label,
    points: meanCurve(runsOf(results, task, label), metric),
  }));
  const series = curves.filter(({ points }) => points.length > 0);
  return {
    title: task,
    xLabel: 'Training steps',
    yLabel: metric,
    series,
    ...reference(results, task, metric),
  };
}

function reference(results: readonly Result[], task: string, metric: string): Pick<Panel, 'reference'> {
  const runs = UNTRAINED.flatMap((method) => runsOf(results, task, method));
  if (runs.length === 0) return {};
  const y = meanSd(runs.map(({ metrics }) => metrics.test[metric])).mean;
  return { reference: { label: 'Most frequent label', y } };
}
