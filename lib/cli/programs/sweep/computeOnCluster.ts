import { type BatchPlan, batchesOf } from '../../../cluster/batches';
import { complaintsIn, type Engine, endOfLeftovers, runBatches } from '../../../cluster/engine';
import { roughly } from '../../../runs/estimate/forecast';
import { measured } from '../../../runs/estimate/stepCost';
import { leftOf, type Plan, stemIn, type Unit, unitsOf, workloadsOf } from '../../../runs/plan';
import { kindsOf, secondsAtOnce, secondsOfOne } from '../../../runs/workload';
import { setUpEngine } from '../../../setup/parts/clusterEngine';
import { UserError } from '../../../userError';

/** Seconds of an experiment without a trunk, or at tiny budgets: neither is measured. */
const SHORT = 5;

export type Clustered = {
  readonly plan: Plan;
  readonly asked: Omit<BatchPlan, 'codes' | 'batches'>;
  readonly engine: Engine;
};

/** Computes what a plan has no document of on a cluster. Throws a UserError that shows what failed jobs wrote. */
export async function computeOnCluster({ plan, asked, engine }: Clustered): Promise<void> {
  const { codes, out, signal = new AbortController().signal } = plan.session;
  if (leftOf(plan).length === 0) return;
  await setUpEngine(console.log);
  await endOfLeftovers(out, engine, signal);
  const secondsOf = await timesOf(plan, engine.jobs);
  for (let left = leftOf(plan); left.length > 0; ) {
    const batches = batchesOf(plan, left, secondsOf);
    console.log(`${left.length} documents in ${batches.length} jobs, ${engine.jobs} at a time`);
    const [start, before] = [Date.now(), left.length];
    const onLook = () => report(plan);
    const ended = await runBatches(out, { ...asked, codes, batches }, engine, { signal, onLook });
    onLook();
    left = leftOf(plan);
    // What it had lost sight of, and what a new trunk has left behind, is planned anew.
    if (left.length === 0 || ended === 'lost') continue;
    const names = new Set(left.map((unit) => stemIn(plan, unit)));
    const failed = batches.filter(({ documents }) => documents.some((stem) => names.has(stem)));
    if (failed.length === 0 && left.length < before) continue;
    const complaints = complaintsIn(
      out,
      failed.map(({ name }) => name),
      start,
    );
    throw new UserError(
      [`${left.length} documents are missing; what was finished is kept.`, ...complaints].join('\n'),
    );
  }
}

/** Seconds of each unit, from steps measured here; how long all of them take with so many jobs at a time is said. */
async function timesOf(plan: Plan, jobs: number): Promise<(unit: Unit) => number> {
  const { preset } = plan.session;
  if (preset.name === 'quick') return () => SHORT;
  const workloads = workloadsOf(plan, leftOf(plan));
  console.log(`Measuring ${kindsOf(workloads).length} kinds of steps, so that jobs are long enough`);
  const costs = await measured(plan, workloads);
  console.log(`At most about ${roughly(secondsAtOnce(workloads, costs, jobs))} with ${jobs} jobs at a time`);
  return ({ place }) => {
    const { workload } = plan.jobs[place];
    return workload ? secondsOfOne(workload, costs) : SHORT;
  };
}

/** Documents that are there, of all. */
function report(plan: Plan): void {
  const total = unitsOf(plan).length;
  plan.onProgress?.({ label: 'jobs of the cluster', done: total - leftOf(plan).length, total });
}
