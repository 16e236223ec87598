import { claim } from '../documents/claim';
import { Diverged } from '../training/fit';
import { UserError } from '../userError';
import { type Ask, computeAll, type Worker } from './crew';
import type { Computing, Job } from './jobs/job';
import type { Compute, Plan, Unit } from './plan';

/** Computes in this process; `dispose` releases what is compiled. */
export function workerOn(plan: Plan): Worker & { readonly dispose: () => void } {
  let onShare: Ask['onShare'] = () => undefined;
  let last: { readonly job: Job; readonly computing: Computing } | undefined;
  const session = { ...plan.session, onShare: (label: string, share: number) => onShare(label, share) };
  const { out, signal } = session;
  /** What is compiled for a job serves its seeds that follow each other. */
  const computingOf = (job: Job): Computing => {
    if (last?.job === job) return last.computing;
    last?.computing.dispose();
    last = undefined;
    last = { job, computing: job.begin(session) };
    return last.computing;
  };
  const compute = async ({ place, seed }: Unit, ask: Ask) => {
    signal?.throwIfAborted(); // what takes no step does not ask
    const job = plan.jobs[place];
    if (job.documentOf(seed)) return true;
    const onWait = () => ask.onShare(`${job.labelOf(seed)}, by another run`, 0);
    const release = await claim(out, job.keyOf(seed), ask.waits ? { signal, onWait } : undefined);
    if (!release) return false;
    try {
      ({ onShare } = ask);
      if (!job.documentOf(seed)) await computingOf(job).seed(seed);
    } catch (error) {
      throw error instanceof Diverged ? new UserError(explained(error, job, seed)) : error;
    } finally {
      release();
    }
    return true;
  };
  return { compute, dispose: () => last?.computing.dispose() };
}

/** What ran away, how fast it went, and what helps. */
function explained({ message }: Diverged, { labelOf, keyOf }: Job, seed: number): string {
  const rates = ratesIn(keyOf(seed).declaration).join(', ');
  return (
    `${labelOf(seed)}: ${message}, at ${rates || 'its preset’s rate'}; what was finished before is kept. ` +
    'Try a lower rate, in `budgets` of the card or of the notebook’s parameters, or let `npm run tune` choose one.'
  );
}

/** The rates that a declaration says for its own training, with their names. */
const ratesIn = ({ pretraining: _, ...own }: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(own).flatMap(([name, value]) => {
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
