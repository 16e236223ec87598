/** What planned experiments come to, known before anything is computed. */
import { stemOf } from '../documents/store';
import type { Planned } from '../methods/experiment';
import { UserError } from '../userError';
import { experimentJob } from './jobs/experimentJob';
import type { Job } from './jobs/job';
import { type Pair, pairsOf } from './jobs/pairs';
import { trunkJob } from './jobs/trunkJob';
import { trunksOf } from './jobs/trunks';
import { type RunOptions, type Session, seedsOf } from './session/session';

export type Plan = {
  readonly session: Session;
  readonly tasks: RunOptions['tasks'];
  readonly planned: readonly Planned[];
  readonly pairs: readonly Pair[];
  readonly seeds: readonly number[];
  /** Each trunk once, then each pair: what starts from a trunk comes after it. */
  readonly jobs: readonly Job[];
  readonly onProgress: RunOptions['onProgress'];
  readonly onTraining: RunOptions['onTraining'];
  /** What is computed before the rest; none if absent. */
  readonly first?: readonly Part[];
  readonly onDiverged: NonNullable<RunOptions['onDiverged']>;
};

/** What is computed before the rest, and who is told once it is there. */
export type Part = {
  /** Stems of documents. */
  readonly stems: ReadonlySet<string>;
  readonly onThere: () => void;
};

/** One seed of a job, by the job's place in its plan. */
export type Unit = { readonly place: number; readonly seed: number };

/** Leaves the documents of units of a plan. */
export type Compute = (plan: Plan, left: readonly Unit[]) => Promise<void>;

/** Throws a UserError for a plan that is none. */
export function planOf(options: RunOptions, planned: readonly Planned[]): Plan {
  const { data, tasks, preset, out, signal, codes = {} } = options;
  const { onProgress, onTraining, onDiverged = refuse } = options;
  const pairs = pairsOf(tasks, planned);
  const session: Session = { data, preset, out, signal, codes };
  const jobs = [
    ...trunksOf(preset, pairs).map((trunk) => trunkJob(session, trunk)),
    ...pairs.map((pair) => experimentJob(session, pair)),
  ];
  const seeds = seedsOf(options);
  return { session, tasks, planned, pairs, seeds, jobs, onProgress, onTraining, onDiverged };
}

function refuse(sentences: readonly string[]): never {
  throw new UserError(sentences.join('\n'));
}

/** The name of a unit's document, without ending. */
export const stemIn = ({ jobs }: Plan, { place, seed }: Unit): string => stemOf(jobs[place].keyOf(seed));

/** The same of the trunk that it starts from, if it starts from one. */
export function trunkIn({ jobs }: Plan, { place, seed }: Unit): string | undefined {
  const trunk = jobs[place].trunkOf(seed);
  return trunk && stemOf(trunk);
}

/** All of a plan, job by job. */
export const unitsOf = ({ jobs, seeds }: Plan): Unit[] =>
  jobs.flatMap((_, place) => seeds.map((seed) => ({ place, seed })));

/** What there is no document of. */
export const leftOf = (plan: Plan): Unit[] =>
  unitsOf(plan).filter(({ place, seed }) => plan.jobs[place].documentOf(seed) === undefined);
