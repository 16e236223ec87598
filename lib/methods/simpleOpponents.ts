/** What every method has to beat first: on a few thousand users that is hard. In every table of results. */
import { opponents } from '../recipes/baselines';
import type { Experiment, MostFrequent } from './experiment';

/** LabelCS for profiles, item popularity for recommendation. */
export const mostFrequentLabel: MostFrequent = { kind: 'most frequent', name: 'MostFrequent' };

export const simpleOpponents: readonly Experiment[] = [
  mostFrequentLabel,
  opponents.ItemCooccurrence,
  opponents.BagOfItems,
];
