/** A run under way: what it was asked for, how it reports, where trainings resume, and what documents say of it. */
import fs from 'node:fs';
import os from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Tensor } from '../../base/tensors';
import type { Task } from '../../data/tasks/tasks';
import { backend, device, tf, threads } from '../../engine/native';
import { bf16, isa } from '../../engine/ops/kernels';
import { inProject } from '../../setup/tools/project';
import type { Checkpoints, CurvePoint, Standing, StepTaken, Watch } from '../../training/fit';
import { lastCheckpoint, leaveCheckpoint, removeCheckpoint } from '../documents/checkpoint';
import { type Result, SCHEMA } from '../documents/document';
import { type InstanceRow, type Key, store } from '../documents/store';
import type { Preset } from '../methods/presets';
import type { Codes } from './codes';
import type { Subject } from './declaration';

export type Progress = {
  readonly label: string;
  /** Experiments finished, the present one counted by its share of steps. */
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
export type OnTraining = (by: Held, label: string, moment: Moment | 'ended') => void;

/** Who can be paused. */
export type Held = { readonly hold: (isHeld: boolean) => void };

/** The part of a run that computes a document. */
export type Session = Pick<RunOptions, 'data' | 'preset' | 'out' | 'signal'> & {
  readonly codes: Codes;
  readonly onShare?: OnShare | undefined;
  /** Pauses trainings. */
  readonly held?: (() => Promise<void> | undefined) | undefined;
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

/** A training under way. */
type Training = {
  readonly key: Key;
  readonly label: string;
  readonly steps: number;
  /** The metric of its evaluations. */
  readonly metric: string;
  /** Checksum of the trunk that it starts from, if it starts from one. */
  readonly startedFrom?: string | undefined;
};

/** Connects a training to its session: reports, pause, stop and checkpoints. */
export function watch(session: Session, { key, label, steps, metric, startedFrom }: Training): Watch {
  const { onShare, held, signal } = session;
  let last: StepTaken | undefined;
  const tell = (step: number, more?: Pick<Moment, 'point'>) =>
    onShare?.(label, step / steps, { step, steps, metric, ...(last ? { taken: last } : {}), ...more });
  return {
    onStep: (step, taken) => {
      last = taken;
      tell(step);
    },
    onPoint: (point) => tell(point.step, { point }),
    ...(held ? { hand: { held, stops: () => false } } : {}),
    signal,
    checkpoints: checkpointsOf(session.out, key, {
      environment: environmentOf(key.declaration),
      ...(startedFrom === undefined ? {} : { startedFrom }),
    }),
  };
}

/** Milliseconds between two checkpoints, and the largest share of the time that writing them may take. */
const INTERVAL = 1000 * Number(process.env.PETERREC_CHECKPOINT_SECONDS ?? 60);
const SHARE = 0.015;

/** Prefixes of a checkpoint's arrays. */
const VARIABLES = 'variables/';
const OTHERS = 'others/';

/** Another environment or trunk would lead to other numbers: such a checkpoint is not resumed. */
type Circumstances = Pick<Result, 'environment' | 'startedFrom'>;

type Left = Omit<Standing, 'variables' | 'arrays'> & { readonly circumstances: Circumstances };

function checkpointsOf(out: string, key: Key, circumstances: Circumstances): Checkpoints {
  let [last, cost] = [performance.now(), 0];
  return {
    last: () => {
      const { values, tensors = [] } = lastCheckpoint(out, key) ?? {};
      const { circumstances: then, ...left } = (values ?? {}) as Left;
      if (!isDeepStrictEqual(then, circumstances)) return undefined;
      const arrays = new Map(namedIn(OTHERS, tensors).map(({ name, values }) => [name, values()]));
      return { ...left, arrays, variables: namedIn(VARIABLES, tensors) };
    },
    isDue: () => performance.now() - last > Math.max(INTERVAL, cost / SHARE),
    leave: ({ variables, arrays = new Map(), ...values }) => {
      const start = performance.now();
      const others = [...arrays].map(([name, own]) => ({ name, shape: [own.length], values: () => own }));
      const tensors = [...named(VARIABLES, variables), ...named(OTHERS, others)];
      const { step, curve } = values.progress;
      leaveCheckpoint(out, key, `${step}-${curve.length}`, { values: { ...values, circumstances }, tensors });
      last = performance.now();
      cost = last - start;
    },
  };
}

const named = (under: string, tensors: readonly Tensor[]): Tensor[] =>
  tensors.map((tensor) => ({ ...tensor, name: `${under}${tensor.name}` }));

const namedIn = (under: string, tensors: readonly Tensor[]): Tensor[] =>
  tensors
    .filter(({ name }) => name.startsWith(under))
    .map((tensor) => ({ ...tensor, name: tensor.name.slice(under.length) }));

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
  const kernels = declaration.precision === 'bf16' ? `${isa}, bf16 by ${bf16}` : isa;
  const source = String(declaration.code);
  return { versions, device, processor: os.cpus()[0]?.model.trim(), threads, kernels, source };
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

/** What a training measured; the rest of its document follows from its subject and key. */
export type Measured = Pick<
  Result,
  'metrics' | 'parameters' | 'curve' | 'stoppedAt' | 'seconds' | 'startedFrom' | 'left'
>;

/** Writes a document with its rows, and removes the checkpoint of its training. */
export function save(
  session: Session,
  subject: Subject,
  key: Key,
  { rows, ...measured }: Measured & { readonly rows: readonly InstanceRow[] },
): void {
  const { seed, declaration } = key;
  const environment = environmentOf(declaration);
  store(
    session.out,
    key,
    { ...aboutOf(session, subject), seed, ...measured, environment, declaration },
    rows,
  );
  removeCheckpoint(session.out, key);
}
