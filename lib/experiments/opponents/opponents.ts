/** The opponents of RQ3, and the simple ones that every method has to beat first. */
import { byChoice } from '../../base/choice';
import type { Task } from '../../data/tasks/tasks';
import { type Length, shortened } from '../methods/budgets';
import type { Against, Experiment, MostFrequent } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { tunedAs } from '../methods/space';
import type { OpponentRecord } from '../records/record';
import { bagOfItems } from './bagOfItems';
import { deepFM } from './deepFM';
import { ease } from './ease';
import { itemCooccurrence } from './itemCooccurrence';
import { mtl } from './mtl';
import { neuFM } from './neuFM';
import type { Opponent, OpponentBudget, OpponentRecipe } from './opponent';

/** Every opponent by its model. */
const listed = byChoice({
  'item co-occurrence': itemCooccurrence,
  'bag of items': bagOfItems,
  EASE: ease,
  NeuFM: neuFM,
  DeepFM: deepFM,
  MTL: mtl,
});
export const opponentModels = Object.keys(listed);

/** An opponent by its model. */
export const opponentOf = (model: string): Opponent =>
  listed[model as keyof typeof listed] as unknown as Opponent;

/** An opponent on a task. */
export const opponentRecipe = (record: OpponentRecord, task: Task): OpponentRecipe =>
  opponentOf(record.model).recipe(record, task);

/** The budget of an opponent on tasks of a kind, with a preset's changes and what was chosen for it. */
export function opponentBudget(preset: Preset, experiment: Against, kind: Task['kind']): OpponentBudget {
  const { level, changes, share = 1 } = preset.opponents;
  const budget = {
    ...opponentOf(experiment.model).budgets[level][kind],
    ...changes?.[experiment.model],
    ...preset.chosen[kind][tunedAs(experiment)],
  };
  return 'passes' in budget ? shortened(budget as Length & OpponentBudget, share) : budget;
}

export const opponents = {
  ItemCooccurrence: itemCooccurrence.method,
  BagOfItems: bagOfItems.method,
  EASE: ease.method,
  NeuFM: neuFM.method,
  DeepFM: deepFM.method,
  MTL: mtl.method,
} satisfies Record<string, Against>;

const mostFrequent = (id: string, of: Task['kind']): MostFrequent => {
  return { kind: 'most frequent', id, label: id, trunk: 'none', of };
};

/** The most frequent label, on profile tasks and on recommendation tasks. */
export const LabelCS = mostFrequent('LabelCS', 'classify');
export const Popularity = mostFrequent('Popularity', 'recommend');
export const untrained: readonly MostFrequent[] = [LabelCS, Popularity];

/** In every table of results: on a few thousand users they are hard to beat. */
export const simpleOpponents: readonly Experiment[] = [
  ...untrained,
  opponents.ItemCooccurrence,
  opponents.BagOfItems,
  opponents.EASE,
];
