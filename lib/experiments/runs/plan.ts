/** What planned experiments come to, before anything is computed. */
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../base/userError';
import type { Task } from '../../data/tasks/tasks';
import { stemOf } from '../documents/store';
import { chooseTasks } from '../methods/chosenTasks';
import { requireDeclared } from '../methods/declared';
import { drawsNegatives, type Experiment, type Planned } from '../methods/experiment';
import { identityOf, requireMethod } from '../methods/identity';
import type { Preset } from '../methods/presets';
import type { PretrainingSetting } from '../recipes/settings';
import { type Pair, trunkOf } from './declaration';
import { experimentJob, type Job, trunkJob } from './job';
import { type RunOptions, type Session, seedsOf } from './session';
import type { Workload } from './workload';

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

/** Documents by their stems; `onThere` is called once all are there. */
export type Stage = { readonly stems: ReadonlySet<string>; readonly onThere: () => void };

/** One seed of a job, by the job's index in its plan. */
export type Unit = { readonly place: number; readonly seed: number };

/** Writes the documents of units of a plan. */
export type Compute = (plan: Plan, left: readonly Unit[]) => Promise<void>;

/** Throws a UserError that names what cannot be planned. */
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

/** Units without a document. */
export const leftOf = (plan: Plan): Unit[] =>
  unitsOf(plan).filter(({ place, seed }) => plan.jobs[place].documentOf(seed) === undefined);

/** What units of a plan train, without those that take seconds. */
export const workloadsOf = ({ jobs }: Plan, units: readonly Unit[]): Workload[] =>
  units.flatMap(({ place }) => jobs[place].workload ?? []);

/** The trunks to pre-train, source by source: one for each source, direction and share of the steps. */
export function trunksOf(preset: Preset, pairs: readonly Pair[]): PretrainingSetting[] {
  const isSame = (a: PretrainingSetting, b: PretrainingSetting) =>
    a.source === b.source && a.shape.direction === b.shape.direction && a.share === b.share;
  const found: PretrainingSetting[] = [];
  for (const pair of pairs) {
    const trunk = trunkOf(preset, pair);
    if (trunk && !found.some((other) => isSame(other, trunk))) found.push(trunk);
  }
  const sources = [...new Set(found.map(({ source }) => source))];
  return sources.flatMap((source) => found.filter((trunk) => trunk.source === source));
}

/**
 * Every experiment on every task that it is planned for, each pair once. Throws a UserError that names an experiment which is
 * planned twice, is invalid, or is declared differently by two plans.
 */
export function pairsOf(tasks: readonly Task[], planned: readonly Planned[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const { on, experiments } of planned) {
    requireEachOnce(experiments);
    for (const task of chooseTasks(tasks, on).tasks) {
      for (const experiment of experiments.filter((one) => isFor(task, one))) {
        const key = JSON.stringify([task.name, identityOf(experiment)]);
        const known = found.get(key);
        requireEffect(task, experiment);
        if (known) requireSame(known.experiment, experiment);
        else found.set(key, { task, experiment });
      }
    }
  }
  return [...found.values()];
}

/** The most frequent label has a name for each kind of task. */
const isFor = ({ kind }: Task, experiment: Experiment) =>
  experiment.kind !== 'most frequent' || experiment.of === kind;

function requireEachOnce(experiments: readonly Experiment[]): void {
  const seen = new Set<string>();
  for (const experiment of experiments) {
    requireMethod(experiment, 'experiments');
    requireDeclared(experiment);
    const identity = identityOf(experiment);
    if (seen.has(identity))
      throw new UserError(`${identity} stands twice among the experiments; expected each id once on a trunk`);
    seen.add(identity);
  }
}

function requireEffect(task: Task, experiment: Experiment): void {
  if (experiment.kind !== 'fine-tuning' || !experiment.negatives || drawsNegatives(task, experiment)) return;
  throw new UserError(
    `${identityOf(experiment)} on ${task.name}: negatives ${experiment.negatives.name}: expected a loss that samples negatives`,
  );
}

function requireSame(one: Experiment, other: Experiment): void {
  if (!isDeepStrictEqual({ ...one, label: '' }, { ...other, label: '' }))
    throw new UserError(`${identityOf(one)} is declared in two ways; expected an id of its own for each`);
}
