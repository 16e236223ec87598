import { described } from '../../base/choice';
import { splitInstances } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import { SCORED_ROWS } from '../../training/evaluate';
import type { Watch } from '../../training/fit';
import { outcomesOf } from '../../training/fitTask';
import { cooccurrenceScores, countCooccurrence, countsKept } from '../../training/opponents/itemCooccurrence';
import { type Parts, paced } from '../../training/parts';
import { against } from '../methods/experiment';
import type { CooccurrenceRecord } from '../records/record';
import { measuredAs, type Opponent, type OpponentRecipe } from './opponent';

const chosen = {
  recommend: { item: 1, label: 0.5, shrink: 1 },
  classify: { item: 1, label: 0.5, shrink: 0 },
};

/** Counts, and takes no step. */
function cooccurrenceRecipe(record: CooccurrenceRecord, task: Task): OpponentRecipe {
  const { item, label, shrink } = record;
  const { sequences } = task.source;
  const countsOf = (seed: number) => countCooccurrence(task, splitInstances(task, seed).train);
  const run = async (seed: number, { signal }: Watch = {}) => {
    const counted = countsOf(seed);
    function* scoresOf(users: readonly number[]): Parts<Map<number, Float32Array>> {
      const scores = new Map<number, Float32Array>();
      for (const user of users) {
        scores.set(user, cooccurrenceScores(counted, sequences[user], { item, label, shrink }));
        if (scores.size % SCORED_ROWS === 0) yield;
      }
      return scores;
    }
    const found = await paced(outcomesOf(task, seed, scoresOf), signal);
    return { ...found, curve: [], stoppedAt: 0, kept: countsKept(counted), tuned: 0 };
  };
  const keptWith = (seed: number) => countsKept(countsOf(seed));
  return { steps: 0, run, measure: measuredAs(record, task), dispose: () => {}, keptWith };
}

/** Labels by the co-occurrence of items with them. */
export const itemCooccurrence: Opponent<CooccurrenceRecord, (typeof chosen)['recommend']> = {
  ...described({
    method: against('ItemCooccurrence', 'item co-occurrence', 'Item co-occurrence'),
    budgets: { quick: chosen, default: chosen, paper: chosen },
    space: {
      item: { from: 0.5, to: 1, scale: 'linear' },
      label: { from: 0, to: 0.75, scale: 'linear' },
      shrink: { from: 0.1, to: 100, scale: 'log' },
    },
    resolve: (_task: unknown, { item, label, shrink }: (typeof chosen)['recommend']) => ({
      fields: { item, label, shrink },
      passes: 0,
    }),
  }),
  recipe: cooccurrenceRecipe,
};
