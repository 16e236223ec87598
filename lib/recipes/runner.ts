import type { CurvePoint } from '../training/fit';
import type { TaskOutcomes } from '../training/fitTask';
import type { Watch } from './pretrain';

/** What a run of an opponent leaves. */
export type Ran = TaskOutcomes & {
  readonly curve: CurvePoint[];
  /** Numbers that the model of a task keeps, and how many of them are trained weights. */
  readonly kept: number;
  readonly tuned: number;
};

/** One experiment on one task: runs any seed, with whatever is compiled shared by all. */
export type Runner = {
  readonly steps: number;
  readonly run: (seed: number, watch?: Watch) => Promise<Ran>;
  readonly dispose: () => void;
};
