/** How much planned runs still have to train, and how long that takes on this machine and on many. */
import { counted } from '../../../base/counted';
import type { Job } from '../../resolve/resolve';
import type { Tasks } from '../data';
import { type Long, longOnes, measured, type SecondsOf, secondsAtOnce, secondsOfAll } from './stepCost';

/** About the share of its passes after which validation ends a training: with `wide` on MovieLens-1M of 30 trunks .36, of 720 models .36. */
const USUAL = 0.4;

/** How trainings are run: so many side by side, each with so many threads (all if absent). */
export type Bounds = {
  readonly tasks: Tasks;
  readonly atOnce: number;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether budgets are so tiny that a measurement would take longer. */
  readonly isTrial: boolean;
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
  if (bounds.isTrial) return amount;
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

/** Core hours, and the time with so many jobs of a cluster at a time, each on as many cores as a training takes. */
export function onCluster(jobs: readonly Long[], secondsOf: SecondsOf, cpus: number, atOnce: number): string {
  const hours = (secondsOfAll(jobs, secondsOf) * cpus) / 3600;
  const rounded = hours < 10 ? hours.toFixed(1) : String(Math.round(hours));
  const time = roughly(secondsAtOnce(jobs, secondsOf, atOnce));
  return `At most about ${rounded} core hours; ${atOnce} jobs at a time on machines like this one: at most about ${time}.`;
}
