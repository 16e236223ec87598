/** How much planned runs still have to train, and how long that takes on this machine and on many. */
import { counted } from '../../../base/counted';
import type { Plan, Unit } from '../plan';
import { type StepKind, type Workload, workloadsOf } from '../workloads';
import { type Costs, longestOf, measured, secondsAtOnce, secondsOf } from './stepCost';

/** About the share of its passes after which validation ends a training: with `wide` on MovieLens-1M of 30 trunks .36, of 720 models .36. */
const USUAL = 0.4;

/**
 * Says what is left to train: models, passes over their data and, but for the tiny budgets of `quick`, hours with so many
 * trainings side by side: at most, and as is usual of whole trainings. Undefined if nothing is left.
 */
export async function forecast(
  plan: Plan,
  left: readonly Unit[],
  atOnce: number,
  of: 'whole trainings' | 'first stages' = 'whole trainings',
): Promise<string | undefined> {
  const workloads = workloadsOf(plan, left);
  if (workloads.length === 0) return undefined;
  const amount = amountOf(workloads);
  if (plan.session.preset.name === 'quick') return amount;
  const costs = await measured(plan, workloads);
  const taking = (own: readonly Workload[]) => roughly(secondsAtOnce(own, costs, Math.max(1, atOnce)));
  const most = `${amount} At most about ${taking(workloads)} on this machine`;
  return of === 'first stages'
    ? `${most}.`
    : `${most}; ${taking(workloads.map(ended))} where validation ends trainings as early as on MovieLens.`;
}

/** A training that ends as early as is usual. */
const ended = ({ steps, evaluations, ...rest }: Workload): Workload => ({
  ...rest,
  steps: USUAL * steps,
  evaluations: USUAL * evaluations,
});

/** Models, and passes over their data. */
export function amountOf(workloads: readonly Workload[]): string {
  const said = (of: StepKind['of'], what: string) => {
    const passes = workloads.filter(({ kind }) => kind.of === of).map((own) => own.passes);
    const range = [...new Set([Math.min(...passes), Math.max(...passes)].map(shown))].join(' to ');
    return passes.length === 0 ? [] : [`${counted(passes.length, what)} of ${range} passes`];
  };
  const parts = [...said('pre-training', 'trunk'), ...said('fine-tuning', 'model')];
  return `To train: ${parts.join(', and ')} at most, fewer where validation says so.`;
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
  workloads: readonly Workload[],
  costs: Costs,
  { cpus, gpus, memory }: Share,
  command: string,
  asked?: number,
): string[] {
  const secondsWith = (jobs: number) => secondsAtOnce(workloads, costs, jobs);
  let jobs = asked ?? 1;
  while (!asked && jobs < MOST_JOBS && secondsWith(jobs) > NEAR * secondsWith(Number.POSITIVE_INFINITY))
    jobs = Math.min(4 * jobs, MOST_JOBS);
  const hours = secondsOf(workloads, costs) / 3600;
  const megabytes = 500 * Math.ceil(memory / 5e8);
  const minutes = 10 * Math.ceil((SLOWER * (longestOf(workloads, costs) + BESIDES)) / 600);
  const [gpuHours, gpuOption] =
    gpus > 0 ? [` and ${rounded(hours * gpus)} GPU hours`, ` --gpus ${gpus}`] : ['', ''];
  return [
    `At most about ${rounded(hours * cpus)} core hours${gpuHours}; ${jobs} jobs at a time on machines like this one: at most about ${roughly(secondsWith(jobs))}.`,
    `  ${command} --jobs ${jobs} --cpus ${cpus}${gpuOption} --memory ${megabytes} --minutes ${minutes}`,
  ];
}

const rounded = (hours: number) => (hours < 10 ? hours.toFixed(1) : String(Math.round(hours)));
