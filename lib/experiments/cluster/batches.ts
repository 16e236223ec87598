/** Jobs grouped into batches, which a cluster runs one each. */
import { fingerprint } from '../../base/fingerprint';
import { grouped } from '../../base/grouped';
import { type Job, startsOf, stemIn } from '../resolve/resolve';

/** One batch, as a rule of the Snakefile reads it. */
export type Batch = {
  /** Letters, digits and _; the same documents have the same name. */
  readonly name: string;
  /** Computed in this order. */
  readonly jobs: readonly Job[];
  /** Stems of the documents that it leaves. */
  readonly documents: readonly string[];
  /** Files under OUT that must be there before. */
  readonly needs: readonly string[];
  /** Files under OUT that are there after. */
  readonly makes: readonly string[];
};

/** Resources of every job. */
export type Resources = {
  readonly cpus: number;
  readonly gpus: number;
  /** MB; more at each further attempt, as are minutes. */
  readonly memory: number;
  readonly minutes: number;
  /** Threads that it computes with. */
  readonly threads: number;
};

export type BatchPlan = {
  /** A name under data/, or a folder. */
  readonly data: string;
  readonly out: string;
  readonly resources: Resources;
  readonly batches: readonly Batch[];
};

/**
 * Least seconds of work of a job, if all trainings take all their passes; they take at least a third of them in the mean of a plan.
 * Starting a job costs 6 to 16 s: less than 5 % of its work.
 */
const WORTH = 960;

/**
 * Batches of the missing jobs: one for each trunk, and one for experiments of the same trunk that together are worth a start.
 * `secondsOf` is the time of a job.
 */
export function batchesOf(jobs: readonly Job[], secondsOf: (job: Job) => number): Batch[] {
  const left = new Set(jobs.map(stemIn));
  const groups = grouped<Job, Job | string>(jobs, (job) => (isTrunk(job) ? job : startsOf(job)[0]));
  const slices = groups.flatMap(([, group]) => cut(group, secondsOf));
  return slices.map((slice) => batchOf(slice, left));
}

const isTrunk = ({ record }: Job) => record.kind === 'trunk';

/** Slices in order, each just long enough. */
function cut(jobs: readonly Job[], secondsOf: (job: Job) => number): Job[][] {
  const slices: Job[][] = [];
  let seconds = WORTH;
  for (const job of jobs) {
    if (seconds >= WORTH) {
      slices.push([]);
      seconds = 0;
    }
    slices[slices.length - 1].push(job);
    seconds += secondsOf(job);
  }
  return slices;
}

function batchOf(jobs: readonly Job[], left: ReadonlySet<string>): Batch {
  const documents = jobs.map(stemIn);
  const trunks = new Set(jobs.map((job) => startsOf(job)[0]));
  const starts = new Set(jobs.flatMap(startsOf));
  const [first] = jobs;
  const about = isTrunk(first) ? first.label : `experiments_s${first.record.seed}`;
  return {
    name: `${about}_${fingerprint(documents)}`.replace(/\W+/g, '_'),
    jobs,
    documents,
    // Documents of one batch are made in order; others that are not missing are there.
    needs: [...starts]
      .filter((stem) => left.has(stem) && !documents.includes(stem))
      .flatMap((stem) => filesOf(stem, trunks.has(stem))),
    makes: documents.flatMap((stem) => filesOf(stem, isTrunk(first))),
  };
}

/** The document is written last. */
const filesOf = (stem: string, isTrunk: boolean): string[] => [
  ...(isTrunk ? [`models/${stem}.safetensors`] : []),
  `results/${stem}.json`,
];
