/** How much planned runs still have to train, and how long that takes on this machine and on many. */
import { counted } from '../../counted';
import { type Plan, type Unit, workloadsOf } from '../plan';
import { type Costs, longestOf, type StepKind, secondsAtOnce, secondsOf, type Workload } from '../workload';
import { measured } from './stepCost';

/** How early validation ends trainings: means of 408 and 367 trainings of `default` on MovieLens-100K and 1M. */
const USUAL = 'on MovieLens a training took 51 % (100K) or 35 % (1M) of its passes in the mean';

/**
 * Says what is left to train: models, passes over their data and, but for the tiny budgets of `quick`, minutes with so many
 * trainings side by side. Undefined if nothing is left.
 */
export async function forecast(
  plan: Plan,
  left: readonly Unit[],
  atOnce: number,
): Promise<string | undefined> {
  const workloads = workloadsOf(plan, left);
  if (workloads.length === 0) return undefined;
  const amount = amountOf(workloads);
  if (plan.session.preset.name === 'quick') return amount;
  const seconds = secondsAtOnce(workloads, await measured(plan, workloads), Math.max(1, atOnce));
  return `${amount} At most about ${roughly(seconds)} on this machine; ${USUAL}.`;
}

/** Models, and passes over their data. */
export function amountOf(workloads: readonly Workload[]): string {
  const said = (of: StepKind['of'], what: string, limit: string) => {
    const passes = workloads.filter(({ kind }) => kind.of === of).map((own) => own.passes);
    const range = [...new Set([Math.min(...passes), Math.max(...passes)].map(shown))].join(' to ');
    return passes.length === 0 ? [] : [`${counted(passes.length, what)} of ${range} ${limit}`];
  };
  const parts = [
    ...said('pre-training', 'trunk', 'passes each'),
    ...said('fine-tuning', 'model', 'passes each at most, fewer where validation says so'),
  ];
  return `To train: ${parts.join(', and ')}.`;
}

const shown = (passes: number) => (passes < 1 ? passes.toPrecision(1) : String(Math.round(passes)));

/** `12 min`, from an hour and a half on in hours, from two days on in days. */
export function roughly(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600
    ? `${(seconds / 3600).toFixed(1)} hours`
    : `${(seconds / 86_400).toFixed(1)} days`;
}

/** Within this share of the shortest time, more machines are not worth naming. */
const NEAR = 1.1;
/** How much longer than measured a job may take before its time is up. */
const SLOWER = 1.5;
/** Seconds of a job besides its longest training: the start, and shorter trainings that share it. */
const BESIDES = 600;

/** Seconds with 1, 4, 16 … jobs side by side, until the longest trunk and the longest training after it decide. */
export function spreadsOf(workloads: readonly Workload[], costs: Costs) {
  const shortest = secondsAtOnce(workloads, costs, Number.POSITIVE_INFINITY);
  const found: { readonly jobs: number; readonly seconds: number }[] = [];
  for (let jobs = 1, seconds = Number.POSITIVE_INFINITY; seconds > NEAR * shortest; jobs *= 4) {
    seconds = secondsAtOnce(workloads, costs, jobs);
    found.push({ jobs, seconds });
  }
  return found;
}

/** What a job gets of its machine; memory in bytes. */
type Share = { readonly cpus: number; readonly gpus: number; readonly memory: number };

/** Options of the cluster: jobs of the last spread, memory in MB, minutes for the longest job. */
export function clusterOptions(workloads: readonly Workload[], costs: Costs, share: Share): string {
  const jobs = spreadsOf(workloads, costs).at(-1)?.jobs;
  const megabytes = 500 * Math.ceil(share.memory / 5e8);
  const minutes = 10 * Math.ceil((SLOWER * (longestOf(workloads, costs) + BESIDES)) / 600);
  const gpus = share.gpus > 0 ? ` --gpus ${share.gpus}` : '';
  return `--jobs ${jobs} --cpus ${share.cpus}${gpus} --memory ${megabytes} --minutes ${minutes}`;
}

/** What many machines take and cost, in lines; `command` takes the plan there, without its options. */
export function onMachines(
  workloads: readonly Workload[],
  costs: Costs,
  share: Share,
  command: string,
): string[] {
  const { cpus, gpus } = share;
  const hours = secondsOf(workloads, costs) / 3600;
  return [
    `At most about ${rounded(hours * cpus)} core hours${gpus > 0 ? ` and ${rounded(hours * gpus)} GPU hours` : ''}.`,
    `On machines like this one, ${counted(cpus, 'processor')}${gpus > 0 ? ` and ${gpus} GPU` : ''} a job, at most about:`,
    ...spreadsOf(workloads, costs).map(
      ({ jobs, seconds }) => `  ${String(jobs).padStart(4)} at a time: ${roughly(seconds)}`,
    ),
    `  ${command} ${clusterOptions(workloads, costs, share)}`,
  ];
}

const rounded = (hours: number) => (hours < 10 ? hours.toFixed(1) : String(Math.round(hours)));
