/** Shares the units of a plan out among workers. */
import type { Job } from './job';
import { type Plan, stemIn, trunkIn, type Unit, unitsOf } from './plan';
import type { Held, OnShare } from './session';

/** The document is there; another run computes it; or its training has diverged, in a sentence. */
export type Outcome = 'done' | 'locked' | { readonly diverged: string };

/** Computes units, one at a time. */
export type Worker = Held & {
  readonly compute: (unit: Unit, ask: Ask) => Promise<Outcome>;
};

export type Ask = {
  /** Whether to wait while another run computes the unit. */
  readonly waits: boolean;
  readonly onShare: OnShare;
};

/**
 * Computes units, the plan's first stages before the rest. Units that other runs on the same folder compute are waited for
 * last. A diverged training, and what would start from it, is left out and reported after all else.
 */
export async function computeAll(
  plan: Plan,
  units: readonly Unit[],
  workers: readonly Worker[],
): Promise<void> {
  const progress = progressOf(plan, units);
  const queue = new Queue(plan, units);
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
      progress.end(worker, outcome === 'locked' ? undefined : unit);
      if (typeof outcome === 'object') diverged.push(outcome.diverged);
      queue.end(unit, typeof outcome === 'object' ? 'diverged' : outcome);
    }
  };
  await Promise.all(workers.map(serve));
  if (diverged.length > 0) plan.onDiverged(diverged);
}

/** A unit to compute, and whether to wait for another run that computes it. */
type Turn = { readonly unit: Unit; readonly waits: boolean };

/** Gives units stage by stage, trunks first; what starts from a trunk waits until it is there. */
export class Queue {
  private readonly left: Unit[];
  private readonly locked: Unit[] = [];
  private readonly atWork = new Set<Unit>();
  private readonly stages: ReadonlyMap<Unit, number>;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly plan: Plan,
    units: readonly Unit[],
  ) {
    const { jobs, first = [] } = plan;
    const stageOf = (stem: string) => {
      const stage = first.findIndex(({ stems }) => stems.has(stem));
      return stage < 0 ? first.length : stage;
    };
    this.stages = new Map(units.map((unit) => [unit, stageOf(stemIn(plan, unit))]));
    const isTrunk = ({ place }: Unit) => Number(jobs[place].of === 'trunk');
    this.left = [...units].sort(
      (a, b) => isTrunk(b) - isTrunk(a) || jobs[b.place].length - jobs[a.place].length,
    );
  }

  /** The next unit for a worker that has computed `last`; waits if all that is left starts from what others compute. */
  async next(last?: Unit): Promise<Turn | undefined> {
    for (;;) {
      const turn = this.take(last);
      if (turn || (this.left.length === 0 && this.locked.length === 0)) return turn;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Takes a unit back; what starts from a diverged one is dropped. */
  end(unit: Unit, outcome: 'done' | 'locked' | 'diverged'): void {
    this.atWork.delete(unit);
    if (outcome === 'locked') this.locked.push(unit);
    const stem = stemIn(this.plan, unit);
    if (outcome === 'diverged')
      for (const lost of this.left.filter((one) => trunkIn(this.plan, one) === stem)) this.remove(lost);
    for (const wake of this.waiting.splice(0)) wake();
    const stage = this.stages.get(unit) as number;
    if (!this.open().some((one) => this.stages.get(one) === stage)) this.plan.first?.[stage]?.onThere();
  }

  private open = (): Unit[] => [...this.left, ...this.locked, ...this.atWork];

  private remove = (unit: Unit) => this.left.splice(this.left.indexOf(unit), 1);

  /** Prefers a seed of the same job, which is compiled, then of the job with most seeds left. */
  private take(last?: Unit): Turn | undefined {
    const ready = this.ready();
    const seeds = new Map<number, number>();
    for (const { place } of ready) seeds.set(place, (seeds.get(place) ?? 0) + 1);
    const most = Math.max(...seeds.values());
    const unit =
      ready.find(({ place }) => place === last?.place) ??
      ready.find(({ place }) => seeds.get(place) === most);
    if (unit) this.remove(unit);
    const taken = unit ?? this.locked.shift();
    if (taken) this.atWork.add(taken);
    return taken && { unit: taken, waits: !unit };
  }

  /** Units of the first open stage whose trunk is there. */
  private ready(): Unit[] {
    const stems = new Set(this.open().map((unit) => stemIn(this.plan, unit)));
    const ready = this.left.filter((unit) => !stems.has(trunkIn(this.plan, unit) ?? ''));
    const first = Math.min(...ready.map((unit) => this.stages.get(unit) as number));
    return ready.filter((unit) => this.stages.get(unit) === first);
  }
}

/** Fine-tunings that take about as long as one pre-training or one joint training. */
const LONG = 10;

function weightOfJob({ of, workload }: Job): number {
  const isJoint = workload?.kind.of === 'fine-tuning' && workload.kind.tuned === 'jointly';
  return of === 'trunk' || isJoint ? LONG : 1;
}

/** Reports progress in units and in the share of the time. */
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
    /** The worker is idle; `unit` is done if given. */
    end: (worker: Worker, unit: Unit | undefined) => {
      under.delete(worker);
      if (!unit) return;
      done++;
      behind += weightOf(unit);
      report(jobs[unit.place].labelOf(unit.seed));
    },
  };
}
