/** Trainings as a view shows them: rows for the front end, a picture of their curves, lines of text. */
import type { CurvePoint, StepTaken } from '../../training/fit';
import { clock, progressLine } from '../kernel/progress';
import { type Panel, type Point, picture, styleOf } from './picture';

/** What is known of a training before it begins. */
export type About = {
  readonly label: string;
  /** Steps unless it ends early. */
  readonly steps: number;
  /** The metric that its curve shows. */
  readonly metric: string;
};

/** What the buttons of a row do. */
export type Controls = {
  readonly pause: () => void;
  readonly goOn: () => void;
  readonly stop?: () => void;
};

/** Points of a curve of losses at most, each the mean over consecutive steps. */
const LOSSES = 200;

/** A training as a view shows it. */
export class Run {
  state: 'training' | 'paused' | 'done' | 'stopped' = 'training';
  step = 0;
  /** Steps that were taken before it went on here. */
  private before = 0;
  loss: number | undefined;
  epoch: number | undefined;
  /** Resident bytes of the process that trains. */
  memory: number | undefined;
  /** Whether a button has stopped it. */
  isSteered = false;
  readonly losses: Point[] = [];
  readonly curve: Point[] = [];
  private readonly began = Date.now();
  private ended: number | undefined;
  private inLast = 0;

  constructor(
    readonly id: number,
    readonly about: About,
    readonly controls?: Controls,
  ) {}

  get isOver(): boolean {
    return this.state === 'done' || this.state === 'stopped';
  }

  get label(): string {
    return this.isSteered ? `${this.about.label} (steered)` : this.about.label;
  }

  /** Seconds since it began, pauses included. */
  get elapsed(): number {
    return ((this.ended ?? Date.now()) - this.began) / 1000;
  }

  /** Seconds left at the pace of the steps since it began or went on. */
  get left(): number {
    return (this.elapsed * (this.about.steps - this.step)) / (this.step - this.before);
  }

  stepped(step: number, { loss, epoch }: StepTaken): void {
    if (this.step === 0) this.before = step - 1;
    Object.assign(this, { step, loss, epoch });
    const width = Math.ceil(this.about.steps / LOSSES);
    const last = this.losses.at(-1);
    this.inLast = last && Math.ceil(last.step / width) === Math.ceil(step / width) ? this.inLast + 1 : 1;
    if (!last || this.inLast === 1) this.losses.push({ step, value: loss });
    else this.losses.splice(-1, 1, { step, value: last.value + (loss - last.value) / this.inLast });
  }

  evaluated({ step, valid }: CurvePoint): void {
    if (this.about.metric in valid) this.curve.push({ step, value: valid[this.about.metric] });
  }

  pause(isPaused: boolean): void {
    if (!this.isOver) this.state = isPaused ? 'paused' : 'training';
  }

  end(state: 'done' | 'stopped'): void {
    this.state = state;
    this.ended = Date.now();
  }
}

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
  const { id, label, state, step, about, epoch, loss, memory, isOver, controls = {} } = run;
  const left = isOver || step === 0 ? '' : clock(run.left);
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
