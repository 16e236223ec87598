import type { Metrics } from '../metrics/metrics';
import { breathe, type Parts, paced } from '../parts';
import type { Batch, Program, Variables } from '../tensorflow/program/program';
import type { StreamStates } from './inputs';
import type { PackingState } from './packing';

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

/** Endless steps, and where they stand. */
export type Steps<S extends Step = Step> = { readonly next: () => S; readonly state: () => StepsState };

/** Place in the data and in the random streams, as JSON keeps it. */
export type StepsState = {
  readonly streams: StreamStates;
  readonly packing: PackingState;
  /** Of steps that are taken together with these. */
  readonly beside?: StepsState;
};

/** Where `fit` stands. */
export type Progress = {
  /** Steps taken and training instances seen. */
  readonly step: number;
  readonly seen: number;
  readonly seconds: number;
  /** Since the last point of the curve. */
  readonly losses: readonly number[];
  readonly curve: readonly CurvePoint[];
};

/** All that a training goes on from, so that its numbers are those of one that was never stopped. */
export type Standing = {
  readonly progress: Progress;
  readonly steps: StepsState;
  /** What who evaluates has to remember, as JSON keeps it, and arrays of it. */
  readonly judged?: unknown;
  readonly arrays?: ReadonlyMap<string, Float32Array> | undefined;
  /** All variables of the program, optimiser's state included. */
  readonly variables: Variables;
};

/** Where trainings that take long leave how they stand. */
export type Checkpoints = {
  /** How a training that was not finished stood. */
  readonly last: () => Standing | undefined;
  /** Whether it is time to leave it. */
  readonly isDue: () => boolean;
  readonly leave: (standing: Standing) => void;
};

/** What a step says beside its number: its loss, and passes over the training data so far. */
export type StepTaken = Pick<CurvePoint, 'loss' | 'epoch'>;

/** Who steers while something trains; nothing of it changes a number but where training ends. */
export type Hand = {
  /** Where training is held up, what ends when it goes on. */
  readonly held: () => Promise<void> | undefined;
  /** Whether training ends after the step under way, evaluated as it then is. */
  readonly stops: () => boolean;
};

/** Who looks on while something trains. */
export type Watch = {
  /** Told after each step. */
  readonly onStep?: ((step: number, taken: StepTaken) => void) | undefined;
  /** Told after each evaluation. */
  readonly onPoint?: ((point: CurvePoint) => void) | undefined;
  /** Asked after each step. */
  readonly hand?: Hand | undefined;
  /** Where a run is stopped, the reason is thrown after the step, or the part of an evaluation, under way. */
  readonly signal?: AbortSignal | undefined;
  /** Where it stands is left from time to time and when it is stopped; each starts anew if absent. */
  readonly checkpoints?: Checkpoints | undefined;
};

export type Plan = Watch & {
  readonly steps: number;
  /** How often, evenly spaced, the metrics are taken; the last time is after the last step. */
  readonly evaluations: number;
  /** Training instances of one pass. */
  readonly passSize: number;
  /** What is stepped through; where it goes on from a standing, from there. */
  readonly taken: Steps;
  readonly evaluate: () => Parts<{ readonly valid: Metrics; readonly test: Metrics }>;
  /** Asked after each evaluation but the last; to the last step if absent. */
  readonly goesOn?: () => boolean;
  /** What a standing says of the evaluations so far. */
  readonly judged?: () => Pick<Standing, 'judged' | 'arrays'>;
  /** What it goes on from; the program is put there. */
  readonly from?: Standing | undefined;
};

/** A training that has run away: the message says after which step. */
export class Diverged extends Error {}

/** Whether a sum of numbers that are some is one; a number that is none makes it none. */
const areNumbers = (values: Float32Array): boolean =>
  Number.isFinite(values.reduce((sum, value) => sum + value, 0));

/** What was learnt must be numbers: a score that is none would rank first. Throws Diverged. */
function requireNumbers(program: Program<unknown>, step: number): void {
  const broken = program.variables().find(({ values }) => !areNumbers(values()));
  if (broken) throw new Diverged(`${broken.name} holds what is no number after step ${step}`);
}

/**
 * The one training loop: steps of the program's training signatures, with metrics along the way. Throws Diverged where a loss
 * or what was learnt is no number.
 */
export async function fit<W>(program: Program<W>, plan: Plan): Promise<CurvePoint[]> {
  const { steps, evaluations, passSize, taken, evaluate, goesOn = () => true, judged, from } = plan;
  const { onStep, onPoint, hand, signal, checkpoints } = plan;
  const stops = new Set(
    Array.from({ length: evaluations }, (_, i) => Math.round((steps * (i + 1)) / evaluations)),
  );
  const { curve, losses, ...before } = from?.progress ?? {
    step: 0,
    seen: 0,
    seconds: 0,
    losses: [],
    curve: [],
  };
  const points = [...curve];
  let sinceLast = [...losses];
  let { step, seen, seconds } = before;
  let end = steps;
  const leave = () =>
    checkpoints?.leave({
      progress: { step, seen, seconds, losses: sinceLast, curve: points },
      steps: taken.state(),
      ...judged?.(),
      variables: program.variables(),
    });
  for (const { name, values } of from?.variables ?? []) program.restore(new Map([[name, values()]]));
  const isDue = () => stops.has(step) && points[points.length - 1]?.step !== step;
  const judge = async () => {
    const loss = sinceLast.reduce((sum, value) => sum + value, 0) / sinceLast.length;
    const metrics = await paced(evaluate(), signal, hand?.held);
    const point = { step, epoch: seen / passSize, seconds, loss, ...metrics };
    points.push(point);
    sinceLast = [];
    onPoint?.(point);
  };
  const takeOne = () => {
    const start = performance.now();
    const { signature, batch, instances } = taken.next();
    const [loss] = program.run(signature, batch).loss;
    sinceLast.push(loss);
    step++;
    seen += instances;
    seconds += (performance.now() - start) / 1000;
    if (!Number.isFinite(loss)) throw new Diverged(`the loss is no number after step ${step}`);
    onStep?.(step, { loss, epoch: seen / passSize });
  };
  try {
    while (step < end || isDue()) {
      if (isDue()) {
        await judge();
        if (!goesOn() || hand?.stops()) break;
        continue;
      }
      if (checkpoints?.isDue()) leave();
      signal?.throwIfAborted();
      takeOne();
      await breathe();
      await hand?.held();
      if (!hand?.stops()) continue;
      end = step;
      stops.add(step);
    }
  } catch (error) {
    if (signal?.aborted && step > before.step) leave();
    throw error;
  }
  requireNumbers(program, step);
  return points;
}
