import type { Metrics } from '../metrics/metrics';
import type { Batch, Program } from '../tensorflow/program/program';

/** Where training stood when the metrics were taken. */
export interface CurvePoint {
  /** Optimiser steps taken so far. */
  readonly step: number;
  /** Passes over the training data so far. */
  readonly epoch: number;
  /** Wall-clock seconds of training so far, evaluation excluded. */
  readonly seconds: number;
  /** Mean training loss since the last point. */
  readonly loss: number;
  readonly valid: Metrics;
  readonly test: Metrics;
}

/** What one optimiser step takes. */
export type Step = {
  /** The training signature that takes the batch. */
  readonly signature: string;
  readonly batch: Batch;
  /** Training instances in the batch. */
  readonly instances: number;
};

/** Who looks on while something trains. */
export type Watch = {
  /** Told after each step. */
  readonly onStep?: ((step: number) => void) | undefined;
  /** Where a run is stopped, the reason is thrown after the step under way. */
  readonly signal?: AbortSignal | undefined;
};

export type Plan = Watch & {
  readonly steps: number;
  /** How often, evenly spaced, the metrics are taken; the last time is after the last step. */
  readonly evaluations: number;
  /** Training instances of one pass. */
  readonly passSize: number;
  readonly next: () => Step;
  readonly evaluate: () => { readonly valid: Metrics; readonly test: Metrics };
  /** Asked after each evaluation but the last; to the last step if absent. */
  readonly goesOn?: () => boolean;
};

/** Lets timers, messages and Stop in between two steps. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The one training loop: steps of the program's training signatures, with metrics along the way. */
export async function fit<W>(program: Program<W>, plan: Plan): Promise<CurvePoint[]> {
  const { steps, evaluations, passSize, next, evaluate, goesOn = () => true, onStep, signal } = plan;
  const stops = new Set(
    Array.from({ length: evaluations }, (_, i) => Math.round((steps * (i + 1)) / evaluations)),
  );
  const curve: CurvePoint[] = [];
  let seconds = 0;
  let seen = 0;
  let losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    signal?.throwIfAborted();
    const start = performance.now();
    const { signature, batch, instances } = next();
    losses.push(program.run(signature, batch).loss[0]);
    seen += instances;
    seconds += (performance.now() - start) / 1000;
    if (!Number.isFinite(losses[losses.length - 1]))
      throw new Error(`the loss is not finite after step ${step}`);
    if (stops.has(step)) {
      const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
      curve.push({ step, epoch: seen / passSize, seconds, loss, ...evaluate() });
      losses = [];
      if (!goesOn()) return curve;
    }
    onStep?.(step);
    await breathe();
  }
  return curve;
}
