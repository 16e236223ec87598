import { carriesChoice, splitInstances } from '../data/tasks/split';
import type { Task } from '../data/tasks/tasks';
import type { Program } from '../engine/program/program';
import { leaves, mapLeaves, type Tree, type Weight } from '../engine/weights';
import type { Metrics } from '../metrics/metrics';
import { distanceOf, metricsOf, type Outcome, outcomes } from './evaluate';
import { type CurvePoint, fit, type Plan, type Steps, type StepsState, type Watch } from './fit';
import type { Parts } from './parts';

/** Outcomes of the test and validation instances of a task. */
export type TaskOutcomes = { readonly test: Outcome[]; readonly valid: Outcome[] };

/** The outcomes of both parts from the scores [|Y|] of their users. */
export function* outcomesOf(
  task: Task,
  seed: number,
  scoresOf: (users: readonly number[]) => Parts<ReadonlyMap<number, Float32Array>>,
): Parts<TaskOutcomes> {
  const { valid, test } = splitInstances(task, seed);
  const scores = yield* scoresOf([...valid, ...test].map((i) => task.instances[i].user));
  return {
    valid: yield* outcomes(task, valid, scores, seed),
    test: yield* outcomes(task, test, scores, seed),
  };
}

type TaskPlan<S> = Pick<Plan, 'steps' | 'evaluations' | keyof Watch> & {
  /** Steps from the start or from a checkpoint. */
  readonly taken: (from?: StepsState) => Steps;
  readonly scoresOf: Parameters<typeof outcomesOf>[2];
  /** Evaluations without a gain before early stopping. */
  readonly patience: number;
  /** What is kept of the program besides its outcomes. */
  readonly state: () => S;
};

/** The curve, and outcomes and state after the step `stoppedAt`. */
export type Fitted<S> = TaskOutcomes & {
  readonly curve: CurvePoint[];
  readonly stoppedAt: number;
  readonly state: S;
};

/** An evaluation on validation data. */
type Judged = { readonly metric: number; readonly distance: number };

/** The evaluations so far: the best, the highest metric, the least distance, and how many brought no gain in either. */
type Judgement = {
  readonly best?: Judged;
  readonly highest: number;
  readonly nearest: number;
  readonly idle: number;
};

const NONE: Judgement = { highest: -Number.MAX_VALUE, nearest: Number.MAX_VALUE, idle: 0 };

/** The best has the highest metric; ties go to the smaller distance. */
function judged({ best, highest, nearest, idle }: Judgement, now: Judged): Judgement {
  const { metric, distance } = now;
  const isBest = !best || metric > best.metric || (metric === best.metric && distance < best.distance);
  return {
    best: isBest ? now : best,
    highest: Math.max(highest, metric),
    nearest: Math.min(nearest, distance),
    idle: metric > highest || distance < nearest ? 0 : idle + 1,
  };
}

/** State of early stopping in a checkpoint: evaluations, and the kept one by its place on the curve. Its weights are arrays. */
type Remembered = {
  readonly taken: number;
  readonly judgement?: Judgement | undefined;
  readonly kept?: { readonly at: number; readonly found: TaskOutcomes } | undefined;
};

const KEPT = 'kept/';

/**
 * Trains a program on a task and seed. One rule of early stopping for all methods: where validation data are enough
 * (`carriesChoice`), the state with the best headline metric is kept, ties by `distanceOf`, and training stops when neither has
 * gained for `patience` evaluations. Elsewhere the last state is kept.
 */
export async function fitTask<W, S extends Tree<Weight> | undefined>(
  program: Program<W>,
  task: Task,
  seed: number,
  { scoresOf, patience, state, taken: stepsFrom, ...plan }: TaskPlan<S>,
): Promise<Fitted<S>> {
  const split = splitInstances(task, seed);
  const chooses = carriesChoice(split);
  const from = plan.checkpoints?.last();
  let {
    taken,
    judgement = NONE,
    kept,
  }: Remembered = (from?.judged as Remembered | undefined) ?? { taken: 0 };
  let weights = kept && state();
  if (weights)
    weights = mapLeaves<Weight, Weight>(weights, ({ shape }, path) => ({
      shape,
      values: from?.arrays?.get(`${KEPT}${path}`) as Float32Array,
    })) as S;
  const isKept = (valid: Metrics, found: TaskOutcomes): boolean => {
    if (!chooses) return taken === plan.evaluations || plan.hand?.stops() === true;
    const now = { metric: valid[task.metric], distance: distanceOf(found.valid) };
    judgement = judged(judgement, now);
    return judgement.best === now;
  };
  function* evaluate(): ReturnType<Plan['evaluate']> {
    const found = yield* outcomesOf(task, seed, scoresOf);
    const valid = metricsOf(task, found.valid);
    taken++;
    if (isKept(valid, found)) [kept, weights] = [{ at: taken - 1, found }, state()];
    return { valid, test: metricsOf(task, found.test) };
  }
  const curve = await fit(program, {
    ...plan,
    taken: stepsFrom(from?.steps),
    passSize: split.train.length,
    evaluate,
    goesOn: () => judgement.idle < patience,
    judged: () => ({
      judged: { taken, judgement, kept } satisfies Remembered,
      arrays: new Map(
        weights ? leaves<Weight>(weights).map(([path, { values }]) => [`${KEPT}${path}`, values]) : [],
      ),
    }),
    from,
  });
  const { at, found } = kept as NonNullable<Remembered['kept']>;
  return { curve, ...found, stoppedAt: curve[at].step, state: weights as S };
}
