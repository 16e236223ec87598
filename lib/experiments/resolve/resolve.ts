/** All trainings that experiments come to, each as one record: nothing below this knows presets. */
import type { Task } from '../../data/tasks/tasks';
import { type Result, stemOf } from '../documents/document';
import type { Experiment, FineTuning, Planned } from '../methods/experiment';
import { identityOf, type Method, percentOf } from '../methods/identity';
import type { Preset } from '../methods/presets';
import { withShares } from '../records/fingerprints';
import {
  type FineTuningRecord,
  nameOf,
  PRETRAINING_METRIC,
  type TrainingRecord,
  type TrunkRecord,
  type Unseeded,
} from '../records/record';
import { trunkRecord } from '../records/trunks';
import { type Codes, codeOf } from './codes';
import { type Pair, pairsOf, withFused } from './pairs';
import { type Resolved, taskRecord } from './tasks';

/** Description of a training in its document besides the record: names for people, which decide no number. */
export type About = Pick<
  Result,
  'data' | 'task' | 'metric' | 'experiment' | 'method' | 'trunk' | 'training' | 'pretraining' | 'preset'
> & {
  /** The experiment as it was declared; absent for a trunk. */
  readonly declared?: Experiment;
};

/** One training as plain data: a line of JSON for workers, notebooks and clusters. */
export type Job = {
  readonly record: TrainingRecord;
  readonly about: About;
  readonly label: string;
  /** Over the training data, at most; 0 if it takes no step. */
  readonly passes: number;
};

/** Data, preset and seeds that experiments run on. */
export type Circumstances = {
  /** Name of the data set. */
  readonly data: string;
  /** All tasks of the data set. */
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  /** How many seeds, from 1 on; or which. */
  readonly seeds: number | readonly number[];
};

/** Seeds 1 to n if a number is given. */
export const seedsOf = ({ seeds }: Pick<Circumstances, 'seeds'>): readonly number[] =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;

/** Names the document of a job, and the weights that it leaves. */
export const stemIn = ({ record, about: { task, experiment } }: Job): string =>
  stemOf({ task, experiment, hash: nameOf(record), seed: record.seed });

/** Stems of the documents whose weights a job starts from: a trunk, then patches that it fuses. */
export function startsOf({ record }: Job): readonly string[] {
  if (record.kind !== 'fine-tuning' || record.from === null) return [];
  return [record.from, ...record.fusedFrom];
}

/** The id of pre-training in documents. */
const PRETRAIN = 'pretrain';

/** Whether a document is one of pre-training. */
export const isTrunk = ({ experiment }: { readonly experiment: string }): boolean => experiment === PRETRAIN;

/** Resolves the pairs of one run. */
class Resolver {
  private readonly codes: Codes = {};
  /** Each trunk and seed once, by source, trunk, share and seed. */
  readonly trunks = new Map<string, Job>();
  private readonly known = new Map<Pair, Resolved>();

  constructor(private readonly on: Circumstances) {}

  /** A record with its seed and the digest of its code. */
  private seeded<R extends TrainingRecord>(record: Unseeded<R>, seed: number): R {
    const code = codeOf(record as Unseeded<TrainingRecord>, this.codes);
    return { ...record, seed, code } as unknown as R;
  }

  private about(method: Method, task: string, metric: string): About {
    const { data, preset } = this.on;
    const { id, label, trunk, training = 1, pretraining = 1 } = method;
    const shown = { experiment: id, method: label, trunk, training, pretraining };
    return { data, task, metric, ...shown, preset: preset.name };
  }

  /** The trunk that a method starts from. */
  private trunkOf(
    { source }: Task,
    { trunk, pretraining: share = 1, halves = 0 }: FineTuning,
    seed: number,
  ): Job {
    const name = JSON.stringify([source.name, trunk, share, halves, seed]);
    const known = this.trunks.get(name);
    if (known) return known;
    const { record, passes } = trunkRecord(source, this.on.preset, trunk, share, halves);
    const part = `${share === 1 ? '' : `, ${percentOf(share)} of the users`}${halves ? ', by halves too' : ''}`;
    const method = { id: PRETRAIN, label: 'pre-training', trunk, pretraining: share };
    const job: Job = {
      record: this.seeded<TrunkRecord>(record, seed),
      about: this.about(method, record.source, PRETRAINING_METRIC),
      label: `${trunk} pre-training on the source of ${record.source}${part}, seed ${seed}`,
      passes,
    };
    this.trunks.set(name, job);
    return job;
  }

  /** One seed of an experiment on a task. */
  jobOf(pair: Pair, seed: number): Job {
    const { task, experiment } = pair;
    const { record, passes } = this.recordOf(pair);
    const starts: Partial<FineTuningRecord> =
      experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained'
        ? {
            from: stemIn(this.trunkOf(task, experiment, seed)),
            fusedFrom: (pair.fused ?? []).map((other) => stemIn(this.jobOf(other, seed))),
          }
        : {};
    return {
      record: this.seeded<TrainingRecord>({ ...record, ...starts } as typeof record, seed),
      about: { ...this.about(experiment, task.name, task.metric), declared: experiment },
      label: `${task.name}, ${experiment.label}, seed ${seed}`,
      passes,
    };
  }

  /** All seeds of a pair share it. */
  private recordOf(pair: Pair) {
    const { task, experiment } = pair;
    const found =
      this.known.get(pair) ??
      taskRecord(withShares(task, experiment.training ?? 1, false), experiment, this.on.preset);
    this.known.set(pair, found);
    return found;
  }
}

/**
 * The trainings of planned experiments: each trunk once, source by source, before what starts from it. Throws a UserError that names
 * what cannot be planned.
 */
export function resolve(planned: readonly Planned[], on: Circumstances): Job[] {
  const resolver = new Resolver(on);
  const pairs = withFused(on.tasks, pairsOf(on.tasks, planned));
  const jobs = pairs.flatMap((pair) => seedsOf(on).map((seed) => resolver.jobOf(pair, seed)));
  const trunks = [...resolver.trunks.values()];
  const sources = [...new Set(trunks.map(({ about }) => about.task))];
  return [...sources.flatMap((source) => trunks.filter(({ about }) => about.task === source)), ...jobs];
}

/** Out of resolved jobs those that some of the plans asked for, with all that they start from. */
export function jobsOf(jobs: readonly Job[], tasks: readonly Task[], planned: readonly Planned[]): Job[] {
  const nameOf = (task: string, method: Method) => JSON.stringify([task, identityOf(method)]);
  const wanted = new Set(
    pairsOf(tasks, planned).map(({ task, experiment }) => nameOf(task.name, experiment)),
  );
  const isWanted = ({ about: { task, declared } }: Job) => declared && wanted.has(nameOf(task, declared));
  const byStem = new Map(jobs.map((job) => [stemIn(job), job]));
  const found = new Set<Job>();
  const add = (job: Job) => {
    for (const stem of startsOf(job)) add(byStem.get(stem) as Job);
    found.add(job);
  };
  for (const job of jobs.filter(isWanted)) add(job);
  return jobs.filter((job) => found.has(job));
}

/** The job of an experiment on a task for one seed. */
export const resolveOne = (
  task: Task,
  experiment: Experiment,
  on: Omit<Circumstances, 'tasks' | 'seeds'>,
  seed: number,
): Job => new Resolver({ ...on, tasks: [task], seeds: [seed] }).jobOf({ task, experiment }, seed);
