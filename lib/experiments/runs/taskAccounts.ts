/** What every method would tune and keep for every task: the accounts of their documents, without training. */

import { random } from '../../base/random';
import type { Task } from '../../data/tasks/tasks';
import type { Direction } from '../../engine/ops/convolution';
import { countWeights, type Weight } from '../../engine/weights';
import { freshTrunk, type TrunkWeights } from '../../model/trunk';
import type { UserModelWeights } from '../../model/userModel';
import type { ParameterAccount } from '../documents/document';
import type { Experiment } from '../methods/experiment';
import type { Method } from '../methods/identity';
import type { Preset } from '../methods/presets';
import { startModel } from '../recipes/finetune';
import { opponentRecipe } from '../recipes/opponents';
import { trunkShape, tuningOf } from '../recipes/settings';
import { pairsOf } from './plan';
import { accountOf, accountOfBaseline, accountOfCounts, fineAllWeights } from './session';

/** The parameters of a model by what they are part of; biases count with their matrices. */
type Components = {
  /** Rows of items, padding, [TCL] and, in a non-causal trunk, [MASK]. */
  readonly embedding: number;
  readonly convolutions: number;
  readonly norms: number;
  readonly patches: number;
  readonly classifier: number;
};

export type TaskAccount = ParameterAccount & {
  readonly task: string;
  readonly method: Method;
  /** Of a model with a trunk. */
  readonly components?: Components;
};

/** Any seed: only item co-occurrence keeps more or less numbers from seed to seed. */
const SEED = 1;

type TrunkOf = (task: Task, direction: Direction) => TrunkWeights<Weight>;

/** The accounts of each method on each task, task by task. */
export function taskAccounts(
  tasks: readonly Task[],
  experiments: readonly Experiment[],
  preset: Preset,
): TaskAccount[] {
  const trunkOf = trunksOf(preset);
  return pairsOf(tasks, [{ on: 'all', experiments }]).map(({ task, experiment }) => ({
    task: task.name,
    method: experiment,
    ...accountFor(task, experiment, preset, trunkOf),
  }));
}

/** A random trunk of the right shape for each source and direction, made once. */
function trunksOf(preset: Preset): TrunkOf {
  const known = new Map<string, TrunkWeights<Weight>>();
  return ({ source }, direction) => {
    const key = JSON.stringify([source.name, direction]);
    const made =
      known.get(key) ?? freshTrunk(trunkShape(source, preset, direction), random(SEED, 'trunk', key));
    known.set(key, made);
    return made;
  };
}

function accountFor(task: Task, experiment: Experiment, preset: Preset, trunkOf: TrunkOf) {
  if (experiment.kind === 'most frequent') return accountOfCounts(task.labels.length);
  if (experiment.kind === 'fine-tuning') {
    const model = startModel(tuningOf(task, experiment, preset), SEED, trunkOf(task, experiment.trunk));
    return { ...accountOf(model, experiment), components: componentsOf(model) };
  }
  const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
  const kept = opponentRecipe(task, experiment, preset).keptWith(SEED);
  const tuned = experiment.model === 'item co-occurrence' ? 0 : kept;
  return accountOfBaseline({ kept, tuned }, fineAll);
}

function componentsOf({ trunk, patches, head }: UserModelWeights<Weight>): Components {
  const layers = trunk.blocks.flatMap(({ first, second }) => [first, second]);
  return {
    embedding: countWeights(trunk.embedding),
    convolutions: countWeights(layers.map(({ kernel, bias }) => [kernel, bias])),
    norms: countWeights(layers.map(({ gain, shift }) => [gain, shift])),
    patches: countWeights(patches),
    classifier: countWeights(head),
  };
}
