import { described } from '../../base/choice';
import { neuFM as model } from '../../training/opponents/models';
import { against } from '../methods/experiment';
import { SPACE } from '../methods/space';
import type { FeatureRecord } from '../records/record';
import { type FeatureBudget, factorBudgets, featureRecipe, resolveFeatures } from './features';
import type { Opponent } from './opponent';

export const neuFM: Opponent<FeatureRecord, FeatureBudget> = {
  ...described({
    method: against('NeuFM', 'NeuFM'),
    budgets: factorBudgets,
    space: { rate: SPACE.rate, dropout: SPACE.dropout },
    cites:
      '@inproceedings{NeuFM, author = {He, Xiangnan and Chua, Tat-Seng}, title = {Neural Factorization Machines for Sparse Predictive Analytics}, booktitle = {SIGIR}, year = {2017}, doi = {10.1145/3077136.3080777}}',
    resolve: resolveFeatures,
  }),
  recipe: (record, task) => featureRecipe(model, record, task),
};
