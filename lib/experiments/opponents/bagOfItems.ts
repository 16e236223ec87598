import { described } from '../../base/choice';
import { bagOfItems as model } from '../../training/opponents/models';
import { byKind } from '../methods/budgets';
import { against } from '../methods/experiment';
import { SPACE } from '../methods/space';
import type { FeatureRecord } from '../records/record';
import { type FeatureBudget, featureRecipe, long, resolveFeatures, short, tiny } from './features';
import type { Opponent } from './opponent';

const chosen = { ...short, decay: 0.0003 };
const both = (changes: Partial<FeatureBudget>) => byKind(() => ({ ...chosen, ...changes }));

/** Logistic regression on the items of a user. The paper lacks it: it keeps its rate at the paper's budget. */
export const bagOfItems: Opponent<FeatureRecord, FeatureBudget> = {
  ...described({
    method: against('BagOfItems', 'bag of items', 'Bag of items'),
    budgets: { quick: both(tiny), default: both({}), paper: both(long) },
    space: { rate: SPACE.rate, decay: SPACE.decay },
    resolve: resolveFeatures,
  }),
  recipe: (record, task) => featureRecipe(model(record.decay ?? 0), record, task),
};
