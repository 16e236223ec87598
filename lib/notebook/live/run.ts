import type { CurvePoint, StepTaken } from '../../training/fit';

/** A point of a curve that is drawn. */
export type Point = { readonly step: number; readonly value: number };

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

export type RunState = 'training' | 'paused' | 'done' | 'stopped';

/** Points of a curve of losses at most, each the mean over consecutive steps. */
const LOSSES = 200;

/** A training as a view shows it. */
export class Run {
  state: RunState = 'training';
  step = 0;
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
  private pausedAt: number | undefined;
  private pauses = 0;
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

  /** Seconds of training, pauses left out. */
  get elapsed(): number {
    const until = this.ended ?? this.pausedAt ?? Date.now();
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
    if (isHeld) this.pausedAt = Date.now();
    else this.pauses += Date.now() - (this.pausedAt as number);
    if (!isHeld) this.pausedAt = undefined;
  }

  end(state: 'done' | 'stopped'): void {
    this.hold(false);
    this.state = state;
    this.ended = Date.now();
  }
}
