/** How storage grows with the number of tasks: claim 7 of the paper as a picture. */
import type { Task } from '../datasets/tasks/tasks';
import { EXPERIMENTS, paperAccount, TABLE_3_CAPTION } from '../paper/arithmetic';
import { convergenceFigure, type Figure } from '../report/figure/convergenceFigure';
import type { BandPoint, Panel } from '../report/figure/panel';
import type { TaskAccount } from '../runs/taskAccounts';

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
      'Megabytes that the first tasks need together: FineAll stores a model for each, PeterRec a trunk for each source and a few patches.',
    panels: [panel(data, needsOf(tasks, accounts)), panel('Sizes of the paper', PAPER)],
  });
}

function needsOf(tasks: readonly Task[], accounts: readonly TaskAccount[]): TaskNeeds[] {
  return tasks.map(({ name, source }) => {
    const own = (method: string) =>
      accounts.find((account) => account.task === name && account.method === method) as TaskAccount;
    const [peterRec, fineAll] = [own('PeterRec'), own('FineAll')];
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
