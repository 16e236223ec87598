/** A recipe trains the seeds of a record one after the other, with one program. */
import type { Task } from '../../data/tasks/tasks';
import type { Program } from '../../engine/program/program';
import type { Weight } from '../../engine/weights';
import type { TrunkWeights } from '../../model/trunks/trunk';
import type { UserModelWeights } from '../../model/userModel';
import { metricsOf } from '../../training/evaluate';
import type { Watch } from '../../training/fit';
import type { TaskOutcomes } from '../../training/fitTask';
import { type InstanceRow, outcomeRows, type Result } from '../documents/document';
import type { From } from './settings';

type UserModel = UserModelWeights<Weight>;

/** Numbers for a document, its rows, and the weights for files: of a trunk, or of a task before and after tuning. */
export type Found = Pick<Result, 'metrics' | 'parameters' | 'curve' | 'stoppedAt' | 'seconds'> & {
  readonly rows: readonly InstanceRow[];
  readonly trunk?: TrunkWeights<Weight>;
  readonly models?: { readonly start: UserModel; readonly tuned: UserModel };
};

/** `R` is what a seed leaves. */
export type Recipe<R = unknown> = {
  /** Steps of one training at most; 0 if it takes none. */
  readonly steps: number;
  readonly run: (seed: number, watch?: Watch, from?: From) => Promise<R>;
  /** `elapsed` in seconds. */
  readonly measure: (found: R, elapsed: number) => Found;
  readonly dispose: () => void;
};

/** A seed, and the weights that it starts from. */
export type Start<W> = { readonly seed: number; readonly start: W };

/** Parts of a recipe that has a program. */
export type Compiled<W, R> = Pick<Recipe<R>, 'steps' | 'measure'> & {
  readonly fresh: (seed: number, from: From) => W;
  readonly compile: (start: W) => Program<W>;
  readonly train: (program: Program<W>, from: Start<W>, watch: Watch) => Promise<R>;
};

/** Compiles at the first seed and serves all. */
export function compiledOnce<W, R>({ steps, measure, fresh, compile, train }: Compiled<W, R>): Recipe<R> {
  let program: Program<W> | undefined;
  const run = (seed: number, watch: Watch = {}, from: From = {}) => {
    const start = fresh(seed, from);
    program ??= compile(start);
    return train(program, { seed, start }, watch);
  };
  return { steps, measure, run, dispose: () => program?.dispose() };
}

/** Metrics and rows of the outcomes of a task. */
export const measuredBy = (task: Task, { test, valid }: TaskOutcomes) => ({
  metrics: { test: metricsOf(task, test), valid: metricsOf(task, valid) },
  rows: outcomeRows(task, test),
});
