import type { Watch } from '../training/fit';
import type { Fitted } from '../training/fitTask';

/** What a seed of a recipe leaves. */
export type Trained = Omit<Fitted<unknown>, 'state'> & {
  /** Numbers that the model of a task keeps, and how many of them are trained weights. */
  readonly kept: number;
  readonly tuned: number;
};

/** One experiment on one task: runs any seed, with whatever is compiled shared by all. */
export type Recipe = {
  /** At most. */
  readonly steps: number;
  readonly run: (seed: number, watch?: Watch) => Promise<Trained>;
  readonly dispose: () => void;
};
