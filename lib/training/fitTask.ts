import { carriesChoice, splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Metrics } from '../metrics/metrics';
import type { Program } from '../tensorflow/program/program';
import { distanceOf, metricsOf, type Outcome, outcomes } from './evaluate';
import { type CurvePoint, fit, type Plan } from './fit';

/** What a method says about the test and validation instances of a task. */
export type TaskOutcomes = { readonly test: Outcome[]; readonly valid: Outcome[] };

/** The outcomes of both parts from the scores [|Y|] of their users. */
export function outcomesOf(
  task: Task,
  seed: number,
  scoresOf: (users: readonly number[]) => ReadonlyMap<number, Float32Array>,
): TaskOutcomes {
  const { valid, test } = splitInstances(task, seed);
  const scores = scoresOf([...valid, ...test].map((i) => task.instances[i].user));
  return { valid: outcomes(task, valid, scores, seed), test: outcomes(task, test, scores, seed) };
}

export type TaskPlan<S> = Pick<Plan, 'steps' | 'evaluations' | 'next' | 'onStep' | 'signal'> & {
  readonly scoresOf: Parameters<typeof outcomesOf>[2];
  /** Evaluations without a better one after which training stops. */
  readonly patience: number;
  /** What is kept of the program beside its outcomes. */
  readonly state: () => S;
  /** Under what an evaluation takes place; the program as it is if absent. */
  readonly under?: <T>(evaluate: () => T) => T;
};

/** What training leaves: curve, and outcomes and state after the step `stoppedAt`. */
export type Fitted<S> = TaskOutcomes & {
  readonly curve: CurvePoint[];
  readonly stoppedAt: number;
  readonly state: S;
};

/** An evaluation by its place on the curve, and what it left. */
type Kept<S> = { readonly at: number; readonly found: TaskOutcomes; readonly state: S };

/** What an evaluation says on the validation part. */
type Judged = { readonly metric: number; readonly distance: number };

/** Higher by the metric; among equals, nearer. */
const isBetter = (one: Judged, other: Judged | undefined): boolean =>
  other === undefined ||
  one.metric > other.metric ||
  (one.metric === other.metric && one.distance < other.distance);

/** Which evaluation is the best so far, and how many have passed since metric or distance last gained. */
function judge() {
  let best: Judged | undefined;
  let [highest, nearest, idle] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  return (now: Judged) => {
    idle = now.metric > highest || now.distance < nearest ? 0 : idle + 1;
    [highest, nearest] = [Math.max(highest, now.metric), Math.min(nearest, now.distance)];
    const better = isBetter(now, best);
    if (better) best = now;
    return { better, idle };
  };
}

/**
 * Trains a program on a task and seed with metrics along the way. One rule for all methods: where the validation part is large
 * enough to choose by, the state with the best headline metric on it is kept, among equals the nearest (see `distanceOf`), and
 * training stops when for `patience` evaluations neither of the two has gained; elsewhere the last state is kept after all
 * steps.
 */
export async function fitTask<W, S>(
  program: Program<W>,
  task: Task,
  seed: number,
  { scoresOf, patience, state, under = (evaluate) => evaluate(), ...plan }: TaskPlan<S>,
): Promise<Fitted<S>> {
  const split = splitInstances(task, seed);
  const chooses = carriesChoice(split);
  const judged = judge();
  let kept: Kept<S> | undefined;
  let [taken, idle] = [0, 0];
  const isKept = (valid: Metrics, found: TaskOutcomes): boolean => {
    if (!chooses) return taken === plan.evaluations;
    const said = judged({ metric: valid[task.metric], distance: distanceOf(found.valid) });
    idle = said.idle;
    return said.better;
  };
  const evaluate = () => {
    const found = outcomesOf(task, seed, scoresOf);
    const valid = metricsOf(task, found.valid);
    taken++;
    if (isKept(valid, found)) kept = { at: taken - 1, found, state: state() };
    return { valid, test: metricsOf(task, found.test) };
  };
  const curve = await fit(program, {
    ...plan,
    passSize: split.train.length,
    evaluate: () => under(evaluate),
    goesOn: () => idle < patience,
  });
  const { at, found, state: weights } = kept as unknown as Kept<S>;
  return { curve, ...found, stoppedAt: curve[at].step, state: weights };
}
