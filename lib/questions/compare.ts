/** Runs side by side: what lies in an output folder, what was varied, and what came of it. */
import { type ColumnTable, table } from 'arquero';
import { counted } from '../base/counted';
import { methodOf, nameIn, type Result } from '../experiments/documents/document';
import { distinct } from '../experiments/methods/identity';
import { isTrunk } from '../experiments/resolve/resolve';
import { convergenceFigure } from '../report/figure/convergenceFigure';
import type { Figure } from '../report/figure/smallMultiples';
import { declaredCell, differingPaths, valuesByPath } from '../report/table/experiments';
import { type Cell, columnsOf, type Table } from '../report/table/table';

/** A declaration by the paths of its values: `budget.dropout`. Lists are one value. */
export const declaredBy = ({ declaration }: Pick<Result, 'declaration'>): ReadonlyMap<string, unknown> =>
  valuesByPath(declaration);

/** Digests of data and code. */
const isDigest = (path: string) => /(^|\.)(task|source|code|data|from|fusedFrom|seed|fineAll)$/.test(path);

/** The paths at which declarations differ or that some lack, without digests of data and code. */
export function varied(runs: readonly Pick<Result, 'declaration'>[]): string[] {
  return differingPaths(runs.map(declaredBy)).filter((path) => !isDigest(path));
}

/** Columns of every run; `run` is the stem of its document. */
const about: Readonly<Record<string, (run: Result) => string | number | null>> = {
  task: ({ task }) => task,
  method: ({ method }) => method,
  trunk: ({ trunk }) => trunk,
  training: ({ training }) => training,
  pretraining: ({ pretraining }) => pretraining,
  start: ({ declaration: { start } }) => (typeof start === 'string' ? start : null),
  preset: ({ preset }) => preset,
  seed: ({ seed }) => seed,
  metric: ({ metric }) => metric,
  test: ({ metric, metrics }) => metrics.test[metric] ?? null,
  valid: ({ metric, metrics }) => metrics.valid[metric] ?? null,
  stoppedAt: ({ stoppedAt }) => stoppedAt,
  steps: ({ curve }) => curve.at(-1)?.step ?? 0,
  seconds: ({ seconds }) => seconds,
  tuned: ({ parameters }) => parameters.tuned,
  kernels: ({ environment }) => environment.kernels ?? null,
  threads: ({ environment }) => environment.threads,
  code: ({ environment }) => environment.source,
  run: nameIn,
};

/** One row a run, to filter and to sort, with columns for values of declarations beside. */
export function runsTable(runs: readonly Result[], paths: readonly string[] = []): ColumnTable {
  const declared = runs.map(declaredBy);
  const own = Object.entries(about).map(([name, of]) => [name, runs.map(of)] as const);
  const asked = paths.map((path) => [path, declared.map((one) => declaredCell(one.get(path)))] as const);
  return table(Object.fromEntries([...own, ...asked]), [...Object.keys(about), ...paths]);
}

/** The runs of the rows of a table, in their order. */
export function runsIn(rows: ColumnTable, runs: readonly Result[]): Result[] {
  const byStem = new Map(runs.map((run) => [nameIn(run), run]));
  return (rows.array('run') as string[]).flatMap((stem) => byStem.get(stem) ?? []);
}

/** Where declarations of two runs differ, a row a path; data and code included. */
export function differences(a: Result, b: Result): Table {
  const [first, second] = [declaredBy(a), declaredBy(b)];
  const paths = differingPaths([first, second]);
  return {
    name: 'compare-declarations',
    caption: `Declared values that differ: ${nameOf(a)} (first) and ${nameOf(b)} (second).`,
    columns: [
      ...columnsOf({ path: 'Value' }),
      { key: 'first', label: 'First', align: 'right' },
      { key: 'second', label: 'Second', align: 'right' },
    ],
    rows: paths.map((path) => ({
      path,
      first: declaredCell(first.get(path)),
      second: declaredCell(second.get(path)),
    })),
  };
}

const nameOf = ({ method, trunk, task, seed }: Result) =>
  `${method}${trunk === 'none' ? '' : ` on the ${trunk} trunk`}, ${task}, seed ${seed}`;

