/** What a view shows of its trainings: rows for the front end, a picture of their curves, lines of text. */
import { clock, progressLine } from '../kernel/progress';
import { type Panel, picture, styleOf } from './picture';
import type { Run } from './run';

/** A row of the table below a cell. */
export type Row = {
  readonly run: number;
  readonly label: string;
  readonly color: string;
  readonly state: Run['state'];
  /** Of the steps, 0 to 1. */
  readonly share: number;
  /** Step, epoch, loss, metric, time left, memory. */
  readonly cells: readonly string[];
  /** Names of its controls. */
  readonly can: readonly string[];
};

export type Board = {
  /** A line about all trainings of the cell. */
  readonly headline: string;
  readonly rows: readonly Row[];
  readonly picture: string;
};

const MEGABYTE = 2 ** 20;

const short = (value: number | undefined, digits = 4) => (value === undefined ? '' : value.toFixed(digits));

/** `HR@5 0.1234`, of its last evaluation. */
const reachedBy = ({ curve, about }: Run): string =>
  curve.length === 0 ? '' : `${about.metric} ${short(curve.at(-1)?.value)}`;

function rowOf(run: Run): Row {
  const { id, label, state, step, about, epoch, loss, memory, elapsed, isOver, controls = {} } = run;
  const left = isOver || step === 0 ? '' : clock((elapsed * (about.steps - step)) / step);
  const resident = memory === undefined ? '' : `${Math.round(memory / MEGABYTE).toLocaleString('en')} MB`;
  const cells = [`${step}/${about.steps}`, short(epoch, 2), short(loss), reachedBy(run), left, resident];
  const share = state === 'done' ? 1 : step / about.steps;
  const can = isOver ? [] : Object.keys(controls);
  return { run: id, label, color: styleOf(id).color, state, share, cells, can };
}

/** The training loss, and each metric of validation. */
function panelsOf(runs: readonly Run[]): Panel[] {
  const metrics = [...new Set(runs.map(({ about }) => about.metric))];
  return [
    { title: 'training loss', lines: runs.map(({ id, losses }) => ({ run: id, points: losses })) },
    ...metrics.map((metric) => ({
      title: `${metric}, validation`,
      lines: runs
        .filter(({ about }) => about.metric === metric)
        .map(({ id, curve }) => ({ run: id, points: curve })),
    })),
  ];
}

export const boardOf = (runs: readonly Run[], headline: string): Board => ({
  headline,
  rows: runs.map(rowOf),
  picture: picture(panelsOf(runs), []),
});

/** The picture that stays: curves, with a key for each training. */
export function stillOf(runs: readonly Run[]): string {
  const keys = runs.map((run) => {
    const { id, label, step, about, loss } = run;
    const said = [`step ${step}/${about.steps}`, `loss ${short(loss)}`, reachedBy(run)];
    return { run: id, text: `${label}: ${said.filter(Boolean).join(', ')}` };
  });
  return picture(panelsOf(runs), keys);
}

/** A training as a line of text. */
export const lineOf = ({ label, step, about, elapsed, state }: Run): string =>
  progressLine(
    { label: state === 'stopped' ? `${label}, stopped` : label, done: step, total: about.steps },
    elapsed,
  );
