/** How much planned runs still have to train, and how long that takes on this machine. */
import { counted } from '../../counted';
import { nameOf, type StepKind, type Workload } from '../jobs/workload';
import type { Plan, Unit } from '../plan';
import { type Cost, type Costs, kindsOf, secondsAtOnce, workloadsOf } from './estimate';

/** What steps cost where they will be taken, in the order of the kinds, and how many trainings take place at once there. */
export type Measuring = (
  session: Pick<Plan['session'], 'data' | 'preset' | 'out'> & Pick<Plan, 'tasks'>,
  kinds: readonly StepKind[],
) => Promise<{ readonly costs: readonly Cost[]; readonly atOnce: number }>;

/** What the steps of workloads cost by their names, and how many trainings take place at once. */
export async function measured(
  { session, tasks }: Plan,
  workloads: readonly Workload[],
  measuring: Measuring,
): Promise<{ readonly costs: Costs; readonly atOnce: number }> {
  const kinds = kindsOf(workloads);
  const { costs, atOnce } = await measuring({ ...session, tasks }, kinds);
  return { costs: new Map(kinds.map((kind, i) => [nameOf(kind), costs[i]])), atOnce };
}

/** How early validation ends trainings: means of 408 and 367 trainings of `default` on MovieLens-100K and 1M. */
const USUAL = 'on MovieLens a training took 51 % (100K) or 35 % (1M) of its passes in the mean';

/**
 * How much there is to train before it begins, in a sentence: models, passes over their data and minutes. Nothing where all is
 * there. Tiny budgets are not measured, which would take as long as they do.
 */
export async function forecast(
  plan: Plan,
  left: readonly Unit[],
  measuring: Measuring,
): Promise<string | undefined> {
  const workloads = workloadsOf(plan, left);
  if (workloads.length === 0) return undefined;
  const time =
    plan.session.preset.name === 'quick' ? '' : ` ${await timeOf(plan, workloads, measuring)} ${USUAL}.`;
  return `${amountOf(workloads)}${time}`;
}

async function timeOf(plan: Plan, workloads: readonly Workload[], measuring: Measuring): Promise<string> {
  const { costs, atOnce } = await measured(plan, workloads, measuring);
  return `At most about ${roughly(secondsAtOnce(workloads, costs, atOnce))} on this machine;`;
}

/** Models, and passes over their data. */
export function amountOf(workloads: readonly Workload[]): string {
  const parts = [
    partOf(workloads, 'pre-training', 'trunk', 'passes each'),
    partOf(workloads, 'fine-tuning', 'model', 'passes each at most, fewer where validation says so'),
  ].flatMap((part) => part ?? []);
  return `To train: ${parts.join(', and ')}.`;
}

function partOf(
  workloads: readonly Workload[],
  of: StepKind['of'],
  what: string,
  passes: string,
): string | undefined {
  const own = workloads.filter(({ kind }) => kind.of === of);
  if (own.length === 0) return undefined;
  const least = Math.min(...own.map((workload) => workload.passes));
  const most = Math.max(...own.map((workload) => workload.passes));
  const range = [...new Set([least, most].map(shown))].join(' to ');
  return `${counted(own.length, what)} of ${range} ${passes}`;
}

const shown = (passes: number) => (passes < 1 ? passes.toPrecision(1) : String(Math.round(passes)));

/** `12 min`, from an hour and a half on in hours, from two days on in days. */
export function roughly(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600
    ? `${(seconds / 3600).toFixed(1)} hours`
    : `${(seconds / 86_400).toFixed(1)} days`;
}
