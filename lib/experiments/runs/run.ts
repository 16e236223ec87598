/** Runs a plan: every document is read, or computed under its lock; workers share its units out. */
import path from 'node:path';
import { UserError } from '../../base/userError';
import { filesIn, removeLeftovers } from '../../base/whole';
import { requireNoLeak } from '../../data/tasks/leakage';
import { Diverged } from '../../training/fit';
import { Gate } from '../../training/parts';
import { lock, removeDeadLocks, removePartsOf } from '../documents/checkpoint';
import { withdraw } from '../documents/document';
import type { Ran } from '../documents/ran';
import type { Planned } from '../methods/experiment';
import { isOwn, type Own } from '../methods/own/own';
import type { Computing, Job } from './jobs';
import { type Compute, leftOf, type Plan, planOf, startsOf, stemIn, type Unit, unitsOf } from './plan';
import type { OnShare, Pausable, RunOptions } from './session';
import { workloadsOf } from './workloads';

/**
 * Every planned experiment on its tasks and every seed. A trunk is pre-trained once for each source, trunk, share of the
 * users and seed. Throws a UserError if the input gives an answer away, a training diverges, or documents change meanwhile.
 */
export const run = async (
  options: RunOptions,
  planned: readonly Planned[],
  compute?: Compute,
): Promise<Ran> => runPlan(planOf(options, planned), compute);

/** The same for a plan. */
export async function runPlan(plan: Plan, compute: Compute = computeHere): Promise<Ran> {
  let isPartial = false;
  const onDiverged = (sentences: readonly string[]) => {
    plan.onDiverged(sentences);
    isPartial = true;
  };
  await complete({ ...plan, onDiverged }, compute);
  const documentOf = (job: Job, seed: number) => {
    const document = job.documentOf(seed);
    if (document || isPartial) return document ?? [];
    throw new UserError(`${job.labelOf(seed)}: its files were changed while the run went on; run it again`);
  };
  const documents = (of: Job['of']) =>
    plan.jobs
      .filter((job) => job.of === of)
      .flatMap((job) => plan.seeds.flatMap((seed) => documentOf(job, seed)));
  const { out, preset } = plan.session;
  const [results, pretraining] = [documents('experiment'), documents('trunk')];
  return { out, preset, tasks: plan.tasks, results, pretraining };
}

/** Computes what is missing; once more if a new trunk leaves experiments on the old one behind. */
export async function complete(plan: Plan, compute: Compute): Promise<void> {
  prepare(plan);
  const left = leftOf(plan);
  await compute(plan, left);
  const known = new Set(left.map((unit) => stemIn(plan, unit)));
  const behind = leftOf(plan).filter((unit) => !known.has(stemIn(plan, unit)));
  if (behind.length > 0) await compute(plan, behind);
}

/** Checks the tasks for leaks (UserError that names the rows), and removes what killed processes left in the folder. */
export function prepare({ pairs, seeds, session }: Plan): void {
  for (const task of new Set(pairs.map((pair) => pair.task)))
    for (const seed of seeds) requireNoLeak(task, seed);
  removeLeftovers(session.out);
  removeDeadLocks(session.out);
}

/** All in this process, one after the other. */
export const computeHere: Compute = async (plan, left) => {
  const worker = workerOn(plan);
  try {
    await computeAll(plan, left, [worker]);
  } finally {
    worker.dispose();
  }
};

/** Computes in this process; `dispose` releases what is compiled. */
export function workerOn(plan: Plan): Worker & { readonly dispose: () => void } {
  let onShare: Ask['onShare'] = () => undefined;
  let last: { readonly job: Job; readonly computing: Computing } | undefined;
  const gate = new Gate();
  const { out, signal } = plan.session;
  signal?.addEventListener('abort', () => gate.open()); // a paused training must notice
  const told: OnShare = (...what) => onShare(...what);
  const session = { ...plan.session, onShare: told, paused: gate.paused };
  /** Keeps what is compiled while seeds of one job follow each other. */
  const computingOf = (job: Job): Computing => {
    if (last?.job === job) return last.computing;
    last?.computing.dispose();
    last = undefined;
    last = { job, computing: job.begin(session) };
    return last.computing;
  };
  const compute: Worker['compute'] = async ({ place, seed }, ask) => {
    signal?.throwIfAborted(); // methods without steps do not check
    const job = plan.jobs[place];
    if (job.documentOf(seed)) return 'done';
    const onWait = () => ask.onShare(`${job.labelOf(seed)}, by another run`, 0);
    const key = job.keyOf(seed);
    const release = await lock(out, key, ask.waits ? { signal, onWait } : undefined);
    if (!release) return 'locked';
    try {
      filesIn(path.join(out, 'results')); // makes a network file system forget that a file was missing
      if (job.documentOf(seed)) return 'done';
      ({ onShare } = ask);
      removePartsOf(out, key);
      withdraw(out, key);
      await computingOf(job).compute(seed);
      return 'done';
    } catch (error) {
      if (error instanceof Diverged) return { diverged: explained(error, job, seed) };
      throw error;
    } finally {
      release();
    }
  };
  const pause = (isPaused: boolean) => (isPaused ? gate.close() : gate.open());
  return { compute, pause, dispose: () => last?.computing.dispose() };
}

