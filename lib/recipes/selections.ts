import { byChoice } from '../choice';
import type { FineTuning, Tuned } from '../methods/experiment';
import { isOwn } from '../methods/own/own';
import type { LayerWeights } from '../model/block';
import type { UserModelWeights } from '../model/userModel';
import type { Tree } from '../tensorflow/weights';
import { ownSelection, type Select } from './ownFunctions';

/** The classifier and, if the task has one, its own embedding of [TCL]. */
const ownOf = <L>({ head, tcl }: UserModelWeights<L>): Tree<L>[] =>
  tcl === undefined ? [head] : [head, tcl];

/** The last convolution layers, each with its layer norm. */
const lastLayers = <L>({ trunk }: UserModelWeights<L>, count: number): LayerWeights<L>[] =>
  trunk.blocks.flatMap(({ first, second }) => [first, second]).slice(-count);

const secondNorms = <L>({ trunk }: UserModelWeights<L>): L[] =>
  trunk.blocks.flatMap(({ second }) => [second.gain, second.shift]);

/** The selection of weights behind each `Tuned`. */
export const selections: Record<Tuned, Select> = byChoice({
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
});

/** What an experiment tunes. */
export const selectionOf = ({ tuned }: Pick<FineTuning, 'tuned'>): Select =>
  isOwn(tuned) ? ownSelection(tuned) : selections[tuned];
