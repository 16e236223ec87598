/** Runs jobs: every document is read, or computed under its lock; workers share the jobs out. */
import { UserError } from '../../base/userError';
import { removeLeftovers } from '../../base/whole';
import { factsOf } from '../../data/tasks/facts';
import { requireNoLeak } from '../../data/tasks/leakage';
import type { CompletedRun } from '../documents/completedRun';
import type { Result } from '../documents/document';
import type { Planned } from '../methods/experiment';
import { type Circumstances, type Job, resolve, startsOf, stemIn } from '../resolve/resolve';
import { documentOf, hasWeights } from './artifacts';
import { taskOf } from './data';
import { type Progress, progressOf } from './progress';
import { Queue, type Stage } from './queue';
import type { Moment, OnShare } from './watch';
import { type RunFolder, type Worker, workerOn } from './worker';

/** Told of each step, evaluation and end of a training, and by whom it is made: one training at a time. */
export type OnTraining = (by: object, label: string, moment: Moment | 'ended') => void;

/** How jobs are run. */
export type Running = RunFolder & {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told of diverged trainings, a sentence each, after all else is computed; a UserError if absent. */
  readonly onDiverged?: ((sentences: readonly string[]) => void) | undefined;
  readonly onTraining?: OnTraining | undefined;
  /** Computed before the rest, in this order. */
  readonly first?: readonly Stage[] | undefined;
};

/** Workers for so many jobs, and what ends them. */
export type Workers = (
  folder: RunFolder,
  jobs: number,
) => Promise<{ readonly workers: readonly Worker[]; readonly dispose: () => unknown }>;

/** One worker, in this process. */
export const inThisProcess: Workers = async (folder) => {
  const worker = workerOn(folder);
  return { workers: [worker], dispose: worker.dispose };
};

/** The jobs without a document, and packed ones whose weights these start from. */
export function leftOf(jobs: readonly Job[], out: string): Job[] {
  const left = new Set(jobs.filter((job) => documentOf(out, job) === undefined));
  const starts = new Set([...left].flatMap(startsOf));
  return jobs.filter((job) => left.has(job) || (starts.has(stemIn(job)) && !hasWeights(out, job)));
}

/**
 * Computes what is missing; once more if a new trunk leaves experiments on the old one behind. Returns the documents, those of
 * diverged trainings left out. Throws a UserError if the input gives an answer away, a training diverges, or documents change meanwhile.
 */
export async function runJobs(
  jobs: readonly Job[],
  running: Running,
  workersFor: Workers = inThisProcess,
): Promise<Result[]> {
  const { out, signal, onDiverged = refuse } = running;
  prepare(jobs, running);
  const computed = new Set<string>();
  const diverged: string[] = [];
  for (let left = leftOf(jobs, out); left.length > 0; ) {
    signal?.throwIfAborted();
    const { workers, dispose } = await workersFor(running, left.length);
    try {
      await Promise.all(workers.map(serving(jobs, left, running, diverged)));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      await dispose();
    }
    for (const job of left) computed.add(stemIn(job));
    left = leftOf(jobs, out).filter((job) => !computed.has(stemIn(job)));
  }
  if (computed.size === 0)
    running.onProgress?.({ label: 'all of it is there', done: jobs.length, total: jobs.length });
  if (diverged.length > 0) onDiverged(diverged);
  return jobs.flatMap((job) => {
    const document = documentOf(out, job);
    if (document || diverged.length > 0) return document ?? [];
    throw new UserError(`${job.label}: its files were changed while the run went on; run it again`);
  });
}

const refuse = (sentences: readonly string[]): never => {
  throw new UserError(sentences.join('\n'));
};

/** All that a run is asked for. */
export type RunOptions = Circumstances & Running;

/** Every planned experiment on its tasks and every seed. */
export async function run(
  options: RunOptions,
  planned: readonly Planned[],
  workersFor?: Workers,
): Promise<CompletedRun> {
  const documents = await runJobs(resolve(planned, options), options, workersFor);
  return completedRun(documents, options);
}

/** Documents as notebooks, tables and claims read them. */
export function completedRun(documents: readonly Result[], { out, tasks }: RunFolder): CompletedRun {
  return completedOf(documents, { out, tasks: tasks.map(factsOf) });
}

/** Documents beside facts of the tasks. What is said of pre-training is said of trunks by the item loss alone. */
export function completedOf(
  documents: readonly Result[],
  about: Pick<CompletedRun, 'out' | 'tasks'>,
): CompletedRun {
  const [trunks, results] = [true, false].map((is) =>
    documents.filter(({ declaration }) => (declaration.kind === 'trunk') === is),
  );
  return { ...about, results, pretraining: trunks.filter(({ declaration }) => !declaration.halves) };
}

/** Checks the tasks for leaks (UserError that names the rows), and removes what killed processes left in the folder. */
export function prepare(jobs: readonly Job[], { out, tasks }: RunFolder): void {
  for (const { record } of jobs)
    if (record.kind !== 'trunk') requireNoLeak(taskOf(record, tasks), record.seed);
  removeLeftovers(out);
}

/**
 * Serves workers, the first stages before the rest. Jobs that other runs on the same folder compute are waited for last. A diverged
 * training, and what would start from it, is left out; `diverged` gets a sentence.
 */
function serving(
  jobs: readonly Job[],
  left: readonly Job[],
  { onProgress, onTraining, first }: Running,
  diverged: string[],
): (worker: Worker) => Promise<void> {
  const progress = progressOf(jobs, left, onProgress);
  const queue = new Queue(left, first);
  return async (worker) => {
    for (let turn = await queue.next(); turn; turn = await queue.next(turn.job)) {
      const { job, waits } = turn;
      const onShare: OnShare = (label, share, moment) => {
        progress.within(worker, job, label, share);
        if (moment) onTraining?.(worker, label, moment);
      };
      const end = await worker.compute(job, { waits, onShare });
      onTraining?.(worker, job.label, 'ended');
      progress.end(worker, end === 'locked' ? undefined : job);
      if (typeof end === 'object') diverged.push(end.diverged);
      queue.end(job, typeof end === 'object' ? 'diverged' : end);
    }
  };
}
