/** A run under way: what it was asked for, how it reports, where trainings resume, and what documents say of it. */
import fs from 'node:fs';
import os from 'node:os';
import type { Task } from '../../data/tasks/tasks';
import { backend, device, tf, threads } from '../../engine/native';
import { bf16, isa } from '../../engine/ops/kernels';
import { countWeights, leavesIn, type Tree, type Weight } from '../../engine/weights';
import type { Metrics } from '../../metrics/metrics';
import { reciprocalRank } from '../../metrics/ranking';
import { addedBy } from '../../model/files/patchFile';
import { type TrunkShape, type TrunkWeights, weightsOf } from '../../model/trunks/trunk';
import type { UserModelWeights } from '../../model/userModel';
import { inProject } from '../../setup/tools/project';
import { metricsOf } from '../../training/evaluate';
import type { CurvePoint, StepTaken, Watch } from '../../training/fit';
import type { TaskOutcomes } from '../../training/fitTask';
import { checkpointsOf, removeCheckpoint } from '../documents/checkpoint';
import {
  type InstanceRow,
  type Key,
  outcomeRows,
  type ParameterAccount,
  type Result,
  SCHEMA,
  store,
} from '../documents/document';
import { eventsOf } from '../documents/events';
import type { Baseline, Experiment, FineTuning } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { fineTuningRecipe } from '../recipes/finetune';
import { selectionOf } from '../recipes/frozen';
import { mostFrequent, opponentRecipe } from '../recipes/opponents';
import { pretrainingRecipe } from '../recipes/pretrain';
import type { Recipe } from '../recipes/settings';
import { type PretrainingSetting, trunkShape, tuningOf } from '../recipes/settings';
import type { Codes } from './codes';
import type { Subject } from './declaration';

export type Progress = {
  readonly label: string;
  /** Documents finished, and those under way by their share of steps. */
  readonly done: number;
  readonly total: number;
  /** Estimated share of the time that has passed, 0 to 1; done / total if absent. */
  readonly share?: number;
};

export type RunOptions = {
  /** Name of the data set. */
  readonly data: string;
  /** All tasks of the data set. */
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  /** How many seeds are run, from 1 on; or which. */
  readonly seeds: number | readonly number[];
  readonly out: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Told of diverged trainings, a sentence each, after all else is computed; a UserError if absent. */
  readonly onDiverged?: ((sentences: readonly string[]) => void) | undefined;
  /** Stops within one step; finished documents stay. */
  readonly signal?: AbortSignal | undefined;
  readonly onTraining?: OnTraining | undefined;
  /** Fingerprints of code, if known already. */
  readonly codes?: Codes | undefined;
};

/** Told of each step, evaluation and end of a training, and by whom it is made: one training at a time. */
export type OnTraining = (by: Pausable, label: string, moment: Moment | 'ended') => void;

/** Who can be paused. */
export type Pausable = { readonly pause: (isPaused: boolean) => void };

/** The part of a run that computes a document. */
export type Session = Pick<RunOptions, 'data' | 'preset' | 'out' | 'signal'> & {
  readonly codes: Codes;
  readonly onShare?: OnShare | undefined;
  /** Pauses trainings. */
  readonly paused?: (() => Promise<void> | undefined) | undefined;
};

/** A training after a step or, with its point of the curve, after an evaluation. */
export type Moment = {
  readonly step: number;
  readonly steps: number;
  /** The metric that evaluations are reported by. */
  readonly metric: string;
  /** The last step. */
  readonly taken?: StepTaken;
  readonly point?: CurvePoint;
  /** Resident bytes of the process that trains; of this one if absent. */
  readonly memory?: number;
};

/** Told of the training under way and of the share of its steps that is taken. */
export type OnShare = (label: string, share: number, moment?: Moment) => void;

/** Seeds 1 to n if a number is given. */
export const seedsOf = ({ seeds }: Pick<RunOptions, 'seeds'>): readonly number[] =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;

type Training = Pick<Moment, 'steps' | 'metric'> & Pick<Result, 'startedFrom'> & { readonly label: string };

