import type { ParameterAccount } from '../../documents/document';
import type { FineTuning } from '../../methods/experiment';
import { embeddingRows, type TrunkShape } from '../../model/trunk';
import type { UserModelWeights } from '../../model/userModel';
import type { Trained } from '../../recipes/recipe';
import { selectionOf } from '../../recipes/selections';
import { countWeights, leaves, type Tree, type Weight } from '../../tensorflow/weights';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The parameters of a fine-tuned model; the softmax layer of pre-training is gone by then.
 * The share is that of the caption of Table 3: what is tuned over what FineAll tunes, trunk and classifier.
 */
export function accountOf(model: UserModelWeights<Weight>, experiment: FineTuning): ParameterAccount {
  const total = countWeights(model);
  const fineAll = countWeights([model.trunk, model.head]);
  const changed = selectionOf(experiment)<Weight>(model).reduce((sum, tree) => sum + countWeights(tree), 0);
  return { total, tuned: changed, share: changed / fineAll, perTaskBytes: changed * BYTES };
}

/** The parameters of a model by what they are part of; biases are counted with their matrices. */
export type Components = {
  /** Rows of items, padding, [TCL] and, in a non-causal trunk, [MASK]. */
  readonly embedding: number;
  readonly convolutions: number;
  readonly norms: number;
  readonly patches: number;
  readonly classifier: number;
};

type Part = keyof Components;

function partsOf({ trunk, patches, head }: UserModelWeights<Weight>): Record<Part, Tree<Weight>> {
  const layers = trunk.blocks.flatMap(({ first, second }) => [first, second]);
  return {
    embedding: trunk.embedding,
    convolutions: layers.map(({ kernel, bias }) => [kernel, bias]),
    norms: layers.map(({ gain, shift }) => [gain, shift]),
    patches,
    classifier: head,
  };
}

const ofEachPart = <T>(model: UserModelWeights<Weight>, of: (part: Tree<Weight>) => T): Record<Part, T> =>
  Object.fromEntries(Object.entries(partsOf(model)).map(([name, part]) => [name, of(part)])) as Record<
    Part,
    T
  >;

/** How many parameters each part has. */
export const componentsOf = (model: UserModelWeights<Weight>): Components => ofEachPart(model, countWeights);

/** How much of each part an experiment tunes. */
export function tunedParts(
  model: UserModelWeights<Weight>,
  experiment: Pick<FineTuning, 'tuned'>,
): Record<Part, 'all' | 'some' | 'none'> {
  const weightsOf = (tree: Tree<Weight>) => leaves(tree).map(([, weight]) => weight);
  const changed = new Set(selectionOf(experiment)<Weight>(model).flatMap(weightsOf));
  return ofEachPart(model, (part) => {
    const weights = weightsOf(part);
    const count = weights.filter((weight) => changed.has(weight)).length;
    if (count === 0) return 'none';
    return count === weights.length ? 'all' : 'some';
  });
}

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
