import type { ParameterAccount } from '../../documents/document';
import type { FineTuning } from '../../methods/experiment';
import { embeddingRows, type TrunkShape } from '../../model/trunk';
import type { UserModelWeights } from '../../model/userModel';
import { addedBy } from '../../modelFiles/patchFile';
import type { Trained } from '../../recipes/recipe';
import { selectionOf } from '../../recipes/selections';
import { countWeights, leavesIn, type Tree, type Weight } from '../../tensorflow/weights';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The parameters of a fine-tuned model; the softmax layer of pre-training is gone by then.
 * The share is that of the caption of Table 3: what is tuned over what FineAll tunes, trunk and classifier.
 */
export function accountOf(model: UserModelWeights<Weight>, experiment: FineTuning): ParameterAccount {
  const total = countWeights(model);
  const fineAll = countWeights([model.trunk, model.head]);
  const selected = selectionOf(experiment)<Weight>(model);
  const tuned = countDistinct(selected);
  const added = countDistinct(addedBy({ model, tuned: selected }));
  return { total, tuned, share: tuned / fineAll, perTaskBytes: added * BYTES };
}

const countDistinct = (trees: readonly Tree<Weight>[]): number =>
  [...leavesIn<Weight>(trees)].reduce((sum, weight) => sum + countWeights(weight), 0);

/** The parameters of a model by what they are part of; biases are counted with their matrices. */
export type Components = {
  /** Rows of items, padding, [TCL] and, in a non-causal trunk, [MASK]. */
  readonly embedding: number;
  readonly convolutions: number;
  readonly norms: number;
  readonly patches: number;
  readonly classifier: number;
};

function partsOf({ trunk, patches, head }: UserModelWeights<Weight>): Record<keyof Components, Tree<Weight>> {
  const layers = trunk.blocks.flatMap(({ first, second }) => [first, second]);
  return {
    embedding: trunk.embedding,
    convolutions: layers.map(({ kernel, bias }) => [kernel, bias]),
    norms: layers.map(({ gain, shift }) => [gain, shift]),
    patches,
    classifier: head,
  };
}

/** How many parameters each part has. */
export const componentsOf = (model: UserModelWeights<Weight>): Components =>
  Object.fromEntries(
    Object.entries(partsOf(model)).map(([name, part]) => [name, countWeights(part)]),
  ) as Components;

/** What FineAll tunes: a trunk of this shape and a classifier of |Y| labels. */
export function fineAllWeights(shape: TrunkShape, labels: number): number {
  const { channels: k, kernel, dilations } = shape;
  const layer = kernel * k * k + 3 * k; // bias, gain and shift
  return embeddingRows(shape) * k + 2 * dilations.length * layer + labels * (k + 1);
}

/** An opponent keeps all of its numbers for each task. */
export function accountOfBaseline(
  { kept, tuned }: Pick<Trained, 'kept' | 'tuned'>,
  fineAll: number,
): ParameterAccount {
  return { total: kept, tuned, share: tuned / fineAll, perTaskBytes: kept * BYTES };
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