/** What diverged, at which rate, and what helps. */
function explained({ message }: Diverged, { of, labelOf, keyOf }: Job, seed: number): string {
  const { pretraining, ...own } = keyOf(seed).declaration;
  const rates = ratesIn(of === 'trunk' ? { pretraining } : own).join(', ') || 'its preset’s rate';
  return `${labelOf(seed)}: ${message}, at ${rates}; what was finished before is kept. ${remedyFor(own.loss)}`;
}

/** The advice for a loss that is NaN or infinite; suspects a researcher's own loss first. */
export const remedyFor = (loss: unknown): string =>
  isOwn(loss)
    ? `Check that your own loss ${(loss as Own<'loss'>).name} is a number for every batch (no division by 0, no log of 0), then try a lower rate.`
    : 'Try a lower rate, in `budgets` of the notebook’s parameters or, where nothing was tuned, of the card, or let `npm run tune` choose one.';

/** The rates in a declaration, with their names. */
const ratesIn = (declaration: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(declaration).flatMap(([name, value]) => {
    if (/^rates?$/.test(name)) return [`${name} ${JSON.stringify(value)}`];
    return typeof value === 'object' && value !== null ? ratesIn(value as Record<string, unknown>) : [];
  });

/** The document is there; another run computes it; or its training has diverged, in a sentence. */
export type Outcome = 'done' | 'locked' | { readonly diverged: string };

/** Computes units, one at a time. */
export type Worker = Pausable & { readonly compute: (unit: Unit, ask: Ask) => Promise<Outcome> };

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
    this.left = [...units].sort((a, b) => jobs[b.place].length - jobs[a.place].length);
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
      for (const lost of this.left.filter((one) => startsOf(this.plan, one).includes(stem)))
        this.remove(lost);
    for (const wake of this.waiting.splice(0)) wake();
    const stage = this.stages.get(unit) as number;
    if (!this.open().some((one) => this.stages.get(one) === stage)) this.plan.first?.[stage]?.onThere();
  }

  private isTrunk = ({ place }: Unit): boolean => this.plan.jobs[place].of === 'trunk';

  private open = (): Unit[] => [...this.left, ...this.locked, ...this.atWork];

  private remove = (unit: Unit) => this.left.splice(this.left.indexOf(unit), 1);

  /** Prefers trunks, then a seed of the same job, which is compiled, then of the job with most seeds left. */
  private take(last?: Unit): Turn | undefined {
    const all = this.ready();
    const trunks = all.filter((unit) => this.isTrunk(unit));
    const ready = trunks.length > 0 ? trunks : all;
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

  /** Units of the first open stage whose trunk and fused patches are there. */
  private ready(): Unit[] {
    const stems = new Set(this.open().map((unit) => stemIn(this.plan, unit)));
    const ready = this.left.filter((unit) => !startsOf(this.plan, unit).some((stem) => stems.has(stem)));
    const first = Math.min(...ready.map((unit) => this.stages.get(unit) as number));
    return ready.filter((unit) => this.stages.get(unit) === first);
  }
}

/** The steps that a unit takes at most, which cost about the same wherever; as one for what takes none. */
function stepsIn(plan: Plan): (unit: Unit) => number {
  const known = new Map<number, number>(); // by the place in the plan, which all seeds share
  return (unit) => {
    const steps = known.get(unit.place) ?? 1 + (workloadsOf(plan, [unit])[0]?.steps ?? 0);
    known.set(unit.place, steps);
    return steps;
  };
}

/** Reports progress in units and in the share of all steps. */
function progressOf(plan: Plan, left: readonly Unit[]) {
  const { jobs, onProgress } = plan;
  const all = unitsOf(plan);
  const weightOf = stepsIn(plan);
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
