/** The search space of tuning, and what it chose. */
import type { Task } from '../../data/tasks/tasks';
import { type Experiment, type FineTuning, isOther } from './experiment';
import { identityOf } from './identity';
import type { Choice, Preset } from './presets';

type Bound = { readonly from: number; readonly to: number; readonly scale: 'linear' | 'log' };

/** Bounds by hyper-parameter. */
export type Space = Readonly<Record<string, Bound>>;

/** Of learning rates, for every method. */
export const RATES = { from: 0.0001, to: 0.03 } as const;
const rate: Bound = { ...RATES, scale: 'log' };
const dropout: Bound = { from: 0, to: 0.7, scale: 'linear' };
const decay: Bound = { from: 0.000001, to: 0.01, scale: 'log' };
/** The bottleneck is k / `squeeze`. */
const squeeze: Bound = { from: 2, to: 32, scale: 'log' };
/** Bounds that methods share. */
export const SPACE = { rate, dropout, decay, ofSteps: { rate, dropout } } as const;

/** The paper fixes the size of patches and has no decay: both are open in the best setting only, sizes where the method declares none. */
export const spaceOfTuning = ({ setting, patches, size }: FineTuning): Space => ({
  rate,
  dropout,
  ...(setting === 'best' ? { decay, ...(patches && !size && !isOther(patches) ? { squeeze } : {}) } : {}),
});

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
  if (choice === undefined) return preset;
  const chosen = { ...preset.chosen[kind], [tunedAs(experiment)]: choice };
  return { ...preset, chosen: { ...preset.chosen, [kind]: chosen } };
}

/** The method with patches of the size that was chosen for it. */
export function sizedAs<E extends Experiment>(experiment: E, preset: Preset, kind: Task['kind']): E {
  const { fused } = experiment as Partial<FineTuning>;
  if (fused)
    return { ...experiment, fused: { ...fused, experiment: sizedAs(fused.experiment, preset, kind) } };
  const { squeeze } = preset.chosen[kind][tunedAs(experiment)] ?? {};
  const { patches } = experiment as Partial<FineTuning>;
  if (squeeze === undefined || !patches || isOther(patches)) return experiment;
  return { ...experiment, patches: { ...patches, squeeze } };
}