/** Values that tell runs apart in a legend. */
const IN_LEGEND =
  /^(trunk$|training$|pretraining$|seed$|budget|patches|loss|negatives|representation|tuned|start|setting|precision)/;

/** Names of runs in a legend: the method, and what they differ in. */
function labelsOf(runs: readonly Result[]): string[] {
  const told = runs.map((run) => {
    const { trunk, training, pretraining, seed } = run;
    const about = Object.entries({ trunk, training, pretraining, seed });
    return new Map<string, unknown>([...about, ...declaredBy(run)]);
  });
  const paths = differingPaths(told).filter((path) => IN_LEGEND.test(path));
  const labels = runs.map(({ method }, i) => {
    const own = paths.filter((path) => told[i].has(path));
    return [method, ...own.map((path) => `${path} ${declaredCell(told[i].get(path))}`)].join(', ');
  });
  return labels.map((label, i) => {
    const before = labels.slice(0, i).filter((other) => other === label).length;
    return before === 0 ? label : `${label} (${before + 1})`;
  });
}

/** Curves over each other, a panel a task and headline metric, of test or validation data. */
export function curves(runs: readonly Result[], part: 'test' | 'valid' = 'test'): Figure {
  const drawn = runs.filter(({ curve }) => curve.length > 0);
  const panels = new Map(drawn.map((run) => [`${run.task} ${run.metric}`, run]));
  return convergenceFigure({
    name: 'compare-curves',
    caption: `Runs over training${part === 'test' ? '' : ', on validation data'}, one line each.`,
    panels: [...panels.values()].map(({ task, metric }) => {
      const own = drawn.filter((run) => run.task === task && run.metric === metric);
      const labels = labelsOf(own);
      return {
        title: task,
        xLabel: 'Training steps',
        yLabel: metric,
        series: own.map(({ curve }, i) => ({
          label: labels[i],
          points: curve.flatMap((point) => {
            const value = point[part][metric] as number | undefined;
            return value === undefined ? [] : { x: point.step, mean: value, low: value, high: value };
          }),
        })),
      };
    }),
  });
}

/** Varied values and the metric that each run reached, the best on validation data first. */
export function variedTable(runs: readonly Result[]): Table {
  const paths = varied(runs);
  const rows = runs.map((run) => {
    const { task, method, seed, metric, metrics } = run;
    const declared = declaredBy(run);
    return {
      ...{ task, method, seed, metric },
      ...{ valid: metrics.valid[metric] ?? null, test: metrics.test[metric] ?? null },
      ...Object.fromEntries(paths.map((path): [string, Cell] => [path, declaredCell(declared.get(path))])),
    };
  });
  return {
    name: 'compare-varied',
    caption: 'What was varied, and what came of it; the best on validation data first.',
    columns: columnsOf({
      ...{ task: 'Task', method: 'Method', seed: 'Seed' },
      ...Object.fromEntries(paths.map((path) => [path, path])),
      ...{ metric: 'Metric', valid: ['Validation', 3], test: ['Test', 3] },
    }),
    rows: rows.sort((a, b) => (b.valid ?? -1) - (a.valid ?? -1)),
  };
}

/** How many runs there are, and how the best two of a selection differ, as Markdown. */
export function answer(runs: readonly Result[], [first, second]: readonly Result[]): string {
  const tuned = runs.filter((run) => !isTrunk(run));
  const methods = distinct(tuned.map(methodOf)).length;
  const head =
    `**What lies in an output folder, and what made the difference? Here ${counted(tuned.length, 'run')} of ` +
    `${counted(methods, 'method')}, and ${counted(runs.length - tuned.length, 'pre-trained trunk')}.**`;
  if (!first || !second) return head;
  const reached = ({ metric, metrics }: Result) =>
    metric in metrics.valid
      ? `${metric} ${metrics.valid[metric].toFixed(3)} on validation data`
      : 'without validation data';
  return `${head}\n\nOf the selection ${nameOf(first)} is ahead (${reached(first)}), then ${nameOf(second)} (${reached(second)}); they differ in ${varied([first, second]).join(', ') || 'no choice or budget; data or code may differ'}.`;
}
