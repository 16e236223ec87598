/** Progress of a run, in jobs and in time. */
import type { Job } from '../resolve/resolve';

export type Progress = {
  readonly label: string;
  /** Documents finished, and those under way by their share of steps. */
  readonly done: number;
  readonly total: number;
  /** Estimated; by the pace of documents if absent. */
  readonly secondsLeft?: number | undefined;
};

/** Steps of a job at most; one more for what takes none. */
const stepsOf = ({ record }: Job): number => 1 + ('steps' in record ? record.steps : 0);

/** Jobs of a kind, which end after like shares of their steps: their steps at most, seconds of those that ended. */
type Kind = { left: number; ended: number; seconds: number };

const kindOf = ({ record }: Job): string =>
  JSON.stringify([record.kind, 'trunk' in record && record.trunk, 'task' in record && record.task]);

/**
 * Reports while workers, told apart by themselves, compute the jobs that are left. Those of a kind take as long as those of it that
 * have ended; before one has, as long as all would that ended or are under way, did these take all of their steps.
 */
export function progressOf(
  jobs: readonly Job[],
  left: readonly Job[],
  tell?: (progress: Progress) => void,
  seconds: () => number = () => performance.now() / 1000,
) {
  const kinds = new Map<string, Kind>();
  const of = (job: Job): Kind => {
    const found = kinds.get(kindOf(job)) ?? { left: 0, ended: 0, seconds: 0 };
    kinds.set(kindOf(job), found);
    return found;
  };
  for (const job of left) of(job).left += stepsOf(job);
  let done = jobs.length - left.length;
  /** By workers the job that is computed, the share of its steps that is taken, and when it began. */
  const under = new Map<unknown, { readonly job: Job; readonly share: number; readonly since: number }>();

  const secondsLeft = (): number | undefined => {
    const parts = [...under.values()].map((part) => ({ ...part, passed: seconds() - part.since }));
    const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
    const own = [...kinds.values()];
    const steps = sum([
      ...own.map((kind) => kind.ended),
      ...parts.map(({ job, share }) => share * stepsOf(job)),
    ]);
    const spent = sum([...own.map((kind) => kind.seconds), ...parts.map(({ passed }) => passed)]);
    if (steps === 0) return undefined;
    const paceOf = (kind: Kind) => (kind.ended > 0 ? kind.seconds / kind.ended : spent / steps);
    const all = sum(own.map((kind) => kind.left * paceOf(kind)));
    const passed = parts.map(({ job, passed }) => Math.min(passed, stepsOf(job) * paceOf(of(job))));
    return (all - sum(passed)) / Math.max(1, parts.length);
  };
  const report = (label: string) => {
    const shares = [...under.values()].map(({ share }) => share);
    const count = shares.reduce((all, share) => all + share, done);
    tell?.({ label, done: count, total: jobs.length, secondsLeft: secondsLeft() });
  };
  return {
    within: (worker: unknown, job: Job, label: string, share: number) => {
      const before = under.get(worker);
      under.set(worker, { job, share, since: before?.job === job ? before.since : seconds() });
      report(label);
    },
    /** The worker is idle; `job` is done if given. */
    end: (worker: unknown, job: Job | undefined) => {
      const part = under.get(worker);
      under.delete(worker);
      if (!job) return;
      done++;
      const kind = of(job);
      kind.left -= stepsOf(job);
      kind.ended += stepsOf(job);
      kind.seconds += part ? seconds() - part.since : 0;
      report(job.label);
    },
  };
}
