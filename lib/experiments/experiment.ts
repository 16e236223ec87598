/** Experiments are plain data; each holds only what differs from `fineTuning`. */
import type { Task } from '../datasets/tasks';
import type { UserModelWeights } from '../model/userModel';
import type { Place } from '../patches/insertion';
import type { Activation, PatchStart } from '../patches/patch';
import type { Tree } from '../tensorflow/weights';

/** What fine-tuning changes; everything else stays bit for bit what it was. */
export type Tuned = 'everything' | 'patches and classifier' | 'classifier';

/** Patches as an experiment declares them; the bottleneck is k / `squeeze`. */
export type Patches = {
  readonly place: Place;
  readonly perBlock: 1 | 2;
  readonly squeeze: number;
  readonly activation: Activation;
  readonly start: PatchStart;
};

/** A method that starts from a trunk and tunes part of it for one task. */
export type FineTuning = {
  readonly kind: 'fine-tuning';
  /** Part of file names. */
  readonly name: string;
  /** What tables and figures call it. */
  readonly method: string;
  readonly start: 'pre-trained' | 'random';
  readonly patches: Patches | null;
  readonly tuned: Tuned;
};

/** LabelCS for profiles, item popularity for recommendation: labels by their frequency in the training part. */
export type MostFrequent = { readonly kind: 'most frequent'; readonly name: string };

export type Experiment = FineTuning | MostFrequent;

/** What tables and figures call an experiment on a task. */
export function methodOf(experiment: Experiment, task: Pick<Task, 'kind'>): string {
  if (experiment.kind === 'fine-tuning') return experiment.method;
  return task.kind === 'classify' ? 'LabelCS' : 'Popularity';
}

/** The selection of weights behind each `Tuned`. */
export const selections: Record<Tuned, <L>(model: UserModelWeights<L>) => Tree<L>[]> = {
  everything: ({ trunk, patches, head }) => [trunk, patches, head],
  'patches and classifier': ({ patches, head }) => [patches, head],
  classifier: ({ head }) => [head],
};
