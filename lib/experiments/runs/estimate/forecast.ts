/** How much planned runs still have to train, and how long that takes on this machine and on many. */
import { counted } from '../../../base/counted';
import type { Job } from '../../resolve/resolve';
import type { Tasks } from '../data';
import {
  type Long,
  longestOf,
  longOnes,
  measured,
  type SecondsOf,
  secondsAtOnce,
  secondsOfAll,
} from './stepCost';

/** About the share of its passes after which validation ends a training: with `wide` on MovieLens-1M of 30 trunks .36, of 720 models .36. */
const USUAL = 0.4;

/** How trainings are run: so many side by side, each with so many threads (all if absent). */
export type Bounds = {
  readonly tasks: Tasks;
  readonly atOnce: number;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether budgets are so tiny that a measurement would take longer. */
  readonly isTiny: boolean;
};

/**
 * Says what is left to train: models, passes over their data and, but for tiny budgets, hours with so many trainings side by side: at
 * most, and as is usual of whole trainings. Undefined if nothing is left.
 */
export async function forecast(
  left: readonly Job[],
  bounds: Bounds,
  of: 'whole trainings' | 'first stages' = 'whole trainings',
): Promise<string | undefined> {
  const jobs = longOnes(left);
  if (jobs.length === 0) return undefined;
  const amount = amountOf(jobs);
  if (bounds.isTiny) return amount;
  const secondsOf = await measured(jobs, bounds);
  const taking = (share: number) =>
    roughly(secondsAtOnce(jobs, (job) => share * secondsOf(job), Math.max(1, bounds.atOnce)));
  const most = `${amount} At most about ${taking(1)} on this machine`;
  return of === 'first stages'
    ? `${most}.`
    : `${most}; ${taking(USUAL)} where validation ends trainings as early as on MovieLens.`;
}

/** Models, and passes over their data. */
export function amountOf(jobs: readonly Long[]): string {
  const said = (isTrunk: boolean, what: string) => {
    const own = jobs.filter(({ record }) => (record.kind === 'trunk') === isTrunk);
    const passes = own.map((job) => job.passes);
    const range = [...new Set([Math.min(...passes), Math.max(...passes)].map(shown))].join(' to ');
    return passes.length === 0 ? [] : [`${counted(passes.length, what)} of ${range} passes`];
  };
  return `To train: ${[...said(true, 'trunk'), ...said(false, 'model')].join(', and ')} at most, fewer where validation says so.`;
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
/** Jobs that `--jobs` takes. */
const MOST_JOBS = 1000;
/** Seconds of a job besides its longest training: the start, and shorter trainings that share it. */
const BESIDES = 600;

/** What a job gets of its machine; memory in bytes. */
type Share = { readonly cpus: number; readonly gpus: number; readonly memory: number };

/**
 * What many machines take and cost, and the command, in two lines: the jobs that are asked for, or as many as still shorten it, MB of
 * memory, and minutes for the longest job. `command` takes the plan there, without its options.
 */
export function onMachines(
  longJobs: readonly Long[],
  secondsOf: SecondsOf,
  { cpus, gpus, memory }: Share,
  command: string,
  asked?: number,
): string[] {
  const secondsWith = (jobs: number) => secondsAtOnce(longJobs, secondsOf, jobs);
  let jobs = asked ?? 1;
  while (!asked && jobs < MOST_JOBS && secondsWith(jobs) > NEAR * secondsWith(Number.POSITIVE_INFINITY))
    jobs = Math.min(4 * jobs, MOST_JOBS);
  const hours = secondsOfAll(longJobs, secondsOf) / 3600;
  const megabytes = 500 * Math.ceil(memory / 5e8);
  const minutes = 10 * Math.ceil((SLOWER * (longestOf(longJobs, secondsOf) + BESIDES)) / 600);
  const [gpuHours, gpuOption] =
    gpus > 0 ? [` and ${rounded(hours * gpus)} GPU hours`, ` --gpus ${gpus}`] : ['', ''];
  return [
    `At most about ${rounded(hours * cpus)} core hours${gpuHours}; ${jobs} jobs at a time on machines like this one: at most about ${roughly(secondsWith(jobs))}.`,
    `  ${command} --jobs ${jobs} --cpus ${cpus}${gpuOption} --memory ${megabytes} --minutes ${minutes}`,
  ];
}

const rounded = (hours: number) => (hours < 10 ? hours.toFixed(1) : String(Math.round(hours)));
