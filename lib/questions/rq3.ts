/** RQ3: what can be estimated of a user, also of a cold one? (section 4.4: Tables 4 and 5) */

import { better, type Question } from '../evidence/claims';
import type { Experiment, FineTuning } from '../methods/experiment';
import { causal } from '../methods/family';
import { simpleOpponents } from '../methods/simpleOpponents';
import { opponents } from '../recipes/baselines';

/**
 * Table 4, on profiles. The paper does not say which PeterRec it compares. Here it is that of RQ1, on the causal
 * network that MTL trains too, so that the two differ in how they train alone.
 */
export const rq3Profiles: readonly Experiment[] = [...simpleOpponents, opponents.MTL, causal.PeterRec];

/** Not in the paper: PeterRec with the loss of NeuFM and DeepFM, cross-entropy over all items, so that losses are alike. */
const crossEntropy: FineTuning = {
  ...causal.PeterRec,
  name: 'PeterRec-cross-entropy',
  method: 'PeterRec, cross-entropy',
  loss: 'cross-entropy',
};

/** Table 5, on cold users' items. */
export const rq3Items: readonly Experiment[] = [
  ...simpleOpponents,
  opponents.NeuFM,
  opponents.DeepFM,
  opponents.MTL,
  causal.PeterRec,
  crossEntropy,
];

const peterRecBeats = (opponent: string): Question => better('PeterRec', opponent);

/** Claim 3 of the paper. */
export const rq3Questions: readonly Question[] = ['LabelCS', 'NeuFM', 'DeepFM', 'MTL'].map(peterRecBeats);

/** What the paper does not ask: whether PeterRec beats what is simple. */
export const simpleQuestions: readonly Question[] = ['Popularity', 'Item co-occurrence', 'Bag of items'].map(
  peterRecBeats,
);

/** Nor whether it is the loss by which it wins or loses: cross-entropy sees all items at each label, BPR one sampled negative. */
export const lossQuestions: readonly Question[] = [
  causal.PeterRec.method,
  'NeuFM',
  'DeepFM',
  'Item co-occurrence',
  'Bag of items',
].map((opponent) => better(crossEntropy.method, opponent));
