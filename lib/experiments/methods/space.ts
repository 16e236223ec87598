/** The search space of tuning. */
import type { Task } from '../../data/tasks/tasks';
import type { BaselineBudgets } from './budgets';
import type { Experiment } from './experiment';
import { identityOf } from './identity';
import type { Choice, Preset } from './presets';

type Bound = { readonly from: number; readonly to: number; readonly scale: 'linear' | 'log' };

/** Bounds by hyper-parameter. */
export type Space = Readonly<Record<string, Bound>>;

const rate: Bound = { from: 0.0003, to: 0.02, scale: 'log' };
const dropout: Bound = { from: 0, to: 0.7, scale: 'linear' };

const ofModels: Readonly<Record<keyof BaselineBudgets, Space>> = {
  'item co-occurrence': {
    item: { from: 0.5, to: 1, scale: 'linear' },
    label: { from: 0, to: 0.75, scale: 'linear' },
    shrink: { from: 0.1, to: 100, scale: 'log' },
  },
  'bag of items': { rate, decay: { from: 0.00001, to: 0.01, scale: 'log' } },
  NeuFM: { rate, dropout },
  DeepFM: { rate, dropout },
  MTL: { rate, dropout, lambda: { from: 0.1, to: 1000, scale: 'log' } },
};

/** The hyper-parameters of a method; none of one that counts labels. */
export function spaceOf(experiment: Experiment): Space {
  if (experiment.kind === 'most frequent') return {};
  return experiment.kind === 'baseline' ? ofModels[experiment.model] : { rate, dropout };
}

const DIGITS = 3;

/** The values at a point of [0, 1)^n, in the order of the bounds, to three digits. */
export function choiceAt(space: Space, point: readonly number[]): Choice {
  const placed = ({ from, to, scale }: Bound, x: number) =>
    scale === 'log' ? from * (to / from) ** x : from + (to - from) * x;
  const values = Object.entries(space).map(([name, bound], i) => [name, placed(bound, point[i])] as const);
  return Object.fromEntries(values.map(([name, value]) => [name, Number(value.toPrecision(DIGITS))]));
}

/** The key of a method's tuned values, whatever share of the data it learns from. */
export const tunedAs = ({ id, trunk }: Experiment): string => identityOf({ id, trunk });

/** The preset with tuned values of one method on tasks of a kind. */
export function withChoice(
  preset: Preset,
  experiment: Experiment,
  kind: Task['kind'],
  choice: Choice | undefined,
): Preset {
  if (choice === undefined || experiment.kind === 'most frequent') return preset;
  if (experiment.kind === 'fine-tuning') {
    const { chosen } = preset;
    return {
      ...preset,
      chosen: { ...chosen, [kind]: { ...chosen[kind], [tunedAs(experiment)]: choice } },
    };
  }
  const { baselines } = preset;
  const own = baselines[experiment.model];
  const changed = { ...own, [kind]: { ...own[kind], ...choice } };
  return { ...preset, baselines: { ...baselines, [experiment.model]: changed } };
}
