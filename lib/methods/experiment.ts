/** Experiments are plain data; each is written as what differs from another one. */
import type { Task } from '../datasets/tasks/tasks';
import type { LayerWeights } from '../model/block';
import type { Representation, UserModelWeights } from '../model/userModel';
import type { Place } from '../patches/insertion';
import type { Activation, PatchStart, Shortcut } from '../patches/patch';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Tree } from '../tensorflow/weights';
import type { BaselineBudgets, Extent } from './budgets';

/** What fine-tuning changes; everything else stays bit for bit what it was. */
export type Tuned =
  | 'everything'
  | 'patches and classifier'
  | 'classifier'
  | 'last layer and classifier'
  | 'last two layers and classifier'
  /** The authors' code also tunes the second layer norm of each block. */
  | 'patches, second layer norms and classifier';

export const extentOf = ({ tuned }: { readonly tuned: Tuned }): Extent =>
  tuned === 'everything' ? 'everything' : 'part';

/**
 * Paper: BPR for recommendation, softmax cross-entropy for profiles. Authors: their pointwise form for both. Cross-entropy
 * for both is what NeuFM and DeepFM are trained with.
 */
export type Loss = 'paper' | 'authors' | 'cross-entropy';

/** Patches as an experiment declares them; the bottleneck is k / `squeeze`. */
export type Patches = {
  readonly place: Place;
  readonly perBlock: 1 | 2;
  readonly squeeze: number;
  readonly shortcut: Shortcut;
  readonly activation: Activation;
  readonly start: PatchStart;
};

/** What an experiment learns its task from. */
type Learning = {
  /** Share of the training instances, chosen by the seed (Fig. 6); all if absent. A smaller share is part of a larger one. */
  readonly training?: number;
};

/** A method that starts from a trunk and tunes part of it for one task. */
export type FineTuning = Learning & {
  readonly kind: 'fine-tuning';
  /** Part of file names. */
  readonly name: string;
  /** What tables and figures call it. */
  readonly method: string;
  readonly trunk: Direction;
  readonly start: 'pre-trained' | 'random';
  readonly representation: Representation;
  /** The embedding of [TCL]: the trunk's random row, or k parameters of the task that start from it. */
  readonly tcl: 'frozen' | 'trained';
  readonly patches: Patches | null;
  readonly tuned: Tuned;
  readonly loss: Loss;
};

/** Whether each label is set against a sampled negative: BPR and the authors' loss do so, cross-entropy does not. */
export function drawsNegatives({ kind }: Pick<Task, 'kind'>, { loss }: Pick<FineTuning, 'loss'>): boolean {
  return loss === 'authors' || (loss === 'paper' && kind === 'recommend');
}

/** LabelCS for profiles, item popularity for recommendation: labels by their frequency in the training part. */
export type MostFrequent = Learning & { readonly kind: 'most frequent'; readonly name: string };

/** An opponent that no trunk is pre-trained for; what was tuned of it stands in the preset. */
export type Baseline = Learning & {
  readonly kind: 'baseline';
  readonly name: string;
  readonly method: string;
  readonly model: keyof BaselineBudgets;
};

export type Experiment = FineTuning | MostFrequent | Baseline;

/** What tables and figures call an experiment on a task. */
export function methodOf(experiment: Experiment, task: Pick<Task, 'kind'>): string {
  if (experiment.kind !== 'most frequent') return experiment.method;
  return task.kind === 'classify' ? 'LabelCS' : 'Popularity';
}

/** The classifier and, if the task has one, its own embedding of [TCL]. */
const ownOf = <L>({ head, tcl }: UserModelWeights<L>): Tree<L>[] =>
  tcl === undefined ? [head] : [head, tcl];

/** The last convolution layers, each with its layer norm. */
const lastLayers = <L>({ trunk }: UserModelWeights<L>, count: number): LayerWeights<L>[] =>
  trunk.blocks.flatMap(({ first, second }) => [first, second]).slice(-count);

const secondNorms = <L>({ trunk }: UserModelWeights<L>): L[] =>
  trunk.blocks.flatMap(({ second }) => [second.gain, second.shift]);

/** The selection of weights behind each `Tuned`. */
export const selections: Record<Tuned, <L>(model: UserModelWeights<L>) => Tree<L>[]> = {
  everything: (model) => [model.trunk, model.patches, ...ownOf(model)],
  'patches and classifier': (model) => [model.patches, ...ownOf(model)],
  classifier: ownOf,
  'last layer and classifier': (model) => [...lastLayers(model, 1), ...ownOf(model)],
  'last two layers and classifier': (model) => [...lastLayers(model, 2), ...ownOf(model)],
  'patches, second layer norms and classifier': (model) => [
    model.patches,
    ...secondNorms(model),
    ...ownOf(model),
  ],
};
