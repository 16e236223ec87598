/** Parameters that methods tune and keep. */
import { countWeights, leavesIn, type Tree, type Weight } from '../../engine/weights';
import { addedBy } from '../../model/files/patchFile';
import type { UserModelWeights } from '../../model/userModel';
import type { ParameterAccount } from '../documents/document';
import type { FineTuning } from '../methods/experiment';
import { selectionOf } from './frozen';

/** An account of a model whose task keeps `kept` of its numbers; the share is that of the caption of Table 3. */
export const account = (total: number, tuned: number, fineAll: number, kept = total): ParameterAccount => ({
  total,
  tuned,
  share: tuned / fineAll,
  perTaskBytes: kept * Float32Array.BYTES_PER_ELEMENT,
});

const countDistinct = (trees: readonly Tree<Weight>[]): number =>
  [...leavesIn<Weight>(trees)].reduce((sum, weight) => sum + countWeights(weight), 0);

/** The account of a fine-tuned model, without the softmax layer of pre-training. */
export function accountOf(
  model: UserModelWeights<Weight>,
  choices: Pick<FineTuning, 'tuned' | 'trunk'>,
): ParameterAccount {
  const tuned = selectionOf(choices)<Weight>(model);
  const added = countDistinct(addedBy({ model, tuned }));
  return account(countWeights(model), countDistinct(tuned), countWeights([model.trunk, model.head]), added);
}

/** The account of counting labels, which keeps one count for each. */
export const accountOfCounts = (labels: number): ParameterAccount => account(labels, 0, labels);

/** The account of pre-training, which tunes every weight, its softmax layer included. */
export function accountOfPretraining(weights: Tree<Weight>): ParameterAccount {
  const total = countWeights(weights);
  return account(total, total, total);
}
