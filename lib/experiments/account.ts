import type { UserModelWeights } from '../model/userModel';
import { countWeights, type Tree, type Weight } from '../tensorflow/weights';
import { type FineTuning, selections } from './experiment';
import type { ParameterAccount } from './result';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The parameters of a fine-tuned model; the softmax layer of pre-training is gone by then.
 * The share is that of the caption of Table 3: what is tuned over what FineAll tunes, trunk and classifier.
 */
export function accountOf(model: UserModelWeights<Weight>, { tuned }: FineTuning): ParameterAccount {
  const total = countWeights(model);
  const fineAll = countWeights([model.trunk, model.head]);
  const changed = selections[tuned]<Weight>(model).reduce((sum, tree) => sum + countWeights(tree), 0);
  return { total, tuned: changed, share: changed / fineAll, perTaskBytes: changed * BYTES };
}

/** One count for each label is all that LabelCS and popularity keep. */
export function accountOfCounts(labels: number): ParameterAccount {
  return { total: labels, tuned: 0, share: 0, perTaskBytes: labels * BYTES };
}

/** Pre-training tunes every weight, its softmax layer included. */
export function accountOfPretraining(weights: Tree<Weight>): ParameterAccount {
  const total = countWeights(weights);
  return { total, tuned: total, share: 1, perTaskBytes: total * BYTES };
}
