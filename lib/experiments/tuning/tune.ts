/**
 * Tuning by successive halving (Jamieson & Talwalkar 2016): every method and opponent is tried at the same points, the preset's own
 * first, for a quarter of the passes; the better half goes on with half of them, the better half of those with all. What counts is
 * validation instances of choosing users, who are never tested.
 */
import { mean } from 'simple-statistics';
import { UserError } from '../../base/userError';
import type { Task } from '../../data/tasks/tasks';
import { resultsOf } from '../documents/completedRun';
import type { Result } from '../documents/document';
import { byKind, shortened } from '../methods/budgets';
import type { Experiment, FineTuning, Planned } from '../methods/experiment';
import { distinct } from '../methods/identity';
import type { Choice, Preset } from '../methods/presets';
import { tunedAs, withChoice } from '../methods/space';
import { pairsOf } from '../resolve/pairs';
import { type Job, resolve } from '../resolve/resolve';
import { completedRun, type RunOptions, runJobs, type Workers } from '../runs/run';
import type { TunedFile } from '../workbench/tuned';
import { choicesOf, spaceOf } from './points';

/** Seeds that are never reported. */
export const studySeeds = (count: number): number[] => Array.from({ length: count }, (_, i) => 101 + i);

/** Tasks by their names, each once, in the order of the data set. Throws a UserError for a name that none has. */
export function tasksNamed<T extends Pick<Task, 'name'>>(tasks: readonly T[], names: readonly string[]): T[] {
  const unknown = names.find((name) => !tasks.some((task) => task.name === name));
  if (unknown === undefined) return tasks.filter(({ name }) => names.includes(name));
  throw new UserError(
    `--tasks ${unknown}: expected some of ${tasks.map(({ name }) => name).join(', ')}, by commas`,
  );
}

type Kind = Task['kind'];
const KINDS = ['recommend', 'classify'] as const;

/** A method on tasks of a kind. */
type Tuned = { readonly experiment: Experiment; readonly kind: Kind };

/** A point of a method, undefined for the preset's own, and what came of it. */
export type Trial = Tuned & {
  readonly point: number;
  readonly choice: Choice | undefined;
  /** Mean over seeds and tasks of what the kept state is chosen by: the headline metric, or minus the log-loss of profiles. */
  readonly score: number;
  /** Scores of the first stage, where all points have as many passes. */
  readonly first: number;
  /** Its learning rate; undefined of what has none. */
  readonly rate: number | undefined;
  /** The last stage that it took part in. */
  readonly stage: number;
  /** Whether each training ended before its passes did: with more of them it would be the same. */
  readonly hasEnded: boolean;
};

export type Tuning = Pick<RunOptions, 'data' | 'out' | 'onProgress' | 'signal'> & {
  /** Of the data set: patches of tasks that are not tried are fused too. */
  readonly all: readonly Task[];
  /** Those that are tried. */
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  readonly methods: readonly Tuned[];
  readonly trials: number;
  readonly seeds: readonly number[];
  /** Compute what has no document yet; in this process if absent. */
  readonly workersFor?: Workers;
  /** Told before the jobs of a stage are computed here: a cluster may compute them first. */
  readonly onJobs?: (jobs: readonly Job[]) => Promise<void>;
  /** Told before each stage. */
  readonly onStage?: (stage: number, trials: number) => void;
};

/** Each planned method with something to choose, once for each kind of the tasks that are tried: shares of data are tuned alike. */
export function tunedMethods(
  { all, tasks }: Pick<Tuning, 'all' | 'tasks'>,
  planned: readonly Planned[],
): Tuned[] {
  const pairs = pairsOf(all, planned);
  return KINDS.filter((kind) => tasks.some((task) => task.kind === kind)).flatMap((kind) => {
    const ofKind = pairs.filter(({ task }) => task.kind === kind).map(({ experiment }) => whole(experiment));
    const canTry = (experiment: Experiment) =>
      !(experiment as Partial<FineTuning>).fused ||
      tasks.every((task) => task.kind !== kind || hasOthers(all, task));
    return distinct<Experiment>(ofKind)
      .filter((experiment) => Object.keys(spaceOf(experiment)).length > 0 && canTry(experiment))
      .map((experiment) => ({ experiment, kind }));
  });
}

/** Whether patches of other tasks can be fused with its own. */
const hasOthers = (all: readonly Task[], { name, source, kind }: Task) =>
  all.some((other) => other.name !== name && other.source === source && other.kind === kind);

/** The method with all of the data and of pre-training. */
function whole(experiment: Experiment): Experiment {
  const { training: _, ...rest } = experiment;
  if (rest.kind !== 'fine-tuning') return rest;
  const { pretraining: __, ...method } = rest;
  return method;
}

/** Shares of the passes that the stages take. */
export const STAGES = [1 / 4, 1 / 2, 1] as const;

type Point = Pick<Trial, 'experiment' | 'kind' | 'point' | 'choice'>;

/** All points of the first stage. */
export const pointsOf = ({ methods, trials }: Pick<Tuning, 'methods' | 'trials'>): Point[] =>
  methods.flatMap((method) =>
    choicesOf(method.experiment, trials).map((choice, point) => ({ ...method, point, choice })),
  );

