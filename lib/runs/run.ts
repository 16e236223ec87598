import { requireNoLeak } from '../datasets/tasks/leakage';
import { removeDeadClaims } from '../documents/claim';
import type { Ran } from '../documents/ran';
import { removeLeftovers } from '../files/whole';
import type { Planned } from '../methods/experiment';
import { UserError } from '../userError';
import type { Job } from './jobs/job';
import { type Compute, leftOf, type Plan, planOf, stemIn } from './plan';
import type { RunOptions } from './session/session';
import { computeHere } from './worker';

/**
 * Makes sure that a plan can be computed in its folder: no answer is given away, and nothing lies there that killed processes
 * left. Throws a UserError that names the rows where the input gives an answer away.
 */
export function prepare({ pairs, seeds, session }: Plan): void {
  for (const task of new Set(pairs.map((pair) => pair.task)))
    for (const seed of seeds) requireNoLeak(task, seed);
  removeLeftovers(session.out);
  removeDeadClaims(session.out);
}

/** Computes what a plan has no document of; once more where a trunk that was made anew leaves experiments of the old one behind. */
export async function complete(plan: Plan, compute: Compute): Promise<void> {
  prepare(plan);
  const left = leftOf(plan);
  await compute(plan, left);
  const known = new Set(left.map((unit) => stemIn(plan, unit)));
  const behind = leftOf(plan).filter((unit) => !known.has(stemIn(plan, unit)));
  if (behind.length > 0) await compute(plan, behind);
}

/**
 * Every planned experiment on its tasks and every seed, each from its document, which is computed where it is not there.
 * A trunk is pre-trained once for each source, direction, length of pre-training and seed and shared by all that start from it.
 * Throws a UserError where an answer would be given away, where a training runs away, or where documents were changed while it ran.
 */
export async function run(options: RunOptions, planned: readonly Planned[], compute?: Compute): Promise<Ran> {
  return runPlan(planOf(options, planned), compute);
}

/** The same of a plan that was made before. */
export async function runPlan(plan: Plan, compute: Compute = computeHere): Promise<Ran> {
  let isPartial = false;
  const onDiverged = (sentences: readonly string[]) => {
    plan.onDiverged(sentences);
    isPartial = true;
  };
  await complete({ ...plan, onDiverged }, compute);
  const documents = (of: Job['of']) =>
    plan.jobs
      .filter((job) => job.of === of)
      .flatMap((job) =>
        plan.seeds.flatMap((seed) => job.documentOf(seed) ?? (isPartial ? [] : missing(job, seed))),
      );
  return {
    out: plan.session.out,
    preset: plan.session.preset,
    tasks: plan.tasks,
    results: documents('experiment'),
    pretraining: documents('trunk'),
  };
}

function missing(job: Job, seed: number): never {
  throw new UserError(`${job.labelOf(seed)}: its files were changed while the run went on; run it again`);
}