/** Connects a training to its session: reports, pause, stop and checkpoints. */
export function watch(session: Session, key: Key, { label, steps, metric, startedFrom }: Training): Watch {
  const { onShare, paused, signal } = session;
  let last: StepTaken | undefined;
  const tell = (step: number, more?: Pick<Moment, 'point'>) =>
    onShare?.(label, step / steps, { step, steps, metric, ...(last ? { taken: last } : {}), ...more });
  const events = eventsOf(session.out, key);
  const checkpoints = checkpointsOf(session.out, key, {
    environment: environmentOf(key.declaration),
    ...(startedFrom === undefined ? {} : { startedFrom }),
  });
  return {
    onStep: (step, taken) => {
      last = taken;
      tell(step);
    },
    onPoint: (point) => {
      events?.add(point);
      tell(point.step, { point });
    },
    ...(paused ? { hand: { paused, stops: () => false } } : {}),
    signal,
    checkpoints: {
      ...checkpoints,
      last: () => {
        const found = checkpoints.last();
        events?.begin(found?.progress.curve ?? []);
        return found;
      },
    },
  };
}

/** What a number may depend on besides its declaration; `source` is the declared code. */
export function environmentOf(declaration: {
  readonly code?: unknown;
  readonly precision?: unknown;
}): Result['environment'] {
  const { version }: { version: string } = JSON.parse(fs.readFileSync(inProject('package.json'), 'utf8'));
  const versions = {
    project: version,
    node: process.versions.node,
    tfjs: tf.version_core,
    tensorflow: backend.binding.TF_Version,
  };
  const kernels = declaration.precision === 'bf16' ? `${isa()}, bf16 by ${bf16()}` : isa();
  const source = String(declaration.code);
  return { versions, device: device(), processor: os.cpus()[0]?.model.trim(), threads, kernels, source };
}

/** What a document says of its subject. */
export const aboutOf = (
  { data, preset }: Pick<Session, 'data' | 'preset'>,
  { task, metric, method }: Subject,
) => ({
  schema: SCHEMA,
  data,
  task,
  metric,
  experiment: method.id,
  method: method.label,
  trunk: method.trunk,
  training: method.training ?? 1,
  pretraining: method.pretraining ?? 1,
  preset: preset.name,
});

/** What a training measured, with the rows beside its document; the rest follows from its subject and key. */
type Measured = Pick<Result, 'metrics' | 'parameters' | 'curve' | 'stoppedAt' | 'seconds'> & {
  readonly rows: readonly InstanceRow[];
};

/** Writes a document with its rows, and removes the checkpoint of its training. */
export function save(
  session: Session,
  subject: Subject,
  key: Key,
  { rows, ...measured }: Measured & Pick<Result, 'startedFrom' | 'left'>,
): void {
  const { seed, declaration } = key;
  const own = { seed, ...measured, environment: environmentOf(declaration), declaration };
  store(session.out, key, { ...aboutOf(session, subject), ...own }, rows);
  removeCheckpoint(session.out, key);
}

type UserModel = UserModelWeights<Weight>;

/** A model before and after fine-tuning. */
export type Models = { readonly start: UserModel; readonly tuned: UserModel };

/** What a seed measures, and the trained weights. */
export type Found<M> = Measured & { readonly model?: M };

/** Adds to each seed of a recipe what its document says; `elapsed` in seconds. */
const measuring = <R, M>(
  recipe: Recipe<R>,
  measure: (found: R, elapsed: number) => Found<M>,
): Recipe<Found<M>> => ({
  ...recipe,
  run: async (...from) => {
    const start = performance.now();
    const found = await recipe.run(...from);
    return measure(found, (performance.now() - start) / 1000);
  },
});

const measuredBy = (task: Task, { test, valid }: TaskOutcomes) => ({
  metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
  rows: outcomeRows(task, test),
});

