/** What a further task costs: the account of every method on the data at hand. Nothing is trained. */

import { EXPERIMENTS, paperAccount, SECTION_3_3, TABLE_3_CAPTION } from '../data/paper/arithmetic';
import type { Task } from '../data/tasks/tasks';
import { nonCausal } from '../experiments/methods/family';
import type { Method } from '../experiments/methods/identity';
import { opponents } from '../experiments/methods/opponents';
import { type TaskAccount, taskAccounts } from '../experiments/runs/taskAccounts';
import type { Workbench } from '../experiments/runs/workbench';
import { type BandPoint, convergenceFigure, type Panel } from '../report/figure/convergenceFigure';
import type { Figure } from '../report/figure/smallMultiples';
import { accountsOf, componentsTable, inPercent, storageLines, storageTable } from '../report/table/storage';
import type { Table } from '../report/table/table';
import { experiments } from './rq2';

const { NeuFM, DeepFM, MTL } = opponents;

/** Of everything that RQ2 and RQ3 compare. */
export const accounts = ({ tasks, preset }: Pick<Workbench, 'tasks' | 'preset'>): TaskAccount[] =>
  taskAccounts(tasks, [...experiments, NeuFM, DeepFM, MTL], preset);

/** What the parameters of PeterRec are part of. */
export const components = (accounts: readonly TaskAccount[]): Table =>
  componentsTable(accountsOf(accounts, nonCausal.PeterRec));

/** What a further task costs with each method. */
export const storage = (accounts: readonly TaskAccount[]): Table =>
  storageTable('parameters-storage', accounts);

/** The answer as Markdown. */
export function answer(
  { data, preset }: { readonly data: string; readonly preset: { readonly name: string } },
  accounts: readonly TaskAccount[],
): string {
  const shares = accountsOf(accounts, nonCausal.PeterRec).map(({ share }) => share);
  const range = [...new Set([Math.min(...shares), Math.max(...shares)].map(inPercent))].join(' to ');
  const { share } = paperAccount(SECTION_3_3);
  return [
    `**What does a further task cost? With PeterRec its patches and its classifier: ${range} of what FineAll stores, ` +
      `on ${data} at the sizes of \`${preset.name}\`.**`,
    'The trunk is stored once for each source. The smaller it is beside the patches, the larger the share; ' +
      'a classifier grows with the labels, and no method can share it.',
    storageLines(accounts).join('\n'),
    `The paper’s example of section 3.3 comes to ${inPercent(share)} by its own formula; the paper prints “less than 1.7 %”.`,
  ].join('\n\n');
}

/** Parameters that a task needs: of the trunk of its source, and of its own where only patches are tuned or everything is. */
export type TaskNeeds = {
  readonly source: string;
  readonly trunk: number;
  readonly peterRec: number;
  readonly fineAll: number;
};

const MEGABYTE = 1e6;
const megabytes = (parameters: number) => (parameters * Float32Array.BYTES_PER_ELEMENT) / MEGABYTE;

/** Megabytes of the first 1, 2, … tasks: with FineAll a model each; with PeterRec a trunk for each source, and the patches. */
export function storedMegabytes(tasks: readonly TaskNeeds[]): { PeterRec: number[]; FineAll: number[] } {
  const stored = (added: (task: TaskNeeds, earlier: readonly TaskNeeds[]) => number) => {
    let sum = 0;
    return tasks.map((task, i) => {
      sum += added(task, tasks.slice(0, i));
      return megabytes(sum);
    });
  };
  const isNew = ({ source }: TaskNeeds, earlier: readonly TaskNeeds[]) =>
    earlier.every((other) => other.source !== source);
  return {
    PeterRec: stored((task, earlier) => task.peterRec + (isNew(task, earlier) ? task.trunk : 0)),
    FineAll: stored(({ fineAll }) => fineAll),
  };
}

/** The tasks at hand beside those of the paper. */
export function storageFigure(
  { data, tasks }: { readonly data: string; readonly tasks: readonly Task[] },
  accounts: readonly TaskAccount[],
): Figure {
  return convergenceFigure({
    name: 'parameters-storage',
    caption:
      'Megabytes that the first tasks need together: FineAll stores a model for each, PeterRec a trunk for each source, patches and classifiers.',
    panels: [panel(data, needsOf(tasks, accounts)), panel('Sizes of the paper', PAPER)],
  });
}

function needsOf(tasks: readonly Task[], accounts: readonly TaskAccount[]): TaskNeeds[] {
  return tasks.map(({ name, source }) => {
    const own = (method: Method) =>
      accountsOf(accounts, method).find(({ task }) => task === name) as TaskAccount;
    const [peterRec, fineAll] = [own(nonCausal.PeterRec), own(nonCausal.FineAll)];
    const classifier = fineAll.components?.classifier ?? 0;
    return {
      source: source.name,
      trunk: fineAll.tuned - classifier,
      peterRec: peterRec.tuned,
      fineAll: fineAll.tuned,
    };
  });
}

const PAPER: readonly TaskNeeds[] = TABLE_3_CAPTION.map((task) => {
  const { embedding, convolutions, peterRec, fineAll } = paperAccount({ ...EXPERIMENTS, ...task });
  return { source: String(task.items), trunk: embedding + convolutions, peterRec, fineAll };
});

function panel(title: string, tasks: readonly TaskNeeds[]): Panel {
  const points = (stored: readonly number[]): BandPoint[] =>
    [0, ...stored].map((mean, x) => ({ x, mean, low: mean, high: mean }));
  const series = Object.entries(storedMegabytes(tasks)).map(([label, stored]) => ({
    label,
    points: points(stored),
  }));
  return { title, xLabel: 'Tasks', yLabel: 'Megabytes', series };
}
