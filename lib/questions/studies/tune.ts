/**
 * Tuning: tries every method and opponent at the same number of points, known beforehand, the preset's own first, and keeps the
 * best on validation data of seeds that are never reported.
 */
import { mean } from 'simple-statistics';
import { UserError } from '../../base/userError';
import type { Task } from '../../data/tasks/tasks';
import { sobolPoints } from '../../engine/quasiRandom';
import type { Result } from '../../experiments/documents/document';
import { resultsOf } from '../../experiments/documents/ran';
import type { Experiment, Planned } from '../../experiments/methods/experiment';
import { distinct } from '../../experiments/methods/identity';
import type { Choice, Preset } from '../../experiments/methods/presets';
import { choiceAt, spaceOf, tunedAs, withChoice } from '../../experiments/methods/space';
import type { Compute } from '../../experiments/runs/plan';
import { pairsOf } from '../../experiments/runs/plan';
import { run } from '../../experiments/runs/run';
import type { RunOptions } from '../../experiments/runs/session';
import type { TunedFile } from '../../experiments/runs/tuned';
import { columnsOf, type Table } from '../../report/table/table';

/** Seeds that are never reported. */
export const studySeeds = (count: number): number[] => Array.from({ length: count }, (_, i) => 101 + i);
/** Share of the training part that joins validation. */
const HELD_OUT = 0.2;

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

/** A point of a method, undefined for the preset's own, and its score. */
export type Trial = Tuned & {
  readonly choice: Choice | undefined;
  /** Mean over seeds and tasks of the headline metric on validation data. */
  readonly score: number;
};

export type Tuning = Pick<RunOptions, 'data' | 'out' | 'onProgress' | 'signal'> & {
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  readonly methods: readonly Tuned[];
  readonly trials: number;
  readonly seeds: readonly number[];
  /** Computes what has no document yet; in this process if absent. */
  readonly compute?: Compute;
  /** Told before each round of trials. */
  readonly onRound?: (round: number) => void;
};

/** Each planned method with something to choose, once for each kind of the tasks that are tried: shares of data are tuned alike. */
export function tunedMethods(
  { all, tried }: { readonly all: readonly Task[]; readonly tried: readonly Task[] },
  planned: readonly Planned[],
): Tuned[] {
  const pairs = pairsOf(all, planned);
  return KINDS.filter((kind) => tried.some((task) => task.kind === kind)).flatMap((kind) => {
    const ofKind = pairs.filter(({ task }) => task.kind === kind).map(({ experiment }) => whole(experiment));
    return distinct(ofKind)
      .filter((experiment) => Object.keys(spaceOf(experiment)).length > 0)
      .map((experiment) => ({ experiment, kind }));
  });
}

/** The method with all of the data and of pre-training. */
function whole(experiment: Experiment): Experiment {
  const { training: _, ...rest } = experiment;
  if (rest.kind !== 'fine-tuning') return rest;
  const { pretraining: __, ...method } = rest;
  return method;
}

/** The choices of a method, one for each trial. */
export function choicesOf(experiment: Experiment, trials: number): readonly (Choice | undefined)[] {
  const space = spaceOf(experiment);
  const points = trials > 1 ? sobolPoints(Object.keys(space).length, trials - 1) : [];
  return [undefined, ...points.map((point) => choiceAt(space, point))];
}

/** Runs all trials, round by round, each from its documents where they are there. */
export async function tune(tuning: Tuning): Promise<Trial[]> {
  const { trials, onRound } = tuning;
  const tasks = tuning.tasks.map((task) => ({ ...task, heldOut: HELD_OUT }));
  const found: Trial[] = [];
  for (let round = 0; round < trials; round++) {
    onRound?.(round);
    found.push(...(await runRound({ ...tuning, tasks }, round)));
  }
  return found;
}

/** One trial of each method. */
async function runRound(tuning: Tuning, round: number): Promise<Trial[]> {
  const { methods } = tuning;
  const chosen = methods.map((method) => ({
    ...method,
    choice: choicesOf(method.experiment, tuning.trials)[round],
  }));
  const preset = chosen.reduce(
    (own, { experiment, kind, choice }) => withChoice(own, experiment, kind, choice),
    tuning.preset,
  );
  const planned = KINDS.map((kind): Planned => {
    const ofKind = methods.filter((method) => method.kind === kind);
    return { on: kind, experiments: ofKind.map(({ experiment }) => experiment) };
  });
  const onDiverged = (sentences: readonly string[]) => console.log(sentences.join('\n'));
  const { results } = await run({ ...tuning, preset, onDiverged }, planned, tuning.compute);
  return chosen.map((trial) => ({ ...trial, score: scoreOf(results, tuning, trial) }));
}

