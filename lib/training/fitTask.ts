import { carriesChoice, splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
import type { Metrics } from '../metrics/metrics';
import type { Program } from '../tensorflow/program/program';
import { metricsOf, type Outcome, outcomes } from './evaluate';
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

/** An evaluation by its place on the curve. */
type Kept<S> = {
  readonly at: number;
  readonly found: TaskOutcomes;
  readonly value: number;
  readonly state: S;
};

/**
 * Trains a program on a task and seed with metrics along the way. One rule for all methods: where the validation part is large
 * enough to choose by, the state with the best headline metric on it is kept, the earliest of equals, and training stops when
 * `patience` evaluations have brought no better one; elsewhere the last state is kept after all steps.
 */
export async function fitTask<W, S>(
  program: Program<W>,
  task: Task,
  seed: number,
  { scoresOf, patience, state, under = (evaluate) => evaluate(), ...plan }: TaskPlan<S>,
): Promise<Fitted<S>> {
  const split = splitInstances(task, seed);
  const chooses = carriesChoice(split);
  let kept: Kept<S> | undefined;
  let taken = 0;
  const isBetter = (valid: Metrics) => !kept || valid[task.metric] > kept.value;
  const evaluate = () => {
    const found = outcomesOf(task, seed, scoresOf);
    const valid = metricsOf(task, found.valid);
    taken++;
    const isLast = taken === plan.evaluations;
    if (chooses ? isBetter(valid) : isLast)
      kept = { at: taken - 1, found, value: valid[task.metric], state: state() };
    return { valid, test: metricsOf(task, found.test) };
  };
  const goesOn = () => !chooses || !kept || taken - 1 - kept.at < patience;
  const curve = await fit(program, {
    ...plan,
    passSize: split.train.length,
    evaluate: () => under(evaluate),
    goesOn,
  });
  const { at, found, state: weights } = kept as unknown as Kept<S>;
  return { curve, ...found, stoppedAt: curve[at].step, state: weights };
}