/** The method of a point, as a plan knows it. */
const triedAs = ({ experiment, point }: Pick<Trial, 'experiment' | 'point'>): Experiment => ({
  ...experiment,
  id: `${experiment.id}-point-${point}`,
  label: `${experiment.label} at point ${point}`,
});

/** The preset of a stage: its share of all passes, and the choices of its points. */
function presetOfStage(preset: Preset, share: number, points: readonly Point[]): Preset {
  const short: Preset = {
    ...preset,
    ...byKind((kind) => shortened(preset[kind], share)),
    opponents: { ...preset.opponents, share },
  };
  return points.reduce((own, point) => withChoice(own, triedAs(point), point.kind, point.choice), short);
}

/** Tasks that all choosing users validate; nothing is tested. */
export const inTrial = (tasks: readonly Task[]): Task[] => tasks.map((task) => ({ ...task, trial: true }));

/** The jobs of a stage: all of its points at once. */
export function jobsOfStage(tuning: Tuning, stage: number, points: readonly Point[]): Job[] {
  const planned = KINDS.map((kind): Planned => {
    const ofKind = points.filter((point) => point.kind === kind);
    const on = tuning.tasks.filter((task) => task.kind === kind).map(({ name }) => name);
    return { on, experiments: ofKind.map(triedAs) };
  });
  const { data, seeds, all } = tuning;
  const preset = presetOfStage(tuning.preset, STAGES[stage], points);
  return resolve(planned, { data, seeds, preset, tasks: inTrial(all) });
}

/** Runs all stages, each from its documents where they are there. */
export async function tune(tuning: Tuning): Promise<Trial[]> {
  let field: readonly (Point & Partial<Trial>)[] = pointsOf(tuning);
  const found = new Map<string, Trial>();
  const running = {
    ...tuning,
    tasks: inTrial(tuning.all),
    onDiverged: (lines: readonly string[]) => console.log(lines.join('\n')),
  };
  for (const stage of STAGES.keys()) {
    const open = field.filter(({ hasEnded = false }) => !hasEnded);
    tuning.onStage?.(stage, open.length);
    const jobs = jobsOfStage(tuning, stage, open);
    await tuning.onJobs?.(jobs);
    const { results } = completedRun(await runJobs(jobs, running, tuning.workersFor), running);
    const tried = field.map((point): Trial => {
      if (point.hasEnded) return { ...(point as Trial), stage };
      const found = scoreOf(results, tuning, point);
      return { first: found.score, ...point, ...found, stage };
    });
    for (const trial of tried) found.set(nameOf(trial), trial);
    field = byMethod(tried).flatMap((own) =>
      [...own].sort((a, b) => b.score - a.score).slice(0, Math.ceil(own.length / 2)),
    );
  }
  return [...found.values()];
}

const nameOf = (trial: Trial) => JSON.stringify([nameOfMethod(trial), trial.point]);

/** The scores of a point, its rate, and whether it ended before its evaluations did; −∞ where a training diverged. */
function scoreOf(results: readonly Result[], { tasks, seeds }: Tuning, point: Point) {
  const runs = resultsOf(results, triedAs(point));
  const own = tasks.filter((task) => task.kind === point.kind);
  const scores = own.flatMap(({ name, metric }) => {
    const valid = runs.filter(({ task }) => task === name).map(({ metrics }) => metrics.valid);
    return valid.map((found) => (point.kind === 'classify' ? -found.LogLoss : found[metric]));
  });
  const recordIn = ({ declaration }: Result) =>
    declaration as { readonly rate?: number; readonly evaluations?: number };
  return {
    score: scores.length === own.length * seeds.length ? mean(scores) : Number.NEGATIVE_INFINITY,
    rate: runs.map((run) => recordIn(run).rate).find((rate) => rate !== undefined),
    hasEnded: runs.every((run) => run.curve.length < (recordIn(run).evaluations ?? 1)),
  };
}

const nameOfMethod = ({ kind, experiment }: Tuned) => JSON.stringify([kind, tunedAs(experiment)]);

/** The trials of each method on tasks of a kind, in their order. */
export const byMethod = <T extends Trial>(trials: readonly T[]): T[][] =>
  [...new Set(trials.map(nameOfMethod))].map((name) => trials.filter((one) => nameOfMethod(one) === name));

/** Of those that came furthest; the earliest of equals. */
export function bestOf(trials: readonly Trial[]): Trial {
  const last = Math.max(...trials.map(({ stage }) => stage));
  return trials
    .filter(({ stage }) => stage === last)
    .reduce((best, trial) => (trial.score > best.score ? trial : best));
}

/** Of each method and kind of task. */
export const bestTrials = (trials: readonly Trial[]): Trial[] => byMethod(trials).map(bestOf);

/** The choices that are kept, empty for the preset's own. */
export function tunedFile(
  { data, preset, tasks, trials, seeds }: Pick<Tuning, 'data' | 'preset' | 'tasks' | 'trials' | 'seeds'>,
  best: readonly Trial[],
): TunedFile {
  const of = (wanted: Kind) => {
    const own = best.filter(({ kind }) => kind === wanted);
    return Object.fromEntries(own.map(({ experiment, choice }) => [tunedAs(experiment), choice ?? {}]));
  };
  return {
    ...{ data, preset: preset.name, trials, stages: STAGES.length, seeds },
    tasks: tasks.map(({ name }) => name),
    ...byKind(of),
  };
}
