/** How long a plan takes on many machines like this one, what that costs, and the command that takes it there. */
import type { Workload } from '../jobs/workload';
import { type Costs, longestOf, secondsAtOnce, secondsOf } from './estimate';
import { roughly } from './forecast';

/** So many trainings at a time take so many seconds, each on a machine of its own. */
type Spread = { readonly jobs: number; readonly seconds: number };

/** Within this share of the shortest time, more machines are not worth naming. */
const NEAR = 1.1;

/** One job at a time, four, sixteen … until the longest trunk and the longest training after it decide. */
export function spreadsOf(workloads: readonly Workload[], costs: Costs): Spread[] {
  const shortest = secondsAtOnce(workloads, costs, Number.POSITIVE_INFINITY);
  const found: Spread[] = [];
  for (let jobs = 1, seconds = Number.POSITIVE_INFINITY; seconds > NEAR * shortest; jobs *= 4) {
    seconds = secondsAtOnce(workloads, costs, jobs);
    found.push({ jobs, seconds });
  }
  return found;
}

/** What a job gets of its machine: what steps were measured with. */
export type Share = {
  readonly cpus: number;
  readonly gpus: number;
  /** Bytes. */
  readonly memory: number;
};

/** A job may take so much longer than was measured here before its time is up. */
const SLOWER = 1.5;
/** Seconds that a job holds besides its longest training: the start, and shorter trainings that share it. */
const BESIDES = 600;

/** Options for the cluster: jobs of the last spread, memory in MB, minutes for the longest job. */
export function clusterOptions(workloads: readonly Workload[], costs: Costs, share: Share): string {
  const [{ jobs }] = spreadsOf(workloads, costs).slice(-1);
  const megabytes = 500 * Math.ceil(share.memory / 5e8);
  const minutes = 10 * Math.ceil((SLOWER * (longestOf(workloads, costs) + BESIDES)) / 600);
  const gpus = share.gpus > 0 ? ` --gpus ${share.gpus}` : '';
  return `--jobs ${jobs} --cpus ${share.cpus}${gpus} --memory ${megabytes} --minutes ${minutes}`;
}

/** What many machines take and cost, a line each; `command` is what takes the plan there, but for what a job gets. */
export function onMachines(
  workloads: readonly Workload[],
  costs: Costs,
  share: Share,
  command: string,
): string[] {
  const { cpus, gpus } = share;
  const hours = secondsOf(workloads, costs) / 3600;
  const processors = `${cpus} ${cpus === 1 ? 'processor' : 'processors'}`;
  return [
    `At most about ${rounded(hours * cpus)} core hours${gpus > 0 ? ` and ${rounded(hours * gpus)} GPU hours` : ''}.`,
    `On machines like this one, ${processors}${gpus > 0 ? ` and ${gpus} GPU` : ''} a job, at most about:`,
    ...spreadsOf(workloads, costs).map(
      ({ jobs, seconds }) => `  ${String(jobs).padStart(4)} at a time: ${roughly(seconds)}`,
    ),
    `  ${command} ${clusterOptions(workloads, costs, share)}`,
  ];
}

const rounded = (hours: number) => (hours < 10 ? hours.toFixed(1) : String(Math.round(hours)));
