import type { Task } from '../datasets/tasks/tasks';
import type { Result } from '../documents/document';
import { type InstanceRow, type Key, store } from '../documents/store';
import type { Experiment } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import type { Watch } from '../recipes/pretrain';
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
  readonly tasks: readonly Task[];
  readonly experiments: readonly Experiment[];
  readonly preset: Preset;
  /** How many seeds are run, from 1 on; or which. */
  readonly seeds: number | readonly number[];
  readonly out: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops within one step; what was finished before stays. */
  readonly signal?: AbortSignal;
};

/** A run under way. */
export type Work = RunOptions & {
  /** Fingerprint of the code that decides the numbers. */
  readonly code: string;
  readonly count: { done: number; readonly total: number };
};

export const seedsOf = ({ seeds }: RunOptions): readonly number[] =>
  typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;

/** Reports steps of the experiment under way and hands the stop signal on. */
export function watch({ onProgress, signal, count }: Work, label: string, steps: number): Watch {
  const onStep = (step: number) =>
    onProgress?.({ label, done: count.done + step / steps, total: count.total });
  return { onStep, signal };
}

export function finished({ onProgress, count }: Work, label: string): void {
  count.done++;
  onProgress?.({ label, done: count.done, total: count.total });
}

/** What an experiment measured; the rest of its document follows from its key. */
export type Measured = Omit<
  Result,
  'schema' | 'data' | 'task' | 'experiment' | 'preset' | 'seed' | 'environment' | 'instances'
>;

/** Writes the document of an experiment and the rows beside it. */
export function save(
  { out, data, preset, code }: Work,
  key: Key,
  rows: readonly InstanceRow[],
  measured: Measured,
): Result {
  const { task, experiment, seed } = key;
  const about = { schema: 1 as const, data, task, experiment, preset: preset.name, seed };
  return store(out, key, { ...about, ...measured, environment: environmentOf(code) }, rows);
}
