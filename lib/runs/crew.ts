/** The units of a plan, shared out among those who compute. */
import type { Job } from './jobs/job';
import { type Plan, type Unit, unitsOf } from './plan';
import { Queue } from './queue';
import type { Held, OnShare } from './session/session';

/** The document is there; another run computes it at the moment; or its training has run away, in a sentence. */
export type Outcome = 'done' | 'held' | { readonly diverged: string };

/** Who computes units, one at a time. */
export type Worker = Held & {
  /** Leaves the document of a unit; one that does not wait leaves it to another run that computes it at the moment. */
  readonly compute: (unit: Unit, ask: Ask) => Promise<Outcome>;
};

export type Ask = {
  /** Whether it waits for the end of another run that computes the unit. */
  readonly waits: boolean;
  /** Told the share of the unit that is behind, and what its training is at. */
  readonly onShare: OnShare;
};

/**
 * Computes units, the plan's first parts before the rest. What other runs on the same folder are at is left to them, and waited for
 * at last. What runs away is left out, and what would start from it; all else is computed before the plan is told.
 */
export async function computeAll(
  plan: Plan,
  units: readonly Unit[],
  workers: readonly Worker[],
): Promise<void> {
  const progress = progressOf(plan, units);
  const queue = new Queue(plan, units, plan.first);
  const diverged: string[] = [];
  const serve = async (worker: Worker) => {
    for (let turn = await queue.next(); turn; turn = await queue.next(turn.unit)) {
      const { unit, waits } = turn;
      const onShare: OnShare = (label, share, moment) => {
        progress.within(worker, unit, label, share);
        if (moment) plan.onTraining?.(worker, label, moment);
      };
      const outcome = await worker.compute(unit, { waits, onShare });
      plan.onTraining?.(worker, plan.jobs[unit.place].labelOf(unit.seed), 'ended');
      progress.end(worker, outcome === 'held' ? undefined : unit);
      if (typeof outcome === 'object') diverged.push(outcome.diverged);
      queue.end(unit, typeof outcome === 'object' ? 'diverged' : outcome);
    }
  };
  await Promise.all(workers.map(serve));
  if (diverged.length > 0) plan.onDiverged(diverged);
}

/** Fine-tunings that take about as long as one pre-training, or as one training by both losses. */
const LONG = 10;

function weightOfJob({ of, workload }: Job): number {
  const isJoint = workload?.kind.of === 'fine-tuning' && workload.kind.tuned === 'jointly';
  return of === 'trunk' || isJoint ? LONG : 1;
}

/** Reports how far a plan is, in units and in the share of the time, while some of its units are computed. */
function progressOf(plan: Plan, left: readonly Unit[]) {
  const { jobs, onProgress } = plan;
  const all = unitsOf(plan);
  const weightOf = ({ place }: Unit) => weightOfJob(jobs[place]);
  const weigh = (units: readonly Unit[]) => units.reduce((sum, unit) => sum + weightOf(unit), 0);
  const [total, whole] = [all.length, weigh(all)];
  let [done, behind] = [total - left.length, whole - weigh(left)];
  const under = new Map<Worker, { readonly unit: Unit; readonly share: number }>();
  const report = (label: string) => {
    const parts = [...under.values()];
    const count = parts.reduce((sum, { share }) => sum + share, done);
    const weight = parts.reduce((sum, { unit, share }) => sum + share * weightOf(unit), behind);
    onProgress?.({ label, done: count, total, share: whole === 0 ? 1 : weight / whole });
  };
  if (left.length === 0) report('all of it is there');
  return {
    within: (worker: Worker, unit: Unit, label: string, share: number) => {
      under.set(worker, { unit, share });
      report(label);
    },
    /** The worker is at nothing any more; the unit, if there is one, is done. */
    end: (worker: Worker, unit: Unit | undefined) => {
      under.delete(worker);
      if (!unit) return;
      done++;
      behind += weightOf(unit);
      report(jobs[unit.place].labelOf(unit.seed));
    },
  };
}
