import type { CurvePoint, StepTaken } from '../../training/fit';

/** A point of a curve that is drawn. */
export type Point = { readonly step: number; readonly value: number };

/** What is known of a training before it begins. */
export type About = {
  readonly label: string;
  /** Where nothing ends it before. */
  readonly steps: number;
  /** What its evaluations are drawn by. */
  readonly metric: string;
  /** Adam's, where a hand can change it. */
  readonly rate?: number | undefined;
};

/** What a hand can do to a training. */
export type Controls = {
  readonly pause: () => void;
  readonly goOn: () => void;
  readonly stop?: () => void;
  readonly setRate?: (rate: number) => void;
};

export type RunState = 'training' | 'paused' | 'done' | 'stopped';

/** Losses of steps are drawn as so many means at most. */
const LOSSES = 200;

/** A training as who looks on sees it. */
export class Run {
  state: RunState = 'training';
  step = 0;
  loss: number | undefined;
  epoch: number | undefined;
  rate: number | undefined;
  /** Resident bytes of the process that trains. */
  memory: number | undefined;
  isSteered = false;
  /** Means of the losses of steps that follow each other. */
  readonly losses: Point[] = [];
  readonly curve: Point[] = [];
  private readonly began: number;
  private ended: number | undefined;
  private pausedAt: number | undefined;
  private pauses = 0;
  private inLast = 0;

  constructor(
    readonly id: number,
    readonly about: About,
    readonly controls: Controls | undefined,
    private readonly now: () => number = Date.now,
  ) {
    this.rate = about.rate;
    this.began = now();
  }

  get isOver(): boolean {
    return this.state === 'done' || this.state === 'stopped';
  }

  get label(): string {
    return this.isSteered ? `${this.about.label} (steered)` : this.about.label;
  }

  /** Seconds that it has trained for, pauses left out. */
  get elapsed(): number {
    const until = this.ended ?? this.pausedAt ?? this.now();
    return (until - this.began - this.pauses) / 1000;
  }

  stepped(step: number, { loss, epoch }: StepTaken): void {
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

  hold(isHeld: boolean): void {
    if (this.isOver || isHeld === (this.state === 'paused')) return;
    this.state = isHeld ? 'paused' : 'training';
    if (isHeld) this.pausedAt = this.now();
    else this.pauses += this.now() - (this.pausedAt as number);
    if (!isHeld) this.pausedAt = undefined;
  }

  end(state: 'done' | 'stopped'): void {
    this.hold(false);
    this.state = state;
    this.ended = this.now();
  }
}
