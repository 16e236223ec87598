import type { Program } from '../engine/program/program';
import { leaves, mapLeaves, type Tree, type Weight } from '../engine/weights';
import type { Metrics } from '../metrics/metrics';
import { type CurvePoint, fit, type Plan, type Steps, type StepsState } from './fit';
import type { Parts } from './parts';

/** An evaluation on held-out data: a metric, higher is better, and a distance, lower is better. */
type Judged = { readonly metric: number; readonly distance: number };

/** Which of the two the kept state is best in; ties go by the other. */
type KeptBy = keyof Judged;

/** The evaluations so far: the best, the highest metric, the least distance, and how many of the last brought no gain in either. */
type Judgement = {
  readonly best?: Judged;
  readonly highest: number;
  readonly nearest: number;
  readonly idle: number;
};

const NONE: Judgement = { highest: -Number.MAX_VALUE, nearest: Number.MAX_VALUE, idle: 0 };

function isBetter(now: Judged, best: Judged, by: KeptBy): boolean {
  const [metric, distance] = [now.metric - best.metric, best.distance - now.distance];
  const [first, second] = by === 'metric' ? [metric, distance] : [distance, metric];
  return first > 0 || (first === 0 && second > 0);
}

function withNow({ best, highest, nearest, idle }: Judgement, now: Judged, by: KeptBy): Judgement {
  const { metric, distance } = now;
  return {
    best: !best || isBetter(now, best, by) ? now : best,
    highest: Math.max(highest, metric),
    nearest: Math.min(nearest, distance),
    idle: metric > highest || distance < nearest ? 0 : idle + 1,
  };
}

/** State of early stopping in a checkpoint: evaluations, and the kept one by its place on the curve. Its weights are arrays. */
type Remembered<F> = {
  readonly taken: number;
  readonly judgement?: Judgement | undefined;
  readonly kept?: { readonly at: number; readonly found: F } | undefined;
};

const KEPT = 'kept/';

/** `found` is what an evaluation leaves, as JSON keeps it; without `judged` the last state is kept. */
type Evaluation<F> = {
  readonly valid: Metrics;
  readonly test: Metrics;
  readonly found: F;
  readonly judged?: Judged | undefined;
};

export type BestPlan<S, F> = Omit<Plan, 'taken' | 'evaluate' | 'goesOn' | 'judged' | 'from'> & {
  /** Steps from the start or from a checkpoint. */
  readonly taken: (from?: StepsState) => Steps;
  readonly evaluate: () => Parts<Evaluation<F>>;
  readonly keptBy: KeptBy;
  /** Evaluations without a gain before early stopping. */
  readonly patience: number;
  /** Weights to keep of the best state. */
  readonly state: () => S;
};

/** The curve, and the kept state: its step `stoppedAt`, its weights, and what its evaluation found. */
export type Best<S, F> = {
  readonly curve: CurvePoint[];
  readonly stoppedAt: number;
  readonly found: F;
  readonly state: S;
};

/**
 * Trains a program and keeps its best state by `keptBy`. One rule of early stopping for all that is trained: it ends when neither
 * the metric nor the distance has gained for `patience` evaluations.
 */
export async function fitBest<W, S extends Tree<Weight> | undefined, F>(
  program: Program<W>,
  { evaluate: evaluation, keptBy, patience, state, taken: stepsFrom, ...plan }: BestPlan<S, F>,
): Promise<Best<S, F>> {
  const from = plan.checkpoints?.last();
  let {
    taken,
    judgement = NONE,
    kept,
  }: Remembered<F> = (from?.judged as Remembered<F> | undefined) ?? { taken: 0 };
  let weights = kept && state();
  if (weights)
    weights = mapLeaves<Weight, Weight>(weights, ({ shape }, path) => ({
      shape,
      values: from?.arrays?.get(`${KEPT}${path}`) as Float32Array,
    })) as S;
  const isKept = (now: Judged | undefined): boolean => {
    if (!now) return taken === plan.evaluations;
    judgement = withNow(judgement, now, keptBy);
    return judgement.best === now;
  };
  function* evaluate(): ReturnType<Plan['evaluate']> {
    const { found, judged, ...metrics } = yield* evaluation();
    taken++;
    if (isKept(judged)) [kept, weights] = [{ at: taken - 1, found }, state()];
    return metrics;
  }
  const curve = await fit(program, {
    ...plan,
    taken: stepsFrom(from?.steps),
    evaluate,
    goesOn: () => judgement.idle < patience,
    judged: () => ({
      judged: { taken, judgement, kept } satisfies Remembered<F>,
      arrays: new Map(
        weights ? leaves<Weight>(weights).map(([path, { values }]) => [`${KEPT}${path}`, values]) : [],
      ),
    }),
    from,
  });
  const { at, found } = kept as NonNullable<Remembered<F>['kept']>;
  return { curve, found, stoppedAt: curve[at].step, state: weights as S };
}
