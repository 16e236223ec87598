/** A made-up data set that trains in seconds: forty users, a source of twelve items and two tasks on it. */

import type { Source } from '../../../lib/data/tasks/source';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { type Preset, presets } from '../../../lib/experiments/methods/presets';
import { numbered, taskOn } from '../../data/tasks/taskWith';

const USERS = Array.from({ length: 40 }, (_, user) => user);

export const source: Source = {
  name: 'Films',
  items: numbered('film', 12),
  users: numbered('user', USERS.length),
  /** Four to eight items; who starts at an even item goes on in steps of two, others in steps of five. */
  sequences: USERS.map((user) =>
    Int32Array.from({ length: 4 + (user % 5) }, (_, i) => 1 + ((user + i * (user % 2 ? 5 : 2)) % 12)),
  ),
  /** Up to two windows of earlier items. */
  preceding: USERS.map((user) =>
    Int32Array.from({ length: 4 * (user % 5) }, (_, i) => 1 + ((user + i) % 12)),
  ),
  length: 8,
};

/** One of ten news items for each user. */
export const news = taskOn(
  source,
  { name: 'News', kind: 'recommend', labels: numbered('news', 10) },
  USERS.map((user) => [user % 10]),
);

/** Whether the user is odd. */
export const parity = taskOn(
  source,
  { name: 'Parity', kind: 'classify', labels: ['even', 'odd'] },
  USERS.map((user) => [user % 2]),
);

/** Four steps, however few make a pass. */
const four = { passes: 1000, steps: 4, evaluations: 2 };

export const preset: Preset = {
  ...presets.quick,
  channels: 8,
  dilations: [1, 2],
  pretraining: {
    nextItem: { ...presets.quick.pretraining.nextItem, batch: 8, rate: 0.01, ...four },
    maskedItems: { ...presets.quick.pretraining.maskedItems, batch: 8, rate: 0.01, ...four },
  },
  recommend: { batch: 8, rates: { everything: 0.01, part: 0.01 }, dropout: 0, ...four },
  classify: { batch: 8, rates: { everything: 0.01, part: 0.01 }, dropout: 0, ...four },
};

/** A method on the causal trunk by its id. */
export function fineTuning(id: string): FineTuning {
  return Object.values(causal).find((method) => method.id === id) as FineTuning;
}
