import { type BatchPlan, batchesOf } from '../../../cluster/batches';
import { complaintsIn, endOfLeftovers, logsIn, type Resources, runBatches } from '../../../cluster/engine';
import { stemOf } from '../../../documents/store';
import type { Planned } from '../../../methods/experiment';
import { secondsOfSeed } from '../../../runs/estimate/estimate';
import { leftOn, measureAll } from '../../../runs/estimate/forecast';
import { leftOf, type Plan, unitsOf } from '../../../runs/plan';
import type { Workbench } from '../../../runs/workbench';
import { UserError } from '../../../userError';
import { shown } from '../../options/shown';

/** Seconds of an experiment without a trunk, or at tiny budgets: neither is measured. */
const SHORT = 5;

export type Clustered = {
  readonly bench: Workbench;
  readonly plan: Plan;
  readonly planned: readonly Planned[];
  readonly rq: readonly string[];
  /** The parameters of the workbench, for the nodes. */
  readonly parameters: BatchPlan['parameters'];
  readonly resources: Resources;
};

/** Computes what a plan has no document of on a cluster. Throws a UserError that shows what failed jobs wrote. */
export async function computeOnCluster(work: Clustered): Promise<void> {
  const { bench, plan, rq, parameters, resources } = work;
  const { code, out, signal = new AbortController().signal } = plan.session;
  await endOfLeftovers(out, resources, signal);
  const secondsOf = timesOf(work);
  for (;;) {
    const left = leftOf(plan);
    if (left.length === 0) return;
    const batches = batchesOf(plan, left, (stem) => secondsOf.get(stem) ?? SHORT);
    console.log(`${left.length} documents in ${batches.length} jobs, ${resources.jobs} at a time`);
    const onLook = () => report(plan);
    const whole = await runBatches(out, { parameters, rq, code, batches }, resources, { signal, onLook });
    if (!whole) continue; // what it had lost sight of is there by now, the rest is planned anew
    const missing = leftOf(plan);
    if (missing.length === 0) return;
    const failed = batches.filter(({ documents }) =>
      missing.some(({ place, seed }) => documents.includes(stemOf(plan.jobs[place].keyOf(seed)))),
    );
    const complaints = complaintsIn(
      out,
      failed.map(({ name }) => name),
    ).join('\n');
    throw new UserError(
      `${missing.length} documents are missing on ${bench.data}; what was finished is kept. Logs: ${shown(logsIn(out))}\n${complaints}`,
    );
  }
}

/** Seconds of each document by its stem, from steps measured here. */
function timesOf({ bench, plan, planned }: Clustered): Map<string, number> {
  if (bench.preset.name === 'quick') return new Map();
  const trainings = leftOn(bench, plan.session.code)(planned);
  const costs = measureAll(bench, trainings, () => undefined);
  return new Map(
    trainings.flatMap((training) =>
      training.keys.map((key) => [stemOf(key), secondsOfSeed(training, costs)] as const),
    ),
  );
}

/** Documents that are there, of all. */
function report(plan: Plan): void {
  const total = unitsOf(plan).length;
  plan.onProgress?.({ label: 'jobs of the cluster', done: total - leftOf(plan).length, total });
}
