/** Tables of results: a row a method, a column a task. */
import type { Published } from '../../data/paper/published';
import { paperTasks } from '../../data/paper/tasks';
import { meanSd, metricOf, seedCount, tasksOf, tested } from '../../evidence/aggregate';
import type { Claim } from '../../evidence/claims';
import { resultsOf, runsOf } from '../../experiments/documents/completedRun';
import { methodOf, type Result } from '../../experiments/documents/document';
import { isSame, labelsAmong, type Method } from '../../experiments/methods/identity';
import { type Cell, type Column, percent, rangeOf, type Table } from './table';

/** A column with the cell that it has for a method and its runs. */
export interface MethodColumn extends Column {
  readonly of: (runs: readonly Result[], method: Method) => Cell;
}

type Reported = Pick<Column, 'best' | 'label'> & { readonly metric: string };

export type MethodsTable = Pick<Table, 'name' | 'caption'> & {
  /** In this order, under these labels; one that has not run is left out. */
  readonly methods: readonly Method[];
  /** Between the methods' names and the tasks; `tunedShare` if absent. */
  readonly columns?: readonly MethodColumn[];
  /** Metrics of each task; its headline metric if absent. */
  readonly metrics?: readonly Reported[];
  /** Claims that methods are better than themselves from a random trunk, for marks beside their results. */
  readonly claims?: readonly Claim[];
};

/** Mean ± sd over seeds of each task's headline metric, one row a method; the best of each task is bold. */
export function methodsTable(content: MethodsTable, all: readonly Result[]): Table {
  const { name, caption, methods, columns: beside = [tunedShare], metrics, claims } = content;
  const own = tested(all).filter((result) => methods.some((method) => isSame(methodOf(result), method)));
  const completed = methods.filter((method) => resultsOf(own, method).length > 0);
  const labels = labelsAmong(completed);
  const columns = [
    ...beside,
    ...tasksOf(own).flatMap((task) =>
      (metrics ?? [headline(metricOf(own, task))]).map((reported) => taskColumn(task, reported, claims)),
    ),
  ];
  return {
    name,
    caption,
    columns: [{ key: 'method', label: 'Method' }, ...columns.map(({ of: _, ...column }) => column)],
    rows: completed.map((method, i) => {
      const runs = resultsOf(own, method);
      const cells = columns.map(({ key, of }) => [key, of(runs, method)]);
      return { method: labels[i], ...Object.fromEntries(cells) };
    }),
    note: claims ? `${spreadNote(own)} ${MARK_NOTE}` : spreadNote(own),
  };
}

const headline = (metric: string): Reported => ({ metric, label: metric, best: 'highest' });

const MARK = '*';
const MARK_NOTE = `${MARK} better than its own start from random, at the 5 % level.`;

/** Whether claims say that a method beats itself from a random trunk on a task, and all of them hold. */
function isMarked(claims: readonly Claim[], task: string, method: Method): boolean {
  const own = claims.filter((claim) => claim.task === task && isSame(claim.question.first, method));
  return own.length > 0 && own.every(({ verdict }) => verdict === 'holds');
}

/** The share tuned of what FineAll tunes: `100%`, or a range where tasks differ in their labels. */
export const tunedShare: MethodColumn = {
  key: 'tuned',
  label: 'Weights, of FineAll’s',
  of: (runs) => sharesTuned(runs.map(({ parameters }) => parameters)),
};

/** `1.2%`, or from the least to the greatest; null where nothing is tuned. */
export function sharesTuned(accounts: readonly Readonly<Record<'tuned' | 'share', number>>[]): string | null {
  return rangeOf(
    accounts.filter(({ tuned }) => tuned > 0).map(({ share }) => share),
    percent,
  );
}

/** `GenEst Acc` is also the column's key, which no name of a task alone could safely be. */
function taskColumn(
  task: string,
  { metric, best, ...shown }: Reported,
  claims: readonly Claim[] = [],
): MethodColumn {
  const label = `${task} ${shown.label}`;
  const of = (all: readonly Result[], method: Method): Cell => {
    const runs = runsOf(all, task, method);
    const values = runs.flatMap(({ metrics }) => metrics.test[metric] ?? []);
    if (values.length === 0 || values.length < runs.length) return null; // a seed that lacks it is not left out
    return isMarked(claims, task, method) ? { ...meanSd(values), mark: MARK } : meanSd(values);
  };
  return { key: label, label, digits: 3, ...(best && { best }), of };
}

/** The paper's own figures, for methods and tasks that it has. */
export function publishedTable(
  about: Pick<Table, 'name' | 'caption'>,
  { columns, rows, note }: Published,
  methods: readonly Method[],
): Table {
  return {
    ...about,
    columns: [
      { key: 'method', label: 'Method' },
      ...columns.map((task) => ({ key: task, label: `${task} ${metricInPaper(task)}`, digits: 3 })),
    ],
    rows: methods
      .filter(({ id }) => rows[id])
      .map(({ id, label }) => ({
        method: label,
        ...Object.fromEntries(columns.map((task, i) => [task, rows[id]?.[i] ?? null])),
      })),
    note,
  };
}

const metricInPaper = (task: string) => paperTasks.find(({ name }) => name === task)?.metric ?? '';

function spreadNote(results: readonly Result[]): string {
  const count = seedCount(results);
  return count === '1 seed' ? 'One seed, so no spread.' : `Mean ± standard deviation over ${count}.`;
}
