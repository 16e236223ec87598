/** A sweep on a cluster: its command, its forecast, and its rounds of jobs. */
import { UserError } from '../../../base/userError';
import { device } from '../../../engine/native';
import { threads } from '../../../engine/threads';
import { batchesOf, type Resources } from '../../../experiments/cluster/batches';
import {
  complaintsIn,
  type Executor,
  endOfLeftovers,
  runBatches,
} from '../../../experiments/cluster/executor';
import { isTrial } from '../../../experiments/methods/presets';
import { type Job, stemIn } from '../../../experiments/resolve/resolve';
import { type Needs, shortageOfJobs } from '../../../experiments/runs/estimate/memory';
import { amountOf, type Long, longOnes, measured, onCluster } from '../../../experiments/runs/estimate/time';
import type { Progress } from '../../../experiments/runs/progress';
import { leftOf, prepare } from '../../../experiments/runs/run';
import type { Workbench } from '../../../experiments/workbench/workbench';
import { snakemake } from '../../../setup/parts/ownEnvironment';

/** A workbench whose jobs a cluster computes, and how it is told of progress and stopped. */
export type OnCluster = Pick<Workbench, 'data' | 'tasks' | 'preset' | 'out'> & {
  /** As it is typed behind `--data`. */
  readonly typed: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal: AbortSignal;
};

/** Options of a cluster that are not given. */
const CLUSTER = { jobs: 10, cpus: 1, gpus: 0, memory: 3000, minutes: 240 };

export interface ClusterOptions extends Readonly<Partial<typeof CLUSTER>> {
  readonly on: string;
  /** Options of Snakemake's own. */
  readonly snakemake?: readonly string[];
}

/** Throws a UserError for options of a cluster where none is named. */
export function requireCluster(options: ClusterOptions): void {
  const asked = Object.keys(CLUSTER).find((name) => name in options);
  const given = asked ? `--${asked}` : options.snakemake && `-- ${options.snakemake[0]}`;
  if (options.on === 'local' && given)
    throw new UserError(`${given} is for a cluster: expected --on slurm, or another executor`);
}

/** Computes jobs on the cluster that options describe. */
export async function computeAsAsked(jobs: readonly Job[], on: OnCluster, options: ClusterOptions) {
  const { snakemake = [] } = options;
  const { jobs: atOnce, cpus, gpus, memory, minutes } = { ...CLUSTER, ...options };
  const { name, threads: own = cpus } = on.preset;
  if (cpus > own) throw new UserError(`--cpus ${cpus}: a training of preset ${name} computes with ${own}`);
  const resources = { cpus, gpus, memory, minutes, threads: own };
  await computeOnCluster(jobs, on, resources, { on: options.on, jobs: atOnce, options: snakemake });
}

/** Lines on memory that jobs lack. */
export const shortageOnCluster = (needs: Needs, { memory = CLUSTER.memory }: ClusterOptions): string[] =>
  shortageOfJobs(needs, memory);

/** Lines: how much is left, and how long a cluster of machines like this one takes for it. Tiny budgets are not measured. */
export async function forecastOnCluster(
  left: readonly Job[],
  { tasks, preset, signal }: Pick<OnCluster, 'tasks' | 'preset' | 'signal'>,
  { gpus = CLUSTER.gpus, jobs = CLUSTER.jobs }: Pick<ClusterOptions, 'gpus' | 'jobs'>,
): Promise<string[]> {
  const amount = amountOf(left);
  if (amount === undefined) return [];
  if (isTrial(preset)) return [amount];
  if (gpus > 0 && device() !== 'gpu')
    return [amount, 'How long a GPU takes is measured where there is one: run the same there.'];
  const longJobs = longOnes(left);
  const secondsOf = await measured(longJobs, { tasks, threads: preset.threads, signal });
  return [amount, onCluster(longJobs, secondsOf, preset.threads ?? threads, jobs)];
}

/** Seconds of an experiment without a trunk, or at tiny budgets: neither is measured. */
const SHORT = 5;

/** Computes the missing documents of jobs on a cluster. Throws a UserError with the last lines of failed batches. */
export async function computeOnCluster(
  jobs: readonly Job[],
  on: OnCluster,
  resources: Resources,
  executor: Executor,
): Promise<void> {
  const { out, signal, onProgress, typed: data } = on;
  prepare(jobs, on);
  let left = leftOf(jobs, out);
  if (left.length === 0) return;
  await snakemake.setUp(console.log);
  await endOfLeftovers(out, executor, signal);
  const secondsOf = await timesOf(left, on);
  while (left.length > 0) {
    const batches = batchesOf(left, secondsOf);
    console.log(`${left.length} documents in ${batches.length} jobs, ${executor.jobs} at a time`);
    const [start, before] = [Date.now(), left.length];
    const onLook = () => {
      const done = jobs.length - leftOf(jobs, out).length;
      onProgress?.({ label: 'jobs of the cluster', done, total: jobs.length });
    };
    const ended = await runBatches(out, { data, out, resources, batches }, executor, signal, onLook);
    onLook();
    left = leftOf(jobs, out);
    // Batches that Snakemake lost, and documents of a trunk that was made anew, are planned again.
    if (left.length === 0 || ended === 'lost') continue;
    const names = new Set(left.map(stemIn));
    const failed = batches.filter(({ documents }) => documents.some((stem) => names.has(stem)));
    if (failed.length === 0 && left.length < before) continue;
    const batchNames = failed.map(({ name }) => name);
    const said = `${left.length} documents are missing; finished ones are kept.`;
    throw new UserError([said, ...complaintsIn(out, batchNames, start)].join('\n'));
  }
}

/** Seconds of each job, from steps measured here, so that batches are long enough. */
async function timesOf(
  left: readonly Job[],
  { tasks, preset, signal }: OnCluster,
): Promise<(job: Job) => number> {
  if (isTrial(preset)) return () => SHORT;
  console.log('Measuring steps, so that jobs are long enough');
  const longJobs = longOnes(left);
  const secondsOf = await measured(longJobs, { tasks, threads: preset.threads, signal });
  const known = new Set<Job>(longJobs);
  return (job) => (known.has(job) ? secondsOf(job as Long) : SHORT);
}
