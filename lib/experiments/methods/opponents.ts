/** The opponents of RQ3, and the simple ones that every method has to beat first. */
import type { Task } from '../../data/tasks/tasks';
import type { Baseline, Experiment, MostFrequent } from './experiment';

const opponent = (id: string, model: Baseline['model'], label = id): Baseline => {
  return { kind: 'baseline', id, label, trunk: 'none', model };
};

export const opponents = {
  ItemCooccurrence: opponent('ItemCooccurrence', 'item co-occurrence', 'Item co-occurrence'),
  BagOfItems: opponent('BagOfItems', 'bag of items', 'Bag of items'),
  NeuFM: opponent('NeuFM', 'NeuFM'),
  DeepFM: opponent('DeepFM', 'DeepFM'),
  MTL: { ...opponent('MTL', 'MTL'), trunk: 'causal' },
} satisfies Record<string, Baseline>;

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
];
