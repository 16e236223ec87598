/** Methods against tasks: what every table of results is. */
import type { Result } from '../../documents/document';
import type { Published } from '../../paper/published';
import { inOrder, meanSd, metricOf, runsOf, seedCount, tasksOf, tested } from '../aggregate';
import type { Cell, Column, Table } from './table';

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

/** A column by what it says of a method and its runs. */
export interface MethodColumn extends Column {
  readonly of: (runs: readonly Result[], method: string) => Cell;
}

export interface MethodsTable {
  /** File stem. */
  readonly name: string;
  readonly caption: string;
  /** In this order, below the simple opponents; methods that ran and are not named follow as they occur. */
  readonly methods: readonly string[];
  /** Between the methods' names and the tasks, such as `tunedShare`. */
  readonly columns?: readonly MethodColumn[];
  /** The paper's figures, to stand beside ours. */
  readonly published?: Published;
}

/** Every table of results begins with them: a reader sees whether they are beaten. */
const SIMPLE = ['LabelCS', 'Popularity', 'Item co-occurrence', 'Bag of items'];

/** Mean ± sd over seeds of each task's headline metric, one row a method; the best of each task is bold. */
export function methodsTable(
  content: MethodsTable,
  all: readonly Result[],
  significance?: Significance,
): Table {
  const { name, caption, columns: beside = [], published } = content;
  const results = tested(all);
  const names = results.map(({ method }) => method);
  const columns = [
    ...beside,
    ...tasksOf(results).flatMap((task) => [
      taskColumn(results, task, significance),
      ...publishedColumn(task, published),
    ]),
  ];
  return {
    name,
    caption,
    columns: [{ key: 'method', label: 'Method' }, ...columns.map(({ of: _, ...column }) => column)],
    rows: inOrder(names, [...SIMPLE, ...content.methods]).map((method) => {
      const runs = results.filter((result) => result.method === method);
      return { method, ...Object.fromEntries(columns.map(({ key, of }) => [key, of(runs, method)])) };
    }),
    note: [spreadNote(results), significance?.note, published?.note].filter(Boolean).join(' '),
  };
}

/** What is tuned, of what FineAll tunes: `100%`, or from the least to the greatest where tasks differ in their labels. */
export const tunedShare: MethodColumn = {
  key: 'tuned',
  label: 'Tuned, of FineAll',
  of: (runs) => {
    const tuning = runs.filter(({ parameters }) => parameters.tuned > 0);
    if (tuning.length === 0) return null;
    const shares = tuning.map(({ parameters }) => parameters.share);
    const [least, greatest] = [Math.min(...shares), Math.max(...shares)].map(percent);
    return least === greatest ? least : `${least} to ${greatest}`;
  },
};

function percent(share: number): string {
  return share.toLocaleString('en', { style: 'percent', maximumSignificantDigits: 3 });
}

/** `GenEst Acc` is also the column's key, which no name of a task alone could safely be. */
function taskColumn(results: readonly Result[], task: string, significance?: Significance): MethodColumn {
  const metric = metricOf(results, task);
  const label = `${task} ${metric}`;
  const of = (all: readonly Result[], method: string): Cell => {
    const runs = runsOf(all, task, method);
    if (runs.length === 0) return null;
    const found = significance?.marks.find((mark) => mark.task === task && mark.method === method);
    const cell = meanSd(runs.map(({ metrics }) => metrics.test[metric]));
    return found === undefined ? cell : { ...cell, mark: found.mark };
  };
  return { key: label, label, digits: 3, best: 'highest', of };
}

/** None for a task that the paper does not have. */
function publishedColumn(task: string, published: Published | undefined): MethodColumn[] {
  const place = published?.columns.indexOf(task) ?? -1;
  if (published === undefined || place < 0) return [];
  const label = `Paper, ${task}`;
  return [{ key: label, label, digits: 3, of: (_, method) => published.rows[method]?.[place] ?? null }];
}

function spreadNote(results: readonly Result[]): string {
  const count = seedCount(results);
  return count === '1 seed' ? 'One seed, so no spread.' : `Mean ± standard deviation over ${count}.`;
}
