import { Gate } from '../../parts';
import type { Hand } from '../../training/fit';

/** What a hand did to a training, and after which step: it set the rate, or it stopped training and kept what was there. */
export type Deed =
  | { readonly step: number; readonly rate: number }
  | { readonly step: number; readonly stopped: true };

/** A hand on a training: it can hold it up, let it go on, stop it, and change its rate. */
export class Steering implements Hand {
  readonly deeds: Deed[] = [];
  private readonly gate = new Gate();

  /** Where the run is stopped as a whole nothing holds it up any longer. */
  constructor(
    signal: AbortSignal,
    private readonly stepNow: () => number,
    private readonly changeRate: (rate: number) => void,
  ) {
    signal.addEventListener('abort', () => this.goOn());
  }

  readonly held = this.gate.held;

  readonly stops = (): boolean => this.deeds.some((deed) => 'stopped' in deed);

  get isHeld(): boolean {
    return this.gate.isClosed;
  }

  pause(): void {
    this.gate.close();
  }

  goOn(): void {
    this.gate.open();
  }

  stop(): void {
    if (!this.stops()) this.deeds.push({ step: this.stepNow(), stopped: true });
    this.goOn();
  }

  setRate(rate: number): void {
    this.changeRate(rate);
    this.deeds.push({ step: this.stepNow(), rate });
  }
}
