import { setImmediate } from 'node:timers/promises';
import { type BatchPlan, batchesOf } from '../../../cluster/batches';
import { complaintsIn, type Engine, endOfLeftovers, runBatches } from '../../../cluster/engine';
import { stemOf } from '../../../documents/store';
import { nameOf, type PlannedTraining, secondsOfSeed } from '../../../runs/estimate/estimate';
import { leftOn, measureAll } from '../../../runs/estimate/forecast';
import { leftOf, type Plan, stemIn, unitsOf } from '../../../runs/plan';
import type { Workbench } from '../../../runs/workbench';
import { setUpEngine } from '../../../setup/parts/clusterEngine';
import { UserError } from '../../../userError';

/** Seconds of an experiment without a trunk, or at tiny budgets: neither is measured. */
const SHORT = 5;

export type Clustered = {
  readonly bench: Workbench;
  readonly plan: Plan;
  readonly asked: Omit<BatchPlan, 'code' | 'batches'>;
  readonly engine: Engine;
};

/** Computes what a plan has no document of on a cluster. Throws a UserError that shows what failed jobs wrote. */
export async function computeOnCluster({ bench, plan, asked, engine }: Clustered): Promise<void> {
  const { code, out, signal = new AbortController().signal } = plan.session;
  if (leftOf(plan).length === 0) return;
  await setUpEngine(console.log);
  await endOfLeftovers(out, engine, signal);
  const secondsOf = await timesOf(bench, plan, signal);
  for (let left = leftOf(plan); left.length > 0; ) {
    const batches = batchesOf(plan, left, (stem) => secondsOf.get(stem) ?? SHORT);
    console.log(`${left.length} documents in ${batches.length} jobs, ${engine.jobs} at a time`);
    const [start, before] = [Date.now(), left.length];
    const onLook = () => report(plan);
    const ended = await runBatches(out, { ...asked, code, batches }, engine, { signal, onLook });
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

/** Seconds of each document by its stem, from steps measured here. */
async function timesOf(bench: Workbench, plan: Plan, signal: AbortSignal): Promise<Map<string, number>> {
  const seconds = new Map<string, number>();
  if (bench.preset.name === 'quick') return seconds;
  const kinds = new Map<string, PlannedTraining[]>();
  for (const training of leftOn(bench, plan.session.code)(plan.planned))
    kinds.set(nameOf(training.kind), [...(kinds.get(nameOf(training.kind)) ?? []), training]);
  console.log(`Measuring ${kinds.size} kinds of steps, so that jobs are long enough`);
  for (const trainings of kinds.values()) {
    await setImmediate(); // lets a stop in
    signal.throwIfAborted();
    const costs = measureAll(bench, trainings, () => undefined);
    for (const training of trainings)
      for (const key of training.keys) seconds.set(stemOf(key), secondsOfSeed(training, costs));
  }
  return seconds;
}

/** Documents that are there, of all. */
function report(plan: Plan): void {
  const total = unitsOf(plan).length;
  plan.onProgress?.({ label: 'jobs of the cluster', done: total - leftOf(plan).length, total });
}
