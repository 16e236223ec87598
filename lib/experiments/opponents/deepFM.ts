import { described } from '../../base/choice';
import { deepFM as model } from '../../training/opponents/models';
import { against } from '../methods/experiment';
import { SPACE } from '../methods/space';
import type { FeatureRecord } from '../records/record';
import { type FeatureBudget, factorBudgets, featureRecipe, resolveFeatures } from './features';
import type { Opponent } from './opponent';

export const deepFM: Opponent<FeatureRecord, FeatureBudget> = {
  ...described({
    method: against('DeepFM', 'DeepFM'),
    budgets: factorBudgets,
    space: { rate: SPACE.rate, dropout: SPACE.dropout },
    cites:
      '@inproceedings{DeepFM, author = {Guo, Huifeng and Tang, Ruiming and Ye, Yunming and Li, Zhenguo and He, Xiuqiang}, title = {{DeepFM}: A Factorization-Machine based Neural Network for {CTR} Prediction}, booktitle = {IJCAI}, year = {2017}, doi = {10.24963/ijcai.2017/239}}',
    resolve: resolveFeatures,
  }),
  recipe: (record, task) => featureRecipe(model, record, task),
};
