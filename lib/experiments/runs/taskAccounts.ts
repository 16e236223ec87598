/** What every method would tune and keep for every task: the accounts of their documents, without training. */

import { random } from '../../base/random';
import type { Task } from '../../data/tasks/tasks';
import { countWeights, type Weight } from '../../engine/weights';
import type { TrunkName } from '../../model/trunks/names';
import { freshTrunk, layersOf, type TrunkWeights } from '../../model/trunks/trunk';
import type { UserModelWeights } from '../../model/userModel';
import type { ParameterAccount } from '../documents/document';
import type { Experiment, FineTuning } from '../methods/experiment';
import type { Method } from '../methods/identity';
import type { Preset } from '../methods/presets';
import { startModel } from '../recipes/finetune';
import { opponentRecipe } from '../recipes/opponents';
import { trunkShape, tuningOf } from '../recipes/settings';
import { pairsOf } from './pairs';
import { account, accountOf, accountOfCounts, fineAllWeights } from './session';

/** The parameters of a model by what they are part of; biases count with their matrices. */
type Components = {
  /** Rows of items, padding, [TCL] and, in a non-causal trunk, [MASK]. */
  readonly embedding: number;
  /** Without their norms. */
  readonly layers: number;
  readonly norms: number;
  readonly patches: number;
  readonly classifier: number;
};

export type TaskAccount = ParameterAccount & {
  readonly task: string;
  readonly method: Method;
  /** Of a fine-tuned model; absent for opponents, MTL among them. */
  readonly components?: Components;
};

/** Any seed: all seeds keep as many numbers, but for item co-occurrence. */
const SEED = 1;

/** The accounts of each method on each task, task by task; on a random trunk of each source and kind. */
export function taskAccounts(
  tasks: readonly Task[],
  experiments: readonly Experiment[],
  preset: Preset,
): TaskAccount[] {
  const trunks = new Map<string, TrunkWeights<Weight>>();
  const trunkOf = ({ source }: Task, name: TrunkName) => {
    const key = JSON.stringify([source.name, name]);
    const shape = trunkShape(source, preset, name);
    const trunk = trunks.get(key) ?? freshTrunk(shape, random(SEED, 'trunk', key));
    trunks.set(key, trunk);
    return trunk;
  };
  return pairsOf(tasks, [{ on: 'all', experiments }]).map(({ task, experiment }) => {
    const about = { task: task.name, method: experiment };
    if (experiment.kind === 'most frequent') return { ...about, ...accountOfCounts(task.labels.length) };
    if (experiment.kind === 'fine-tuning') {
      const model = startModel(tuningOf(task, experiment, preset), SEED, trunkOf(task, experiment.trunk));
      return { ...about, ...accountOf(model, experiment), components: componentsOf(model, experiment) };
    }
    const fineAll = fineAllWeights(trunkShape(task.source, preset, 'causal'), task.labels.length);
    const kept = opponentRecipe(task, experiment, preset).keptWith(SEED);
    return { ...about, ...account(kept, experiment.model === 'item co-occurrence' ? 0 : kept, fineAll) };
  });
}

function componentsOf(
  { trunk, patches, items, others, head }: UserModelWeights<Weight>,
  of: FineTuning,
): Components {
  const embedding = countWeights(trunk.embedding);
  const norms = countWeights(layersOf(trunk, of).map((layer) => layer.norms));
  return {
    embedding,
    layers: countWeights(trunk) - embedding - norms,
    norms,
    patches: countWeights([patches, items ?? [], others ?? []]),
    classifier: countWeights(head),
  };
}
