import { splitInstances } from '../datasets/tasks/split';
import type { Task } from '../datasets/tasks/tasks';
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

export type TaskPlan = Pick<Plan, 'steps' | 'evaluations' | 'next' | 'onStep' | 'signal'> & {
  readonly scoresOf: Parameters<typeof outcomesOf>[2];
};

/** Trains a program on a task and seed with metrics along the way; the outcomes are those after the last step. */
export async function fitTask<W>(
  program: Program<W>,
  task: Task,
  seed: number,
  { scoresOf, ...plan }: TaskPlan,
): Promise<TaskOutcomes & { readonly curve: CurvePoint[] }> {
  let found: TaskOutcomes = { valid: [], test: [] };
  const evaluate = () => {
    found = outcomesOf(task, seed, scoresOf);
    return { valid: metricsOf(task, found.valid), test: metricsOf(task, found.test) };
  };
  const passSize = splitInstances(task, seed).train.length;
  const curve = await fit(program, { ...plan, passSize, evaluate });
  return { curve, ...found };
}
