/** Progress of a run, in jobs and in the share of all steps. */
import type { Job } from '../resolve/resolve';

export type Progress = {
  readonly label: string;
  /** Documents finished, and those under way by their share of steps. */
  readonly done: number;
  readonly total: number;
  /** Estimated share of the time that has passed, 0 to 1; done / total if absent. */
  readonly share?: number;
};

/** Steps of a job at most, which cost about the same wherever; one more for what takes none. */
const weightOf = ({ record }: Job): number => 1 + ('steps' in record ? record.steps : 0);

const weigh = (jobs: readonly Job[]) => jobs.reduce((sum, job) => sum + weightOf(job), 0);

/** Reports while workers, told apart by themselves, compute the jobs that are left. */
export function progressOf(jobs: readonly Job[], left: readonly Job[], tell?: (progress: Progress) => void) {
  const [total, whole] = [jobs.length, weigh(jobs)];
  let [done, passed] = [total - left.length, whole - weigh(left)];
  const under = new Map<unknown, { readonly job: Job; readonly share: number }>();
  const report = (label: string) => {
    const parts = [...under.values()];
    const count = parts.reduce((sum, { share }) => sum + share, done);
    const weight = parts.reduce((sum, { job, share }) => sum + share * weightOf(job), passed);
    tell?.({ label, done: count, total, share: whole === 0 ? 1 : weight / whole });
  };
  return {
    within: (worker: unknown, job: Job, label: string, share: number) => {
      under.set(worker, { job, share });
      report(label);
    },
    /** The worker is idle; `job` is done if given. */
    end: (worker: unknown, job: Job | undefined) => {
      under.delete(worker);
      if (!job) return;
      done++;
      passed += weightOf(job);
      report(job.label);
    },
  };
}
