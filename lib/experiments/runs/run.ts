/** Runs a plan: every document is read, or computed under its lock. */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../base/userError';
import { removeLeftovers } from '../../base/whole';
import { requireNoLeak } from '../../data/tasks/leakage';
import { Diverged } from '../../training/fit';
import { Gate } from '../../training/parts';
import { lock, removeDeadLocks, removePartsOf } from '../documents/lock';
import type { Ran } from '../documents/ran';
import { withdraw } from '../documents/store';
import type { Planned } from '../methods/experiment';
import { isOwn, type Own } from '../methods/own/own';
import { type Ask, computeAll, type Worker } from './crew';
import type { Computing, Job } from './job';
import { type Compute, leftOf, type Plan, planOf, stemIn } from './plan';
import type { OnShare, RunOptions } from './session';

/**
 * Every planned experiment on its tasks and every seed. A trunk is pre-trained once for each source, direction, share of the
 * steps and seed. Throws a UserError if the input gives an answer away, a training diverges, or documents change meanwhile.
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
  const missing = (job: Job, seed: number): never => {
    throw new UserError(`${job.labelOf(seed)}: its files were changed while the run went on; run it again`);
  };
  const documents = (of: Job['of']) =>
    plan.jobs
      .filter((job) => job.of === of)
      .flatMap((job) =>
        plan.seeds.flatMap((seed) => job.documentOf(seed) ?? (isPartial ? [] : missing(job, seed))),
      );
  return {
    out: plan.session.out,
    preset: plan.session.preset,
    tasks: plan.tasks,
    results: documents('experiment'),
    pretraining: documents('trunk'),
  };
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
  const session = { ...plan.session, onShare: told, held: gate.held };
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
      refresh(out);
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
  const hold = (isHeld: boolean) => (isHeld ? gate.close() : gate.open());
  return { compute, hold, dispose: () => last?.computing.dispose() };
}

/** Listing the folder makes a network file system forget that a file was missing. */
function refresh(out: string): void {
  const folder = path.join(out, 'results');
  if (fs.existsSync(folder)) fs.readdirSync(folder);
}

/** What diverged, at which rate, and what helps. */
function explained({ message }: Diverged, { of, labelOf, keyOf }: Job, seed: number): string {
  const { pretraining, ...own } = keyOf(seed).declaration;
  const rates = ratesIn(of === 'trunk' ? { pretraining } : own).join(', ');
  return (
    `${labelOf(seed)}: ${message}, at ${rates || 'its preset’s rate'}; what was finished before is kept. ` +
    remedyFor(own.loss)
  );
}

/** What helps against a loss that is no number; a researcher's own loss is suspected first. */
export const remedyFor = (loss: unknown): string =>
  isOwn(loss)
    ? `Check that your own loss ${(loss as Own<'loss'>).name} is a number for every batch (no division by 0, no log of 0), then try a lower rate.`
    : 'Try a lower rate, in `budgets` of the card or of the notebook’s parameters, or let `npm run tune` choose one.';

/** The rates in a declaration, with their names. */
const ratesIn = (declaration: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(declaration).flatMap(([name, value]) => {
    if (/^rates?$/.test(name)) return [`${name} ${JSON.stringify(value)}`];
    return typeof value === 'object' && value !== null ? ratesIn(value as Record<string, unknown>) : [];
  });
