import fs from 'node:fs';
import path from 'node:path';
import { claim, removePartsOf } from '../documents/claim';
import { withdraw } from '../documents/store';
import { isOwn, type Own } from '../methods/own/own';
import { Gate } from '../parts';
import { Diverged } from '../training/fit';
import { type Ask, computeAll, type Outcome, type Worker } from './crew';
import type { Computing, Job } from './jobs/job';
import type { Compute, Plan, Unit } from './plan';
import type { OnShare } from './session/session';

const DONE = 'done';

/** Computes in this process; `dispose` releases what is compiled. */
export function workerOn(plan: Plan): Worker & { readonly dispose: () => void } {
  let onShare: Ask['onShare'] = () => undefined;
  let last: { readonly job: Job; readonly computing: Computing } | undefined;
  const gate = new Gate();
  const hold = (isHeld: boolean) => (isHeld ? gate.close() : gate.open());
  const { out, signal } = plan.session;
  signal?.addEventListener('abort', () => gate.open()); // what is stopped ends, and is held up no longer
  const told: OnShare = (...what) => onShare(...what);
  const session = { ...plan.session, onShare: told, held: gate.held };
  /** What is compiled for a job serves its seeds that follow each other. */
  const computingOf = (job: Job): Computing => {
    if (last?.job === job) return last.computing;
    last?.computing.dispose();
    last = undefined;
    last = { job, computing: job.begin(session) };
    return last.computing;
  };
  const compute = async ({ place, seed }: Unit, ask: Ask): Promise<Outcome> => {
    signal?.throwIfAborted(); // what takes no step does not ask
    const job = plan.jobs[place];
    if (job.documentOf(seed)) return DONE;
    const onWait = () => ask.onShare(`${job.labelOf(seed)}, by another run`, 0);
    const release = await claim(out, job.keyOf(seed), ask.waits ? { signal, onWait } : undefined);
    if (!release) return 'held';
    try {
      revalidate(out);
      if (job.documentOf(seed)) return DONE;
      ({ onShare } = ask);
      removePartsOf(out, job.keyOf(seed));
      withdraw(out, job.keyOf(seed));
      await computingOf(job).seed(seed);
    } catch (error) {
      if (error instanceof Diverged) return { diverged: explained(error, job, seed) };
      throw error;
    } finally {
      release();
    }
    return DONE;
  };
  return { compute, hold, dispose: () => last?.computing.dispose() };
}

/** A file system of several machines may still remember that a file was not there, until its folder is looked through. */
function revalidate(out: string): void {
  const folder = path.join(out, 'results');
  if (fs.existsSync(folder)) fs.readdirSync(folder);
}

/** What ran away, how fast it went, and what helps: a loss of one's own is named first. */
function explained({ message }: Diverged, { of, labelOf, keyOf }: Job, seed: number): string {
  const { pretraining, ...own } = keyOf(seed).declaration;
  const rates = ratesIn(of === 'trunk' ? { pretraining } : own).join(', ');
  return (
    `${labelOf(seed)}: ${message}, at ${rates || 'its preset’s rate'}; what was finished before is kept. ` +
    remedyFor(own.loss)
  );
}

/** What helps where what is trained by a loss is no number any more. */
export const remedyFor = (loss: unknown): string => (isOwn(loss) ? ofOwnLoss(loss as Own<'loss'>) : LOWER);

const LOWER =
  'Try a lower rate, in `budgets` of the card or of the notebook’s parameters, or let `npm run tune` choose one.';

/** What helps where a loss of one's own may be what gave no number. */
const ofOwnLoss = ({ name }: Own<'loss'>): string =>
  `See whether loss ${name}, one of your own, is a number for every batch, as no division by 0 and no logarithm of 0 is; ` +
  'where it is, try a lower rate.';

/** The rates that a declaration says, with their names. */
const ratesIn = (declaration: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(declaration).flatMap(([name, value]) => {
    if (/^rates?$/.test(name)) return [`${name} ${JSON.stringify(value)}`];
    return typeof value === 'object' && value !== null ? ratesIn(value as Record<string, unknown>) : [];
  });

/** All in this process, one after the other. */
export const computeHere: Compute = async (plan, left) => {
  const worker = workerOn(plan);
  try {
    await computeAll(plan, left, [worker]);
  } finally {
    worker.dispose();
  }
};
