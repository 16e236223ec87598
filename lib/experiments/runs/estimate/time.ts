/** How long jobs take: steps and evaluations, times the cost of one of their kind, on this machine and on many. */
import { median } from 'simple-statistics';
import { counted } from '../../../base/counted';
import { device } from '../../../engine/native';
import { threads } from '../../../engine/threads';
import { extentOf } from '../../methods/experiment';
import { choicesIn } from '../../recipes/settings';
import { type FineTuningRecord, gathered, hasTrunk, type TrainingRecord } from '../../records/record';
import type { Job } from '../../resolve/resolve';
import { type Tasks, taskOf } from '../data';
import { train } from '../train';

/** A job that trains a trunk or on one; others take seconds. */
export type Long = Job & {
  readonly record: Extract<TrainingRecord, { readonly steps: number; readonly trunk: string }>;
};

/** Jobs that are worth a measurement. */
export const longOnes = (jobs: readonly Job[]): Long[] =>
  jobs.filter((job): job is Long => hasTrunk(job.record));

const isTrunk = ({ record }: Long) => record.kind === 'trunk';

/** Jobs of one kind have steps of about the same cost. */
export function kindOf({ record }: Long, tasks: Tasks): string {
  if (record.kind === 'trunk')
    return `${record.trunk} pre-training on the source of ${record.source}${record.halves ? ', by halves too' : ''}`;
  const { kind, source } = taskOf(record, tasks);
  const what =
    record.kind === 'opponent' ? 'jointly' : `${extentOf(choicesIn(record))}, ${record.representation}`;
  return `${record.trunk}, ${what} tuned, ${kind} on the source of ${source.name}, batches of ${record.batch}`;
}

/** One job of each kind by its name, with patches rather than without: the slower one stands for all. */
export function kindsOf(jobs: readonly Long[], tasks: Tasks): Map<string, Long> {
  const isPatched = ({ record }: Long) => gathered(record, 'patches') != null;
  const kinds = new Map<string, Long>();
  for (const job of [...jobs.filter(isPatched), ...jobs]) {
    const kind = kindOf(job, tasks);
    if (!kinds.has(kind)) kinds.set(kind, job);
  }
  return kinds;
}

/** Seconds of a step and of an evaluation of one kind. */
type Cost = { readonly step: number; readonly evaluation: number };

/** Seconds of one training. */
export type SecondsOf = (job: Long) => number;

/** Seconds of all, one after the other. */
export const secondsOfAll = (jobs: readonly Long[], secondsOf: SecondsOf): number =>
  jobs.reduce((sum, job) => sum + secondsOf(job), 0);

/** Seconds of all with so many trainings side by side, trunks before what starts from them. */
export function secondsAtOnce(jobs: readonly Long[], secondsOf: SecondsOf, atOnce: number): number {
  const [trunks, others] = [true, false].map((is) => {
    const own = jobs.filter((job) => isTrunk(job) === is);
    return Math.max(0, ...own.map(secondsOf), secondsOfAll(own, secondsOf) / atOnce);
  });
  return trunks + others;
}

/** How trainings are measured: with so many threads each, all if absent. */
type Measuring = {
  readonly tasks: Tasks;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Measures a step and an evaluation of each kind in this process; with fewer threads, a step is taken to cost as many times more: an
 * upper bound.
 */
export async function measured(
  jobs: readonly Long[],
  { tasks, threads: own = threads, signal }: Measuring,
): Promise<SecondsOf> {
  const slower = device() === 'gpu' ? 1 : threads / own;
  const costs = new Map<string, Cost>();
  for (const [kind, job] of kindsOf(jobs, tasks)) costs.set(kind, await measure(job.record, tasks, signal));
  return (job) => {
    const { step, evaluation } = costs.get(kindOf(job, tasks)) as Cost;
    return slower * (job.record.steps * step + job.record.evaluations * evaluation);
  };
}

/** One step that compiles and warms up, three that are timed, and an evaluation; from a random trunk. */
const shortened = (record: Long['record']): TrainingRecord => {
  const short = { ...record, steps: 4, evaluations: 1 };
  return record.kind === 'fine-tuning'
    ? { ...(short as FineTuningRecord), start: 'random', from: null, fusedFrom: [] }
    : short;
};

/** Seconds of a step (median) and of an evaluation, by a short training. */
export async function measure(record: Long['record'], tasks: Tasks, signal?: AbortSignal): Promise<Cost> {
  const ends: number[] = [];
  const told = () => void ends.push(performance.now() / 1000);
  await train(shortened(record), tasks, { onStep: told, onPoint: told, signal });
  const seconds = ends.slice(1).map((end, i) => end - ends[i]);
  return { step: median(seconds.slice(0, -1)), evaluation: seconds[seconds.length - 1] };
}

/** Models to train, and passes over their data; undefined if there are none. */
export function amountOf(left: readonly Job[]): string | undefined {
  const said = (is: boolean, what: string) => {
    const own = longOnes(left).filter((job) => isTrunk(job) === is);
    const passes = own.map((job) => job.passes);
    const range = [...new Set([Math.min(...passes), Math.max(...passes)].map(shown))].join(' to ');
    return passes.length === 0 ? [] : [`${counted(passes.length, what)} of ${range} passes`];
  };
  const all = [...said(true, 'trunk'), ...said(false, 'model')];
  return all.length === 0
    ? undefined
    : `To train: ${all.join(', and ')} at most, fewer where validation says so.`;
}

const shown = (passes: number) => (passes < 1 ? passes.toPrecision(1) : String(Math.round(passes)));

/** `12 min`, from an hour and a half on in hours, from two days on in days. */
export function roughly(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600
    ? `${(seconds / 3600).toFixed(1)} hours`
    : `${(seconds / 86_400).toFixed(1)} days`;
}

/** About the share of its passes after which validation ends a training: with `wide` on MovieLens-1M of 30 trunks .36, of 720 models .36. */
const USUAL = 0.4;

/**
 * Says what is left to train and, but for a trial, hours with so many trainings side by side: at most, and as is usual of whole
 * trainings. Undefined if nothing is left.
 */
export async function forecast(
  left: readonly Job[],
  { atOnce, isTrial, ...measuring }: Measuring & { readonly atOnce: number; readonly isTrial: boolean },
  of: 'whole trainings' | 'first stages' = 'whole trainings',
): Promise<string | undefined> {
  const amount = amountOf(left);
  if (amount === undefined || isTrial) return amount;
  const jobs = longOnes(left);
  const seconds = secondsAtOnce(jobs, await measured(jobs, measuring), Math.max(1, atOnce));
  const most = `${amount} At most about ${roughly(seconds)} on this machine`;
  return of === 'first stages'
    ? `${most}.`
    : `${most}; ${roughly(USUAL * seconds)} where validation ends trainings as early as on MovieLens.`;
}

/** Core hours, and the time with so many jobs of a cluster at a time, each on as many cores as a training takes. */
export function onCluster(jobs: readonly Long[], secondsOf: SecondsOf, cpus: number, atOnce: number): string {
  const hours = (secondsOfAll(jobs, secondsOf) * cpus) / 3600;
  const rounded = hours < 10 ? hours.toFixed(1) : String(Math.round(hours));
  const time = roughly(secondsAtOnce(jobs, secondsOf, atOnce));
  return `At most about ${rounded} core hours; ${atOnce} jobs at a time on machines like this one: at most about ${time}.`;
}
