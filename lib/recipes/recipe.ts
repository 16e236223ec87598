import type { CurvePoint, Watch } from '../training/fit';
import type { TaskOutcomes } from '../training/fitTask';

/** What a seed of a recipe leaves. */
export type Trained = TaskOutcomes & {
  readonly curve: CurvePoint[];
  /** Numbers that the model of a task keeps, and how many of them are trained weights. */
  readonly kept: number;
  readonly tuned: number;
};

/** One experiment on one task: runs any seed, with whatever is compiled shared by all. */
export type Recipe = {
  readonly steps: number;
  readonly run: (seed: number, watch?: Watch) => Promise<Trained>;
  readonly dispose: () => void;
};
