/** What a view of trainings shows, from the trainings themselves: rows and curves as the front end takes them, a picture, a line. */

import { clock, progressLine } from '../kernel/progress';
import { type Panel, picture, styleOf } from './picture';
import type { Run } from './run';

/** A row, ready to be read. */
export type Row = {
  readonly run: number;
  readonly label: string;
  readonly color: string;
  readonly state: Run['state'];
  /** Of the steps that are behind, 0 to 1. */
  readonly share: number;
  readonly cells: readonly string[];
  /** Adam's, where a hand can change it. */
  readonly rate: number | undefined;
  readonly can: readonly string[];
};

export type Board = {
  /** What is said of all of them, if anything. */
  readonly headline: string;
  readonly rows: readonly Row[];
  /** Which curves there are, and which are seen. */
  readonly curves: readonly { readonly name: string; readonly isShown: boolean }[];
  readonly picture: string;
};

export const COLUMNS = ['step', 'epoch', 'loss', 'metric', 'left', 'memory'] as const;

const LOSS = 'loss';
const MEGABYTE = 2 ** 20;

const short = (value: number | undefined, digits = 4) => (value === undefined ? '' : value.toFixed(digits));

/** `HR@5 0.1234`, of its last evaluation. */
const reachedBy = ({ curve, about }: Run): string =>
  curve.length === 0 ? '' : `${about.metric} ${short(curve.at(-1)?.value)}`;

function leftOf({ step, elapsed, isOver, about }: Run): string {
  if (isOver || step === 0) return '';
  return clock((elapsed * (about.steps - step)) / step);
}

function rowOf(run: Run): Row {
  const { id, label, state, step, about, epoch, loss, memory, rate, controls } = run;
  const resident = memory === undefined ? '' : `${Math.round(memory / MEGABYTE).toLocaleString('en')} MB`;
  const cells = [
    `${step}/${about.steps}`,
    short(epoch, 2),
    short(loss),
    reachedBy(run),
    leftOf(run),
    resident,
  ];
  const share = state === 'done' ? 1 : step / about.steps;
  const can = run.isOver ? [] : Object.keys(controls ?? {});
  return { run: id, label, color: styleOf(id).color, state, share, cells, rate, can };
}

/** The loss of training, and each metric that some of the trainings are evaluated by. */
function panelsOf(runs: readonly Run[]): Panel[] {
  const metrics = [...new Set(runs.map(({ about }) => about.metric))];
  return [
    { title: LOSS, lines: runs.map(({ id, losses }) => ({ run: id, points: losses })) },
    ...metrics.map((metric) => ({
      title: metric,
      lines: runs
        .filter(({ about }) => about.metric === metric)
        .map(({ id, curve }) => ({ run: id, points: curve })),
    })),
  ];
}

const shownOf = (runs: readonly Run[], hidden: ReadonlySet<string>): Panel[] =>
  panelsOf(runs)
    .filter(({ title }) => !hidden.has(title))
    .map(({ title, lines }) => ({ title: title === LOSS ? 'training loss' : `${title}, validation`, lines }));

export const boardOf = (runs: readonly Run[], hidden: ReadonlySet<string>, headline: string): Board => ({
  headline,
  rows: runs.map(rowOf),
  curves: panelsOf(runs).map(({ title }) => ({ name: title, isShown: !hidden.has(title) })),
  picture: picture(shownOf(runs, hidden), []),
});

/** The same where nothing can be done about it: curves, and what became of each training. */
export function stillOf(runs: readonly Run[], hidden: ReadonlySet<string>): string {
  const keys = runs.map((run) => {
    const { id, label, step, about, loss } = run;
    const said = [`step ${step}/${about.steps}`, `loss ${short(loss)}`, reachedBy(run)];
    return { run: id, text: `${label}: ${said.filter(Boolean).join(', ')}` };
  });
  return picture(shownOf(runs, hidden), keys);
}

/** A training as a line of text. */
export const lineOf = ({ label, step, about, elapsed, state }: Run): string =>
  progressLine(
    { label: state === 'stopped' ? `${label}, stopped` : label, done: step, total: about.steps },
    elapsed,
  );
