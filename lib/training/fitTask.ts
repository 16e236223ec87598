import { carriesChoice, splitInstances } from '../data/tasks/split';
import type { Task } from '../data/tasks/tasks';
import { distanceOf, metricsOf, type Outcome, outcomes } from './evaluate';
import type { Best, BestPlan } from './fitBest';
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

type TaskPlan<S> = Omit<BestPlan<S, TaskOutcomes>, 'evaluate' | 'keptBy'> & {
  readonly scoresOf: Parameters<typeof outcomesOf>[2];
};

/** The curve, and outcomes and state after the step `stoppedAt`. */
export type Fitted<S> = TaskOutcomes & Omit<Best<S, TaskOutcomes>, 'found'>;

/**
 * The plan of a training on a task and seed. Where validation data are enough (`carriesChoice`), the kept state has the best headline
 * metric of a recommendation task, and the least log-loss of a profile task, whose accuracy on few users is coarse. Elsewhere the last
 * state is kept.
 */
export function planOfTask<S>(
  task: Task,
  seed: number,
  { scoresOf, ...plan }: TaskPlan<S>,
): BestPlan<S, TaskOutcomes> {
  const chooses = carriesChoice(splitInstances(task, seed));
  function* evaluate(): ReturnType<BestPlan<S, TaskOutcomes>['evaluate']> {
    const found = yield* outcomesOf(task, seed, scoresOf);
    const [valid, test] = [found.valid, found.test].map((part) => metricsOf(task, part));
    const judged = chooses ? { metric: valid[task.metric], distance: distanceOf(found.valid) } : undefined;
    return { valid, test, found, judged };
  }
  return { ...plan, evaluate, keptBy: task.kind === 'classify' ? 'distance' : 'metric' };
}
