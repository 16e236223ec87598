/** What planned experiments come to: jobs and units, each of which is read or computed seed by seed. */
import { UserError } from '../../base/userError';
import { stemOf } from '../documents/document';
import type { Planned } from '../methods/experiment';
import { sizedAs } from '../methods/space';
import type { Pair } from './declaration';
import { experimentJob, type Job, trunkJob } from './jobs';
import { pairsOf, trunksOf, withFused } from './pairs';
import { type RunOptions, type Session, seedsOf } from './session';

export type Plan = {
  readonly session: Session;
  readonly tasks: RunOptions['tasks'];
  readonly planned: readonly Planned[];
  readonly pairs: readonly Pair[];
  readonly seeds: readonly number[];
  /** Each trunk once, then each pair: a trunk stands before what starts from it. */
  readonly jobs: readonly Job[];
  readonly onProgress: RunOptions['onProgress'];
  readonly onTraining: RunOptions['onTraining'];
  /** Computed before the rest, in this order. */
  readonly first?: readonly Stage[];
  readonly onDiverged: NonNullable<RunOptions['onDiverged']>;
};

/** Documents by their stems; `onThere` is called once all are there or have diverged. */
export type Stage = { readonly stems: ReadonlySet<string>; readonly onThere: () => void };

/** One seed of a job, by the job's index in its plan. */
export type Unit = { readonly place: number; readonly seed: number };

/** Writes the documents of units of a plan. */
export type Compute = (plan: Plan, left: readonly Unit[]) => Promise<void>;

/** Throws a UserError that names what cannot be planned. */
export function planOf(options: RunOptions, planned: readonly Planned[]): Plan {
  const { data, tasks, preset, out, signal, codes = {} } = options;
  const { onProgress, onTraining, onDiverged = refuse } = options;
  const pairs = withFused(
    tasks,
    pairsOf(tasks, planned).map(({ task, experiment }) => ({
      task,
      experiment: sizedAs(experiment, preset, task.kind),
    })),
  );
  const session: Session = { data, preset, out, signal, codes };
  const jobs = [
    ...trunksOf(preset, pairs).map((trunk) => trunkJob(session, trunk)),
    ...pairs.map((pair) => experimentJob(session, pair)),
  ];
  const seeds = seedsOf(options);
  return { session, tasks, planned, pairs, seeds, jobs, onProgress, onTraining, onDiverged };
}

const refuse = (sentences: readonly string[]): never => {
  throw new UserError(sentences.join('\n'));
};

/** The name of a unit's document, without ending. */
export const stemIn = ({ jobs }: Plan, { place, seed }: Unit): string => stemOf(jobs[place].keyOf(seed));

/** The same of the trunk that it starts from, if it starts from one. */
export function trunkIn({ jobs }: Plan, { place, seed }: Unit): string | undefined {
  const trunk = jobs[place].trunkOf(seed);
  return trunk && stemOf(trunk);
}

/** The names of all that it starts from. */
export const startsOf = (plan: Plan, unit: Unit): string[] => [
  ...[trunkIn(plan, unit)].filter((stem) => stem !== undefined),
  ...plan.jobs[unit.place].othersOf(unit.seed).map(stemOf),
];

/** All of a plan, job by job. */
export const unitsOf = ({ jobs, seeds }: Plan): Unit[] =>
  jobs.flatMap((_, place) => seeds.map((seed) => ({ place, seed })));

/** Units without a document. */
export const leftOf = (plan: Plan): Unit[] =>
  unitsOf(plan).filter(({ place, seed }) => plan.jobs[place].documentOf(seed) === undefined);
