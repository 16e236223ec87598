import { described } from '../../base/choice';
import { cooccurrenceScores, countCooccurrence, countsKept } from '../../training/opponents/itemCooccurrence';
import { against } from '../methods/experiment';
import type { CooccurrenceRecord } from '../records/record';
import { countingOf, type Opponent } from './opponent';

const chosen = {
  recommend: { item: 1, label: 0.5, shrink: 1 },
  classify: { item: 1, label: 0.5, shrink: 0 },
};

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
  recipe: (record, task) =>
    countingOf(record, task, {
      fitted: (train) => countCooccurrence(task, train),
      scored: (counted, sequence) => cooccurrenceScores(counted, sequence, record),
      keptIn: countsKept,
      tunedIn: () => 0,
    }),
};
