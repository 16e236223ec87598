/** What every method is to who runs it: one program for all seeds of an experiment on a task. */
import type { Task } from '../../data/tasks/tasks';
import type { Program } from '../../engine/program/program';
import type { Weight } from '../../engine/weights';
import type { TrunkWeights } from '../../model/trunk';
import type { Steps, StepsState, Watch } from '../../training/fit';
import { type Fitted, fitTask } from '../../training/fitTask';
import type { Parts } from '../../training/parts';
import type { Course } from './settings';

/** Trains one seed after the other; `R` is what a seed leaves. */
export type Recipe<R> = {
  /** Steps of one training at most; 0 if it takes none. */
  readonly steps: number;
  readonly run: (seed: number, watch?: Watch, trunk?: TrunkWeights<Weight>) => Promise<R>;
  readonly dispose: () => void;
};

/** What a seed trains: its program, and the weights that it starts from. */
export type Start<W> = { readonly seed: number; readonly start: W };

/** How a method makes its weights and its program, and trains them. */
type Method<W, R> = {
  readonly steps: number;
  readonly fresh: (seed: number, trunk?: TrunkWeights<Weight>) => W;
  readonly compile: (start: W) => Program<W>;
  readonly train: (program: Program<W>, from: Start<W>, watch: Watch) => Promise<R>;
};

/** Compiles at the first seed and serves all. */
export function recipeOf<W, R>({ steps, fresh, compile, train }: Method<W, R>): Recipe<R> {
  let program: Program<W> | undefined;
  const run = async (seed: number, watch: Watch = {}, trunk?: TrunkWeights<Weight>) => {
    const start = fresh(seed, trunk);
    program ??= compile(start);
    return train(program, { seed, start }, watch);
  };
  return { steps, run, dispose: () => program?.dispose() };
}

/** What a seed of an opponent leaves: outcomes and curve, the numbers that its model keeps, and how many of them are trained. */
export type Trained = Omit<Fitted<unknown>, 'state'> & { readonly kept: number; readonly tuned: number };

/** A recipe of an opponent, and the numbers that it keeps with a seed, told without training. */
export type OpponentRecipe = Recipe<Trained> & { readonly keptWith: (seed: number) => number };

/** An opponent on a task. */
type Opponent<W> = Omit<Method<W, Trained>, 'steps' | 'train'> & {
  readonly task: Task;
  readonly course: Course;
  readonly stepsOf: (seed: number, from?: StepsState) => Steps;
  readonly scoresOf: (program: Program<W>, users: readonly number[]) => Parts<Map<number, Float32Array>>;
  /** Numbers that the trained model keeps for the task. */
  readonly keptIn: (start: W) => number;
};

/** Trains an opponent from fresh weights on its task. */
export const opponentOf = <W>({
  task,
  course,
  stepsOf,
  scoresOf,
  keptIn,
  ...method
}: Opponent<W>): OpponentRecipe => ({
  keptWith: (seed) => keptIn(method.fresh(seed)),
  ...recipeOf({
    ...method,
    steps: course.steps,
    train: async (program, { seed, start }, watch) => {
      program.initialise(start);
      const { state: _, ...fitted } = await fitTask(program, task, seed, {
        ...course,
        taken: (from) => stepsOf(seed, from),
        scoresOf: (users) => scoresOf(program, users),
        state: () => undefined,
        ...watch,
      });
      const kept = keptIn(start);
      return { ...fitted, kept, tuned: kept };
    },
  }),
});