/** A trunk, with a row for each held-out user. */
export const pretraining = (setting: PretrainingSetting): Recipe<Found<TrunkWeights<Weight>>> =>
  measuring(pretrainingRecipe(setting), ({ weights, curve, stoppedAt, lastItems, popularityLogLoss }) => {
    const kept = curve.find(({ step }) => step === stoppedAt) as CurvePoint;
    const by = (rank: 'popularityRank' | 'cooccurrenceRank') =>
      reciprocalRank(
        lastItems.map((item) => item[rank]),
        5,
      );
    const valid: Metrics = {
      ...kept.valid,
      'MRR@5/popularity': by('popularityRank'),
      'MRR@5/co-occurrence': by('cooccurrenceRank'),
      'LogLoss/popularity': popularityLogLoss,
    };
    const rows = lastItems.map(({ user, rank, popularityRank, cooccurrenceRank }) => ({
      ...{ row: user, user_id: setting.source.users[user], rank },
      ...{ popularity_rank: popularityRank, cooccurrence_rank: cooccurrenceRank },
    }));
    const about = { rows, parameters: accountOfPretraining(weights), model: weights.trunk };
    const { seconds } = curve[curve.length - 1];
    return { ...about, metrics: { test: {}, valid }, curve, stoppedAt, seconds };
  });

/** An experiment on a task. */
export function finding(preset: Preset, task: Task, experiment: Experiment): Recipe<Found<Models>> {
  if (experiment.kind === 'fine-tuning') return fineTuning(preset, task, experiment);
  if (experiment.kind === 'baseline') return opponent(preset, task, experiment);
  return counting(task);
}

/** LabelCS and item popularity. */
export function counting(task: Task): Recipe<Found<Models>> {
  const recipe = { steps: 0, run: async (seed: number) => mostFrequent(task, seed), dispose: () => {} };
  const parameters = accountOfCounts(task.labels.length);
  return measuring(recipe, (found, seconds) => {
    return { ...measuredBy(task, found), parameters, curve: [], stoppedAt: 0, seconds };
  });
}

export function opponent(preset: Preset, task: Task, experiment: Baseline): Recipe<Found<Models>> {
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  return measuring(opponentRecipe(task, experiment, preset), (found, elapsed) => {
    const { curve, stoppedAt, kept, tuned } = found;
    const seconds = curve.at(-1)?.seconds ?? elapsed;
    return {
      ...measuredBy(task, found),
      parameters: account(kept, tuned, fineAll),
      curve,
      stoppedAt,
      seconds,
    };
  });
}

export const fineTuning = (preset: Preset, task: Task, experiment: FineTuning): Recipe<Found<Models>> =>
  measuring(fineTuningRecipe(tuningOf(task, experiment, preset)), (found) => {
    const { start, weights, curve, stoppedAt } = found;
    const { seconds } = curve[curve.length - 1];
    const about = { parameters: accountOf(start, experiment), model: { start, tuned: weights } };
    return { ...measuredBy(task, found), ...about, curve, stoppedAt, seconds };
  });

/** An account of a model whose task keeps `kept` of its numbers; the share is that of the caption of Table 3. */
export const account = (total: number, tuned: number, fineAll: number, kept = total): ParameterAccount => ({
  total,
  tuned,
  share: tuned / fineAll,
  perTaskBytes: kept * Float32Array.BYTES_PER_ELEMENT,
});

const countDistinct = (trees: readonly Tree<Weight>[]): number =>
  [...leavesIn<Weight>(trees)].reduce((sum, weight) => sum + countWeights(weight), 0);

/** The account of a fine-tuned model, without the softmax layer of pre-training. */
export function accountOf(model: UserModel, experiment: FineTuning): ParameterAccount {
  const tuned = selectionOf(experiment)<Weight>(model);
  const added = countDistinct(addedBy({ model, tuned }));
  return account(countWeights(model), countDistinct(tuned), countWeights([model.trunk, model.head]), added);
}

/** What FineAll tunes: a trunk of this shape and a classifier of |Y| labels. */
export function fineAllWeights(shape: TrunkShape, labels: number): number {
  return weightsOf(shape) + labels * (shape.channels + 1);
}

/** The account of counting labels, which keeps one count for each. */
export const accountOfCounts = (labels: number): ParameterAccount => account(labels, 0, labels);

/** The account of pre-training, which tunes every weight, its softmax layer included. */
export function accountOfPretraining(weights: Tree<Weight>): ParameterAccount {
  const total = countWeights(weights);
  return account(total, total, total);
}
