/** A training as the view below its cell shows it. */
import type { CurvePoint, StepTaken } from '../../training/fit';
import { progressLine } from '../kernel/progress';
import type { Point } from './picture';

/** Known before a training begins: its steps unless it ends early, and the metric of its curve. */
export type About = { readonly label: string; readonly steps: number; readonly metric: string };

/** Points of a curve of losses at most, each the mean over consecutive steps. */
const MOST_LOSSES = 200;

export class Training {
  readonly losses: Point[] = [];
  readonly curve: Point[] = [];
  private step = 0;
  /** Share of the steps that were taken before it went on here. */
  private first = 0;
  private readonly began = Date.now();
  /** Seconds until the last step. */
  private elapsed = 0;
  /** Losses since the last point. */
  private recent: number[] = [];

  constructor(readonly about: About) {}

  stepped(step: number, { loss }: StepTaken): void {
    const { steps } = this.about;
    if (this.step === 0) this.first = (step - 1) / steps;
    this.step = step;
    this.elapsed = (Date.now() - this.began) / 1000;
    this.recent.push(loss);
    if (this.recent.length < steps / MOST_LOSSES && step < steps) return;
    const value = this.recent.reduce((sum, one) => sum + one, 0) / this.recent.length;
    this.losses.push({ step, value });
    this.recent = [];
  }

  evaluated({ step, valid }: CurvePoint): void {
    const value = valid[this.about.metric];
    if (value !== undefined) this.curve.push({ step, value });
  }

  /** `███████░░░░░ 60/100 in 0:30, 0:20 left: PeterRec, loss 0.1234, HR@5 0.1234`. */
  get line(): string {
    const { label, steps, metric } = this.about;
    const progress = progressLine({ label, done: this.step, total: steps }, this.elapsed, this.first);
    const [loss, reached] = [this.losses, this.curve].map((points) => points.at(-1)?.value.toFixed(4));
    return [progress, loss && `loss ${loss}`, reached && `${metric} ${reached}`].filter(Boolean).join(', ');
  }
}
