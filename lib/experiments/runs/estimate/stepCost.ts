/** How long trainings take: steps and evaluations, times the cost of one of their kind on this machine. */
import { median } from 'simple-statistics';
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

/** Jobs of one kind have steps of about the same cost. */
export function kindOf({ record }: Long, tasks: Tasks): string {
  if (record.kind === 'trunk') return `${record.trunk} pre-training on the source of ${record.source}`;
  const { kind, source } = taskOf(record, tasks);
  const what =
    record.kind === 'opponent' ? 'jointly' : `${extentOf(choicesIn(record))}, ${record.representation}`;
  return `${record.trunk}, ${what} tuned, ${kind} on the source of ${source.name}, batches of ${record.batch}`;
}

/** Seconds of a step and of an evaluation of one kind. */
export type Cost = { readonly step: number; readonly evaluation: number };

/** Seconds of one training. */
export type SecondsOf = (job: Long) => number;

/** Seconds of all, one after the other. */
export const secondsOfAll = (jobs: readonly Long[], secondsOf: SecondsOf): number =>
  jobs.reduce((sum, job) => sum + secondsOf(job), 0);

/** Seconds of the longest training. */
export const longestOf = (jobs: readonly Long[], secondsOf: SecondsOf): number =>
  Math.max(0, ...jobs.map(secondsOf));

/** Seconds of all with so many trainings side by side, trunks before what starts from them. */
export function secondsAtOnce(jobs: readonly Long[], secondsOf: SecondsOf, atOnce: number): number {
  const trunks = jobs.filter(({ record }) => record.kind === 'trunk');
  const others = jobs.filter(({ record }) => record.kind !== 'trunk');
  return [trunks, others].reduce(
    (sum, own) => sum + Math.max(longestOf(own, secondsOf), secondsOfAll(own, secondsOf) / atOnce),
    0,
  );
}

/** One job of each kind by its name, with patches rather than without: the slower one stands for all. */
export function kindsOf(jobs: readonly Long[], tasks: Tasks): Map<string, Long> {
  const kinds = new Map<string, Long>();
  const isPatched = ({ record }: Long) => gathered(record, 'patches') != null;
  for (const job of jobs) {
    const kind = kindOf(job, tasks);
    const known = kinds.get(kind);
    if (!known || (!isPatched(known) && isPatched(job))) kinds.set(kind, job);
  }
  return kinds;
}

/**
 * Measures a step and an evaluation of each kind in this process; with fewer threads, a step is taken to cost as many times more: an
 * upper bound.
 */
export async function measured(
  jobs: readonly Long[],
  {
    tasks,
    threads: own = threads,
    signal,
  }: {
    readonly tasks: Tasks;
    readonly threads?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<SecondsOf> {
  const slower = device() === 'gpu' ? 1 : threads / own;
  const costs = new Map<string, Cost>();
  for (const [kind, job] of kindsOf(jobs, tasks)) {
    const { step, evaluation } = await measure(job.record, tasks, signal);
    costs.set(kind, { step: slower * step, evaluation: slower * evaluation });
  }
  return (job) => {
    const { step, evaluation } = costs.get(kindOf(job, tasks)) as Cost;
    return job.record.steps * step + job.record.evaluations * evaluation;
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
