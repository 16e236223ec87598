/** Interface of an opponent: how it is declared, tuned, resolved to a record and trained, in one value. */
import { splitInstances } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import type { Program } from '../../engine/program/program';
import { SCORED_ROWS } from '../../training/evaluate';
import type { Steps, StepsState, Watch } from '../../training/fit';
import { fitBest } from '../../training/fitBest';
import { type Fitted, outcomesOf, planOfTask } from '../../training/fitTask';
import { type Parts, paced } from '../../training/parts';
import type { ByKind, Length } from '../methods/budgets';
import type { Against } from '../methods/experiment';
import type { Level, Preset } from '../methods/presets';
import type { Space } from '../methods/space';
import { account } from '../recipes/accounts';
import { type Compiled, compiledOnce, measuredBy, type Recipe } from '../recipes/recipe';
import type { OpponentRecord, Unseeded } from '../records/record';

/** Values that are tuned, and how long a model that takes steps trains. */
export type OpponentBudget = Partial<Length> & Readonly<Record<string, number | undefined>>;

/** Keys of a record that are an opponent's own, and passes over the training data. */
export type Resolved<R extends OpponentRecord> = {
  readonly fields: Omit<Unseeded<R>, 'kind' | 'model' | 'task' | 'data' | 'training' | 'trial' | 'fineAll'>;
  readonly passes: number;
};

/** `R` is its record, `B` its budget. */
export type Opponent<R extends OpponentRecord = OpponentRecord, B extends OpponentBudget = OpponentBudget> = {
  readonly method: Against;
  readonly budgets: Readonly<Record<Level, ByKind<B>>>;
  readonly space: Space;
  /** A BibTeX entry of one line; absent: none is needed. */
  readonly cites?: string;
  readonly resolve: (task: Task, budget: B, preset: Preset) => Resolved<R>;
  readonly recipe: (record: R, task: Task) => OpponentRecipe;
};

/** Outcomes and curve, the numbers that its model keeps, and how many of them are trained. */
export type Trained = Omit<Fitted<unknown>, 'state'> & { readonly kept: number; readonly tuned: number };

/** A recipe of an opponent, and the numbers that it keeps with a seed, told without training. */
export type OpponentRecipe = Recipe<Trained> & { readonly keptWith: (seed: number) => number };

/** Parts of an opponent that trains a program. */
type Training<W> = Pick<Compiled<W, Trained>, 'fresh' | 'compile'> & {
  readonly task: Task;
  readonly record: OpponentRecord & Readonly<Record<'steps' | 'evaluations' | 'patience', number>>;
  readonly stepsOf: (seed: number, from?: StepsState) => Steps;
  readonly scoresOf: (program: Program<W>, users: readonly number[]) => Parts<Map<number, Float32Array>>;
  /** Numbers that the trained model keeps for the task. */
  readonly keptIn: (start: W) => number;
};

/** Trains an opponent from fresh weights on its task. */
export function trainingOf<W>({
  task,
  record,
  stepsOf,
  scoresOf,
  keptIn,
  ...method
}: Training<W>): OpponentRecipe {
  const { steps, evaluations, patience } = record;
  return {
    keptWith: (seed) => keptIn(method.fresh(seed, {})),
    ...compiledOnce({
      ...method,
      steps,
      measure: measuredAs(record, task),
      train: async (program, { seed, start }, watch) => {
        program.initialise(start);
        const plan = planOfTask(task, seed, {
          ...{ steps, evaluations, patience },
          taken: (from) => stepsOf(seed, from),
          scoresOf: (users) => scoresOf(program, users),
          state: () => undefined,
          ...watch,
        });
        const { found, state: _, ...fitted } = await fitBest(program, plan);
        const kept = keptIn(start);
        return { ...found, ...fitted, kept, tuned: kept };
      },
    }),
  };
}

/** A model that takes no step: how it follows from training instances, its scores [|Y|] for a sequence, the numbers it keeps and has learnt. */
type Counting<M> = {
  readonly fitted: (train: readonly number[]) => M;
  readonly scored: (model: M, sequence: Int32Array) => Float32Array;
  readonly keptIn: (model: M) => number;
  readonly tunedIn: (model: M) => number;
};

/** Fits such a model to the training instances of a seed. */
export function countingOf<M>(
  record: OpponentRecord,
  task: Task,
  { fitted, scored, keptIn, tunedIn }: Counting<M>,
): OpponentRecipe {
  const fittedWith = (seed: number) => fitted(splitInstances(task, seed).train);
  const run = async (seed: number, { signal }: Watch = {}) => {
    const model = fittedWith(seed);
    function* scoresOf(users: readonly number[]): Parts<Map<number, Float32Array>> {
      const scores = new Map<number, Float32Array>();
      for (const user of users) {
        scores.set(user, scored(model, task.source.sequences[user]));
        if (scores.size % SCORED_ROWS === 0) yield;
      }
      return scores;
    }
    const found = await paced(outcomesOf(task, seed, scoresOf), signal);
    return { ...found, curve: [], stoppedAt: 0, kept: keptIn(model), tuned: tunedIn(model) };
  };
  const keptWith = (seed: number) => keptIn(fittedWith(seed));
  return { steps: 0, run, measure: measuredAs(record, task), dispose: () => {}, keptWith };
}

const measuredAs =
  ({ fineAll }: OpponentRecord, task: Task): Recipe<Trained>['measure'] =>
  (found, elapsed) => {
    const { curve, stoppedAt, kept, tuned } = found;
    const parameters = account(kept, tuned, fineAll);
    return {
      ...measuredBy(task, found),
      parameters,
      curve,
      stoppedAt,
      seconds: curve.at(-1)?.seconds ?? elapsed,
    };
  };
