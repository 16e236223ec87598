/** Selections of the weights that a task tunes, by the names that experiments give. `L` is the leaf of a weight tree. */
import { byChoice, described } from '../../base/choice';
import { UserError } from '../../base/userError';
import type { Tree } from '../../engine/weights';
import type { Layer } from '../trunks/architecture';
import type { UserModelWeights } from '../userModel';
import { belowLast, type Selection, wholeTrunk, wholeVector } from './selection';

/** The classifier, and the task's own embedding of [TCL] if it has one. */
const ownOf = <L>({ head, tcl }: UserModelWeights<L>): Tree<L>[] =>
  tcl === undefined ? [head] : [head, tcl];

/** Patches of blocks, and those of items, on the embedding and past the trunk. */
const patchesOf = <L>({ patches, items, past }: UserModelWeights<L>): Tree<L> => [
  patches as Tree<L>,
  ...(items ? [items] : []),
  ...(past ? [past] : []),
];

/** The last layers with their layer norms. */
const last = <L>(layers: readonly Layer<L>[], count: number): Tree<L>[] =>
  layers.slice(-count).map(({ all }) => all);

/** The norms of the second layer of each block. */
const secondNorms = <L>(layers: readonly Layer<L>[]): L[] =>
  layers.filter((_, i) => i % 2 === 1).flatMap(({ norms }) => norms);

/** Gains and shifts; throws a UserError where a trunk has no norm. */
function normsOf<L>(layers: readonly Layer<L>[]): readonly L[] {
  const norms = layers.flatMap((layer) => layer.norms);
  if (norms.length > 0) return norms;
  throw new UserError('tuned norms and classifier: expected a trunk with norms, found one without');
}

const listed = byChoice({
  everything: {
    ...described({ about: 'the trunk tuned too', patches: 'if any' }),
    extent: 'everything',
    weights: (model) => [model.trunk, patchesOf(model), ...ownOf(model)],
  },
  'patches and classifier': {
    ...described({ about: 'patches and the classifier tuned', patches: 'needed' }),
    weights: (model) => [patchesOf(model), ...ownOf(model)],
    frozen: (model) => wholeTrunk(model) ?? wholeVector(model),
  },
  classifier: {
    ...described({ about: 'the classifier tuned, patches as they start' }),
    weights: ownOf,
    frozen: wholeVector,
  },
  'last layer and classifier': {
    ...described({ about: 'the last layer tuned, patches as they start' }),
    weights: (model, layers) => [...last(layers, 1), ...ownOf(model)],
    frozen: belowLast,
  },
  'last two layers and classifier': {
    ...described({ about: 'the last two layers tuned, patches as they start', layers: 2 }),
    weights: (model, layers) => [...last(layers, 2), ...ownOf(model)],
    frozen: belowLast,
  },
  'embedding and classifier': {
    ...described({ about: 'the item embedding tuned, patches as they start' }),
    weights: (model) => [model.trunk.embedding, ...ownOf(model)],
  },
  /** BitFit (Ben Zaken et al. 2022): every bias, and the shifts of norms. */
  'biases and classifier': {
    ...described({
      about: 'biases and shifts tuned, BitFit, patches as they start',
      cites:
        '@inproceedings{BitFit, author = {Ben Zaken, Elad and Goldberg, Yoav and Ravfogel, Shauli}, title = {{BitFit}: Simple Parameter-efficient Fine-tuning for Transformer-based Masked Language-models}, booktitle = {ACL}, year = {2022}, doi = {10.18653/v1/2022.acl-short.1}}',
    }),
    weights: (model, layers) => [...layers.flatMap(({ biases }) => biases), ...ownOf(model)],
  },
  'norms and classifier': {
    ...described({ about: 'norms tuned, patches as they start', norms: true }),
    weights: (model, layers) => [...normsOf(layers), ...ownOf(model)],
  },
  'patches, second layer norms and classifier': {
    ...described({
      about: 'second layer norms tuned too, as in the authors’ code',
      patches: 'needed',
      norms: true,
    }),
    weights: (model, layers) => [patchesOf(model), ...secondNorms(layers), ...ownOf(model)],
  },
} satisfies Record<string, Selection>);
export type Tuned = keyof typeof listed;
export const selections: Readonly<Record<Tuned, Selection>> = listed;
export const selectionNames = Object.keys(selections) as [Tuned, ...Tuned[]];
