/** Weights that every method would tune and keep for every task: the accounts of their documents, without training. */
import { random } from '../../base/random';
import type { Task } from '../../data/tasks/tasks';
import { countWeights, type Weight } from '../../engine/weights';
import { freshTrunk, layersOf, type TrunkShape, type TrunkWeights } from '../../model/trunks/trunk';
import type { UserModelWeights } from '../../model/userModel';
import type { ParameterAccount } from '../documents/document';
import type { Experiment, FineTuning } from '../methods/experiment';
import type { Method } from '../methods/identity';
import type { Preset } from '../methods/presets';
import { opponentRecipe } from '../opponents/opponents';
import { account, accountOf, accountOfCounts } from '../recipes/accounts';
import { startModel } from '../recipes/finetune';
import { tuningIn } from '../recipes/settings';
import { resolve } from '../resolve/resolve';
import { taskOf } from './data';

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
  const trunkFor = ({ source }: Task, shape: TrunkShape) => {
    const key = JSON.stringify([source.name, shape.trunk]);
    const trunk = trunks.get(key) ?? freshTrunk(shape, random(SEED, 'trunk', key));
    trunks.set(key, trunk);
    return trunk;
  };
  const jobs = resolve([{ on: 'all', experiments }], { data: '', tasks, preset, seeds: [SEED] });
  return jobs.flatMap(({ record, about: { declared } }): TaskAccount[] => {
    if (record.kind === 'trunk' || !declared) return [];
    const task = taskOf(record, tasks);
    const about = { task: task.name, method: declared };
    if (record.kind === 'most frequent') return [{ ...about, ...accountOfCounts(task.labels.length) }];
    if (record.kind === 'opponent') {
      const kept = opponentRecipe(record, task).keptWith(SEED);
      const tuned = record.model === 'item co-occurrence' ? 0 : kept;
      return [{ ...about, ...account(kept, tuned, record.fineAll) }];
    }
    const tuning = tuningIn(record, task);
    const model = startModel(tuning, SEED, trunkFor(task, tuning.model.shape));
    return [{ ...about, ...accountOf(model, tuning.choices), components: componentsOf(model, record) }];
  });
}

function componentsOf(
  { trunk, patches, items, past, others, head }: UserModelWeights<Weight>,
  of: Pick<FineTuning, 'trunk'>,
): Components {
  const embedding = countWeights(trunk.embedding);
  const norms = countWeights(layersOf(trunk, of).map((layer) => layer.norms));
  return {
    embedding,
    layers: countWeights(trunk) - embedding - norms,
    norms,
    patches: countWeights([patches, items ?? [], past ?? [], others ?? []]),
    classifier: countWeights(head),
  };
}
