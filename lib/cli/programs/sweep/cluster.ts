/** A sweep on a cluster: its command, its forecast, and its rounds of jobs. */

import { UserError } from '../../../base/userError';
import { device } from '../../../engine/native';
import { threads } from '../../../engine/threads';
import { type BatchPlan, batchesOf } from '../../../experiments/cluster/batches';
import { complaintsIn, type Engine, endOfLeftovers, runBatches } from '../../../experiments/cluster/engine';
import { amountOf, onMachines, roughly } from '../../../experiments/runs/estimate/forecast';
import { type Needs, shortageOfJobs } from '../../../experiments/runs/estimate/needs';
import { kindsOf, measured, secondsAtOnce, secondsOfOne } from '../../../experiments/runs/estimate/stepCost';
import { leftOf, type Plan, stemIn, type Unit, unitsOf } from '../../../experiments/runs/plan';
import { workloadsOf } from '../../../experiments/runs/workloads';
import { setUpEngine } from '../../../setup/parts/ownEnvironment';
import { portable, shellWord } from '../../../setup/tools/project';
import type { PlanOptions } from '../program';

/** Options of a cluster that are not given. */
const CLUSTER = { jobs: 10, cpus: 1, gpus: 0, memory: 3000, minutes: 240 };

export interface ClusterOptions extends Readonly<Partial<typeof CLUSTER>> {
  readonly on: string;
  /** Options of Snakemake's own. */
  readonly engine?: readonly string[];
}

/** Throws a UserError for options of a cluster where none is named. */
export function requireCluster(options: ClusterOptions): void {
  const asked = Object.keys(CLUSTER).find((name) => name in options);
  const given = asked ? `--${asked}` : options.engine && `-- ${options.engine[0]}`;
  if (options.on === 'local' && given)
    throw new UserError(`${given} is for a cluster: expected --on slurm, or another executor`);
}

/** Computes a plan on the cluster that options describe. */
export async function computeAsAsked(
  plan: Plan,
  asked: Omit<BatchPlan, 'codes' | 'batches' | 'resources'>,
  options: ClusterOptions,
): Promise<void> {
  const { on, engine = [] } = options;
  const { jobs, cpus, gpus, memory, minutes } = { ...CLUSTER, ...options };
  const { name, threads: own = cpus } = plan.session.preset;
  if (cpus > own) throw new UserError(`--cpus ${cpus}: a training of preset ${name} computes with ${own}`);
  const resources = { cpus, gpus, memory, minutes, threads: own };
  await computeOnCluster(plan, { ...asked, resources }, { on, jobs, options: engine });
}

/** Lines on memory that jobs lack. */
export const shortageOnCluster = (needs: Needs, { memory = CLUSTER.memory }: ClusterOptions): string[] =>
  shortageOfJobs(needs, memory);

/** The command of a sweep, for a shell. */
export function sweepCommand(
  rq: readonly string[],
  on: string,
  { data, preset, seeds, device, precision, out }: PlanOptions,
): string {
  const given = {
    ...{ rq: rq.join(), data: portable(data), preset, seeds },
    device: device === 'auto' ? undefined : device,
    precision: precision === 'float32' ? undefined : precision,
    ...{ out: out && portable(out), on },
  };
  const options = Object.entries(given).filter(([, value]) => value !== undefined);
  return `npm run sweep -- ${options.map(([name, value]) => `--${name} ${shellWord(String(value))}`).join(' ')}`;
}

/** Lines: how much is left, and how long machines like this one take for it. Tiny budgets are not measured. */
export async function forecastOnCluster(
  plan: Plan,
  { memory }: Needs,
  command: string,
  { gpus = CLUSTER.gpus, jobs }: Pick<ClusterOptions, 'gpus' | 'jobs'>,
): Promise<string[]> {
  const workloads = workloadsOf(plan, leftOf(plan));
  if (workloads.length === 0) return [];
  const amount = amountOf(workloads);
  const { preset } = plan.session;
  if (preset.name === 'quick') return [amount];
  if (gpus > 0 && device !== 'gpu')
    return [amount, 'How long a GPU takes is measured where there is one: run the same there.'];
  const costs = await measured(plan, workloads);
  const share = { cpus: preset.threads ?? threads, gpus: device === 'gpu' ? Math.max(1, gpus) : 0, memory };
  return [amount, ...onMachines(workloads, costs, share, command, jobs)];
}

/** Seconds of an experiment without a trunk, or at tiny budgets: neither is measured. */
const SHORT = 5;

/** Computes the missing documents of a plan on a cluster. Throws a UserError with the last lines of failed jobs. */
export async function computeOnCluster(
  plan: Plan,
  asked: Omit<BatchPlan, 'codes' | 'batches'>,
  engine: Engine,
): Promise<void> {
  const { codes, out, signal = new AbortController().signal } = plan.session;
  if (leftOf(plan).length === 0) return;
  await setUpEngine(console.log);
  await endOfLeftovers(out, engine, signal);
  const secondsOf = await timesOf(plan, engine.jobs);
  for (let left = leftOf(plan); left.length > 0; ) {
    const batches = batchesOf(plan, left, secondsOf);
    console.log(`${left.length} documents in ${batches.length} jobs, ${engine.jobs} at a time`);
    const [start, before] = [Date.now(), left.length];
    const onLook = () => {
      const total = unitsOf(plan).length;
      plan.onProgress?.({ label: 'jobs of the cluster', done: total - leftOf(plan).length, total });
    };
    const ended = await runBatches(out, { ...asked, codes, batches }, engine, signal, onLook);
    onLook();
    left = leftOf(plan);
    // Jobs that Snakemake lost, and documents of a trunk that was made anew, are planned again.
    if (left.length === 0 || ended === 'lost') continue;
    const names = new Set(left.map((unit) => stemIn(plan, unit)));
    const failed = batches.filter(({ documents }) => documents.some((stem) => names.has(stem)));
    if (failed.length === 0 && left.length < before) continue;
    const jobNames = failed.map(({ name }) => name);
    const said = `${left.length} documents are missing; finished ones are kept.`;
    throw new UserError([said, ...complaintsIn(out, jobNames, start)].join('\n'));
  }
}

/** Seconds of each unit, from steps measured here; says how long all take with so many jobs at a time. */
async function timesOf(plan: Plan, jobs: number): Promise<(unit: Unit) => number> {
  const { preset } = plan.session;
  if (preset.name === 'quick') return () => SHORT;
  const workloads = workloadsOf(plan, leftOf(plan));
  console.log(`Measuring ${kindsOf(workloads).length} kinds of steps, so that jobs are long enough`);
  const costs = await measured(plan, workloads);
  console.log(`At most about ${roughly(secondsAtOnce(workloads, costs, jobs))} with ${jobs} jobs at a time`);
  return (unit) => {
    const [workload] = workloadsOf(plan, [unit]);
    return workload ? secondsOfOne(workload, costs) : SHORT;
  };
}
