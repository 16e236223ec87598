import type { Batch, Program, Variables } from '../engine/program/program';
import type { Metrics } from '../metrics/metrics';
import type { StreamStates } from './inputs';
import { type Parts, paced, yieldToEvents } from './parts';
import type { PackingState } from './taskInputs';

/** An evaluation during training. */
export interface CurvePoint {
  /** Optimiser steps, passes over the training data, and seconds of training without evaluation, so far. */
  readonly step: number;
  readonly epoch: number;
  readonly seconds: number;
  /** Mean training loss since the last point. */
  readonly loss: number;
  readonly valid: Metrics;
  readonly test: Metrics;
}

/** Batch of one optimiser step. */
export type Step = {
  /** The training signature that takes the batch. */
  readonly signature: string;
  readonly batch: Batch;
  /** Training instances in the batch. */
  readonly instances: number;
};

/** Endless steps, and the state to resume them from. */
export type Steps<S extends Step = Step> = {
  /** Training instances of one pass. */
  readonly passSize: number;
  readonly next: () => S;
  readonly state: () => StepsState;
};

/** Place in the data and in the random streams, as JSON keeps it. */
export type StepsState = {
  readonly streams: StreamStates;
  readonly packing: PackingState;
  /** State of steps that are taken together with these. */
  readonly joint?: StepsState;
};

/** A checkpoint: a training that resumes from it gives the numbers of an uninterrupted one. */
export type Standing = {
  readonly progress: {
    /** Steps taken and training instances seen. */
    readonly step: number;
    readonly seen: number;
    readonly seconds: number;
    /** Since the last point of the curve. */
    readonly losses: readonly number[];
    readonly curve: readonly CurvePoint[];
  };
  readonly steps: StepsState;
  /** State of early stopping, as JSON, and its arrays. */
  readonly judged?: unknown;
  readonly arrays?: ReadonlyMap<string, Float32Array> | undefined;
  /** All variables of the program, the optimiser's included. */
  readonly variables: Variables;
};

/** Where a long training leaves checkpoints. */
export type Checkpoints = {
  /** The latest checkpoint of an unfinished training. */
  readonly last: () => Standing | undefined;
  /** Whether a checkpoint is due. */
  readonly isDue: () => boolean;
  readonly leave: (standing: Standing) => void;
};

/** Loss of a step, and passes over the training data so far. */
export type StepTaken = Pick<CurvePoint, 'loss' | 'epoch'>;

/** Callbacks of a caller while a program trains. */
export type Watch = {
  /** Called after each step and after each evaluation. */
  readonly onStep?: ((step: number, taken: StepTaken) => void) | undefined;
  readonly onPoint?: ((point: CurvePoint) => void) | undefined;
  /** Stop: its reason is thrown after the current step or part of an evaluation. */
  readonly signal?: AbortSignal | undefined;
  /** Checkpoints are left from time to time and on stop; absent: none. */
  readonly checkpoints?: Checkpoints | undefined;
};

export type Plan = Watch & {
  readonly steps: number;
  /** Evaluations, evenly spaced, the last after the last step. */
  readonly evaluations: number;
  /** The steps, from `from` on if it is given. */
  readonly taken: Steps;
  readonly evaluate: () => Parts<{ readonly valid: Metrics; readonly test: Metrics }>;
  /** Early stopping, asked after each evaluation; absent: to the last step. */
  readonly goesOn?: () => boolean;
  /** State of early stopping for a checkpoint. */
  readonly judged?: () => Pick<Standing, 'judged' | 'arrays'>;
  /** The checkpoint to resume from; its variables are restored. */
  readonly from?: Standing | undefined;
};

/** A training that has diverged: the message says after which step. */
export class Diverged extends Error {}

/** Throws Diverged where a weight is NaN or infinite; a sum with such a weight is not finite either. */
function requireNumbers(program: Program<unknown>, step: number): void {
  const isBroken = (values: Float32Array) => !Number.isFinite(values.reduce((sum, value) => sum + value, 0));
  const broken = program.variables().find(({ values }) => isBroken(values()));
  if (broken) throw new Diverged(`${broken.name} holds what is no number after step ${step}`);
}

/** The one training loop: steps with evaluations along the way. Throws Diverged where a loss, a metric, or at the end a weight, is NaN or infinite. */
export async function fit<W>(program: Program<W>, plan: Plan): Promise<CurvePoint[]> {
  const { steps, evaluations, taken, evaluate, goesOn = () => true, judged, from } = plan;
  const { onStep, onPoint, signal, checkpoints } = plan;
  const stops = new Set(
    Array.from({ length: evaluations }, (_, i) => Math.round((steps * (i + 1)) / evaluations)),
  );
  const before = from?.progress ?? { step: 0, seen: 0, seconds: 0, losses: [], curve: [] };
  let { step, seen, seconds } = before;
  let losses = [...before.losses];
  const curve = [...before.curve];
  const leave = () =>
    checkpoints?.leave({
      progress: { step, seen, seconds, losses, curve },
      steps: taken.state(),
      ...judged?.(),
      variables: program.variables(),
    });
  for (const { name, values } of from?.variables ?? []) program.restore(new Map([[name, values()]]));
  const isDue = () => stops.has(step) && curve[curve.length - 1]?.step !== step;
  const judge = async () => {
    const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    const metrics = await paced(evaluate(), signal);
    const point = { step, epoch: seen / taken.passSize, seconds, loss, ...metrics };
    const broken = Object.entries({ ...metrics.test, ...metrics.valid }).find(
      ([, value]) => !Number.isFinite(value),
    );
    if (broken) throw new Diverged(`${broken[0]} is no number after step ${step}`);
    curve.push(point);
    losses = [];
    onPoint?.(point);
  };
  const takeOne = () => {
    const start = performance.now();
    const { signature, batch, instances } = taken.next();
    const [loss] = program.run(signature, batch).loss;
    losses.push(loss);
    step++;
    seen += instances;
    seconds += (performance.now() - start) / 1000;
    if (!Number.isFinite(loss)) throw new Diverged(`the loss is no number after step ${step}`);
    onStep?.(step, { loss, epoch: seen / taken.passSize });
  };
  try {
    while (step < steps || isDue()) {
      if (isDue()) {
        await judge();
        if (!goesOn()) break;
        continue;
      }
      if (checkpoints?.isDue()) leave();
      signal?.throwIfAborted();
      takeOne();
      await yieldToEvents();
    }
  } catch (error) {
    if (signal?.aborted && step > before.step) leave();
    throw error;
  }
  requireNumbers(program, step);
  return curve;
}