/** Mean of the headline metric; −∞ where a training diverged. */
function scoreOf(results: readonly Result[], tuning: Tuning, { experiment, kind }: Tuned): number {
  const runs = resultsOf(results, experiment);
  const scores = tuning.tasks
    .filter((task) => task.kind === kind)
    .map(({ name, metric }) => {
      const found = (seed: number) => runs.find((result) => result.task === name && result.seed === seed);
      return mean(tuning.seeds.map((seed) => found(seed)?.metrics.valid[metric] ?? Number.NEGATIVE_INFINITY));
    });
  return mean(scores);
}

/** The trials of each method on tasks of a kind, in their order. */
function byMethod(trials: readonly Trial[]): Trial[][] {
  const nameOf = ({ kind, experiment }: Trial) => JSON.stringify([kind, tunedAs(experiment)]);
  return [...new Set(trials.map(nameOf))].map((name) => trials.filter((one) => nameOf(one) === name));
}

/** The earliest of equals. */
const bestOf = (trials: readonly Trial[]): Trial =>
  trials.reduce((best, trial) => (trial.score > best.score ? trial : best));

/** Of each method and kind of task. */
export const bestTrials = (trials: readonly Trial[]): Trial[] => byMethod(trials).map(bestOf);

/** The choices that are kept: of methods that are best with another budget than the preset's. */
export function tunedFile(
  { data, preset, tasks, trials, seeds }: Pick<Tuning, 'data' | 'preset' | 'tasks' | 'trials' | 'seeds'>,
  best: readonly Trial[],
): TunedFile {
  const of = (wanted: Kind) =>
    Object.fromEntries(
      best.flatMap(({ experiment, kind, choice }) =>
        kind === wanted && choice ? [[tunedAs(experiment), choice] as const] : [],
      ),
    );
  return {
    ...{ data, preset: preset.name, trials, seeds },
    tasks: tasks.map(({ name }) => name),
    recommend: of('recommend'),
    classify: of('classify'),
  };
}

const KIND_NAMES = { recommend: 'recommendation', classify: 'profiles' } as const;

/** A row a method and kind of task: bounds, choice, and its score beside that of the preset's own point. */
export function tuningTable(
  trials: readonly Trial[],
  { data, tasks, seeds }: Pick<Tuning, 'data' | 'tasks' | 'seeds'>,
): Table {
  return {
    name: 'tuning',
    caption: `What was chosen on validation data of ${data} (${tasks.map(({ name }) => name).join(', ')}; ${seeds.length === 1 ? '1 seed' : `${seeds.length} seeds`}), and within which bounds.`,
    columns: columnsOf({
      ...{ kind: 'Tasks', method: 'Method', trunk: 'Trunk', trials: 'Trials', bounds: 'Bounds' },
      ...{ chosen: 'Chosen', own: ['Preset’s own', 4], score: ['Best', 4] },
    }),
    rows: byMethod(trials).map((own) => {
      const { experiment, kind, choice, score } = bestOf(own);
      return {
        kind: KIND_NAMES[kind],
        method: experiment.label,
        trunk: experiment.trunk === 'none' ? '–' : experiment.trunk,
        trials: own.length,
        bounds: boundsOf(experiment),
        chosen: choice ? wordsOf(choice) : 'as in the preset',
        own: own[0].score,
        score,
      };
    }),
    note:
      `Scores are means over the tasks of a kind, of ${[...new Set(tasks.map(({ metric }) => metric))].join(', ')}. Points are those ` +
      'of Sobol’s sequence, the preset’s own first. A fifth of the training part joins validation; nothing is tested.',
  };
}

const boundsOf = (experiment: Experiment) =>
  Object.entries(spaceOf(experiment))
    .map(([name, { from, to, scale }]) => `${name} ${from} to ${to}${scale === 'log' ? ', log' : ''}`)
    .join('; ');

const wordsOf = (choice: Choice) =>
  Object.entries(choice)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
