/** A run under way: what it was asked for, and what it writes. */
import type { Task } from '../../datasets/tasks/tasks';
import { removeCheckpoint } from '../../documents/checkpoint';
import { type Result, SCHEMA } from '../../documents/document';
import { type InstanceRow, type Key, store } from '../../documents/store';
import { fingerprint } from '../../files/fingerprint';
import type { Method } from '../../methods/identity';
import type { Preset } from '../../methods/presets';
import type { CurvePoint, StepTaken, Watch } from '../../training/fit';
import { checkpointsOf } from './checkpoints';
import type { Codes } from './codes';
import { environmentOf } from './environment';

export type Progress = {
  readonly label: string;
  /** Experiments finished, the present one counted by its share of steps. */
  readonly done: number;
  readonly total: number;
  /** Share of the time that is behind, 0 to 1, as far as it can be told beforehand; where absent, done / total. */
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
  /** Told of trainings that ran away, a sentence each, once all else is computed: their documents are then left out. Thrown as a UserError if absent. */
  readonly onDiverged?: ((sentences: readonly string[]) => void) | undefined;
  /** Stops within one step; what was finished before stays. */
  readonly signal?: AbortSignal | undefined;
  /** Told what trainings are at, by whom they are made, and that one has ended. */
  readonly onTraining?: OnTraining | undefined;
  /** Fingerprints of the code that decides the numbers, where they are known already. */
  readonly codes?: Codes | undefined;
};

/** What is told of a training; who makes it makes one at a time, and can be held up. */
export type OnTraining = (by: Held, label: string, moment: Moment | 'ended') => void;

/** Who can be held up. */
export type Held = { readonly hold: (isHeld: boolean) => void };

/** What computing a document takes of a run. */
export type Session = Pick<RunOptions, 'data' | 'preset' | 'out' | 'signal'> & {
  readonly codes: Codes;
  /** Told after each step and evaluation which training is under way, the share of its steps that is behind, and the rest. */
  readonly onShare?: OnShare | undefined;
  /** What holds trainings up. */
  readonly held?: (() => Promise<void> | undefined) | undefined;
};

/** What a training is at, after a step or, with its point of the curve, after an evaluation. */
export type Moment = {
  readonly step: number;
  readonly steps: number;
  /** What its evaluations are reported by. */
  readonly metric: string;
  /** Of the last step. */
  readonly taken?: StepTaken;
  readonly point?: CurvePoint;
  /** Resident bytes of the process that trains; of this one if absent. */
  readonly memory?: number;
};

export type OnShare = (label: string, share: number, moment?: Moment) => void;

/** From 1 on where only a number is given. */
export const seedsOf = ({ seeds }: Pick<RunOptions, 'seeds'>): readonly number[] =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;

/** A training under way: whose document it is for, what it is called, its steps, the metric of its evaluations, and its trunk. */
export type Training = {
  readonly key: Key;
  readonly label: string;
  readonly steps: number;
  readonly metric: string;
  /** Checksum of the trunk that it starts from, if it starts from one. */
  readonly startedFrom?: string | undefined;
};

/** Reports steps and evaluations of a training, hands on what holds and stops it, and keeps its checkpoints. */
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

/** What documents are about; all seeds share it. Names decide no number: a document shows those of today. */
export type Subject = { readonly task: string; readonly metric: string; readonly method: Method };

/** The name of a subject's document for a seed. */
export function keyOf(
  { task, method }: Subject,
  declaration: Readonly<Record<string, unknown>>,
  seed: number,
): Key {
  return { task, experiment: method.id, hash: fingerprint(declaration), seed, declaration };
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

/** What an experiment measured; the rest of its document follows from its subject and key. */
export type Measured = Pick<
  Result,
  'metrics' | 'parameters' | 'curve' | 'stoppedAt' | 'seconds' | 'startedFrom' | 'left'
>;

/** Writes the document of an experiment and the rows beside it. */
export function save(
  session: Session,
  subject: Subject,
  key: Key,
  { rows, ...measured }: Measured & { readonly rows: readonly InstanceRow[] },
): Result {
  const { seed, declaration } = key;
  const environment = environmentOf(declaration);
  const result = { ...aboutOf(session, subject), seed, ...measured, environment, declaration };
  const stored = store(session.out, key, result, rows);
  removeCheckpoint(session.out, key);
  return stored;
}
