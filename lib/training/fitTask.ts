import { carriesChoice, splitInstances } from '../data/tasks/split';
import type { Task } from '../data/tasks/tasks';
import type { Program } from '../engine/program/program';
import { leaves, mapLeaves, type Tree, type Weight } from '../engine/weights';
import type { Metrics } from '../metrics/metrics';
import { distanceOf, metricsOf, type Outcome, outcomes } from './evaluate';
import {
  type CurvePoint,
  fit,
  type Plan,
  type Standing,
  type Steps,
  type StepsState,
  type Watch,
} from './fit';
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

export type TaskPlan<S> = Pick<Plan, 'steps' | 'evaluations' | keyof Watch> & {
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

/** The evaluation that is kept, by its place on the curve. */
type Kept<S> = { readonly at: number; readonly found: TaskOutcomes; readonly state: S };

/** An evaluation on validation data. */
type Judged = { readonly metric: number; readonly distance: number };

/** The evaluations so far: the best, the highest metric, the least distance, and how many brought no gain in either. */
type Judgement = {
  readonly best?: Judged;
  readonly highest: number;
  readonly nearest: number;
  readonly idle: number;
};

/** Higher metric; ties go to the smaller distance. */
const isBetter = (one: Judged, other: Judged | undefined): boolean =>
  other === undefined ||
  one.metric > other.metric ||
  (one.metric === other.metric && one.distance < other.distance);

function judged(before: Judgement | undefined, now: Judged): Judgement {
  const { best, highest, nearest, idle } = before ?? {
    highest: -Number.MAX_VALUE,
    nearest: Number.MAX_VALUE,
    idle: 0,
  };
  return {
    best: best === undefined || isBetter(now, best) ? now : best,
    highest: Math.max(highest, now.metric),
    nearest: Math.min(nearest, now.distance),
    idle: now.metric > highest || now.distance < nearest ? 0 : idle + 1,
  };
}

/** State of early stopping in a checkpoint; the weights that are kept are its arrays. */
type Remembered = {
  readonly taken: number;
  readonly judgement?: Judgement | undefined;
  readonly kept?: Omit<Kept<unknown>, 'state'> | undefined;
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
  const before = from?.judged as Remembered | undefined;
  let { taken, judgement } = before ?? { taken: 0, judgement: undefined };
  let kept: Kept<S> | undefined = before?.kept && { ...before.kept, state: treeIn(from, state()) };
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
    if (isKept(valid, found)) kept = { at: taken - 1, found, state: state() };
    return { valid, test: metricsOf(task, found.test) };
  }
  const remembered = (): Pick<Standing, 'judged' | 'arrays'> => ({
    judged: { taken, judgement, kept: kept && { at: kept.at, found: kept.found } } satisfies Remembered,
    arrays: new Map(arraysOf(kept?.state)),
  });
  const curve = await fit(program, {
    ...plan,
    taken: stepsFrom(from?.steps),
    passSize: split.train.length,
    evaluate,
    goesOn: () => (judgement?.idle ?? 0) < patience,
    judged: remembered,
    from,
  });
  const { at, found, state: weights } = kept as unknown as Kept<S>;
  return { curve, ...found, stoppedAt: curve[at].step, state: weights };
}

/** The weights of a state by their paths. */
const arraysOf = (tree: Tree<Weight> | undefined): [string, Float32Array][] =>
  tree === undefined ? [] : leaves<Weight>(tree).map(([path, { values }]) => [`${KEPT}${path}`, values]);

/** The weights that a checkpoint kept, in the shape of `like`. */
function treeIn<S extends Tree<Weight> | undefined>(from: Standing | undefined, like: S): S {
  if (like === undefined) return like;
  return mapLeaves<Weight, Weight>(like as Tree<Weight>, ({ shape }, path) => ({
    shape,
    values: from?.arrays?.get(`${KEPT}${path}`) as Float32Array,
  })) as S;
}
