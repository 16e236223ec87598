import { requireNoLeak } from '../datasets/tasks/leakage';
import { removeDeadClaims } from '../documents/claim';
import type { Result } from '../documents/document';
import type { Ran } from '../documents/ran';
import { removeLeftovers } from '../files/whole';
import type { Planned } from '../methods/experiment';
import { UserError } from '../userError';
import type { Job } from './jobs/job';
import { type Compute, leftOf, type Plan, planOf } from './plan';
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

/**
 * Every planned experiment on its tasks and every seed, each from its document, which is computed where it is not there.
 * A trunk is pre-trained once for each source, direction, length of pre-training and seed and shared by all that start from it.
 * Throws a UserError where an answer would be given away, or where documents were changed while it ran.
 */
export async function run(
  options: RunOptions,
  planned: readonly Planned[],
  compute: Compute = computeHere,
): Promise<Ran> {
  const plan = planOf(options, planned);
  prepare(plan);
  await compute(plan, leftOf(plan));
  const documents = (of: Job['of']) =>
    plan.jobs
      .filter((job) => job.of === of)
      .flatMap((job) => plan.seeds.map((seed) => documentOf(job, seed)));
  return {
    out: options.out,
    tasks: options.tasks,
    results: documents('experiment'),
    pretraining: documents('trunk'),
  };
}

function documentOf(job: Job, seed: number): Result {
  const document = job.documentOf(seed);
  if (document) return document;
  throw new UserError(`${job.labelOf(seed)}: its files were changed while the run went on; run it again`);
}
