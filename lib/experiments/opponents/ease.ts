import { described } from '../../base/choice';
import { easeScores, easeWeights, itemsOfEase } from '../../training/opponents/ease';
import { byKind } from '../methods/budgets';
import { against } from '../methods/experiment';
import type { EaseRecord } from '../records/record';
import { countingOf, type Opponent } from './opponent';

const chosen = byKind(() => ({ lambda: 1000 }));

/** A linear item-to-item model; of profiles the bag of items is one. */
export const ease: Opponent<EaseRecord, (typeof chosen)['recommend']> = {
  ...described({
    method: { ...against('EASE', 'EASE', 'Linear item-to-item (EASE)'), of: 'recommend' },
    budgets: { quick: chosen, default: chosen, paper: chosen },
    space: { lambda: { from: 10, to: 100_000, scale: 'log' } },
    cites:
      '@inproceedings{EASE, author = {Steck, Harald}, title = {Embarrassingly Shallow Autoencoders for Sparse Data}, booktitle = {The Web Conference}, year = {2019}, doi = {10.1145/3308558.3313710}}',
    resolve: (_task: unknown, { lambda }: (typeof chosen)['recommend']) => ({
      fields: { lambda },
      passes: 0,
    }),
  }),
  recipe: (record, task) => {
    const kept = () => itemsOfEase(task) * task.labels.length;
    const counting = countingOf(record, task, {
      fitted: (train) => easeWeights(task, train, record.lambda),
      scored: (weights, sequence) => easeScores(weights, sequence, task.labels.length),
      ...{ keptIn: kept, tunedIn: kept },
    });
    return { ...counting, keptWith: kept };
  },
};
