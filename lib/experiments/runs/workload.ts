/** How long trainings take: steps and evaluations, times the cost of one of their kind. */
import type { Source } from '../../data/tasks/source';
import type { Task } from '../../data/tasks/tasks';
import type { Direction } from '../../engine/ops/convolution';
import type { Extent } from '../methods/budgets';
import { extentOf, type Setting } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { mtlCourse } from '../recipes/mtl';
import { budgetOf, courseOf, type PretrainingSetting } from '../recipes/settings';
import type { Pair } from './declaration';

/** Passes, steps and evaluations of one training, at most. */
export type Workload = {
  readonly kind: StepKind;
  readonly passes: number;
  readonly steps: number;
  readonly evaluations: number;
};

/** What decides the cost of a step; `task` stands for all with its source and kind. */
export type StepKind =
  | { readonly of: 'pre-training'; readonly source: Source; readonly direction: Direction }
  | {
      readonly of: 'fine-tuning';
      readonly task: Task;
      readonly direction: Direction;
      /** `jointly`: with the loss of the source. */
      readonly tuned: Extent | 'jointly';
      readonly setting: Setting;
    };

/** Identifies steps of one kind. */
export const nameOf = (kind: StepKind): string =>
  kind.of === 'pre-training'
    ? `${kind.direction} pre-training on the source of ${kind.source.name}`
    : `${kind.direction}, ${kind.tuned} tuned, ${kind.task.kind} on the source of ${kind.task.source.name}${kind.setting === 'best' ? ', best setting' : ''}`;

/** One seed of a trunk. */
export const workloadOfTrunk = (trunk: PretrainingSetting): Workload => {
  const { source, shape, passes, steps, evaluations } = trunk;
  return { kind: { of: 'pre-training', source, direction: shape.direction }, passes, steps, evaluations };
};

/** One seed of an experiment on a task; undefined for methods without a trunk, which take seconds. */
export function workloadOfPair(preset: Preset, { task, experiment }: Pair): Workload | undefined {
  if (experiment.trunk === 'none') return undefined;
  const isTuning = experiment.kind === 'fine-tuning';
  const { passes, steps, evaluations } = isTuning
    ? courseOf(task, budgetOf(task.kind, experiment, preset), preset)
    : mtlCourse(task, preset);
  const tuned = isTuning ? extentOf(experiment) : 'jointly';
  const setting = isTuning ? experiment.setting : 'paper';
  const kind: StepKind = { of: 'fine-tuning', task, direction: experiment.trunk, tuned, setting };
  return { kind, passes, steps, evaluations };
}

/** Seconds of a step and of an evaluation of one kind. */
export type Cost = { readonly step: number; readonly evaluation: number };

/** By the names of kinds. */
export type Costs = ReadonlyMap<string, Cost>;

/** The kinds of steps of workloads, each once. */
export function kindsOf(workloads: readonly Workload[]): StepKind[] {
  const found = new Map(workloads.map(({ kind }): [string, StepKind] => [nameOf(kind), kind]));
  return [...found.values()];
}

/** Seconds of one training. */
export function secondsOfOne({ kind, steps, evaluations }: Workload, costs: Costs): number {
  const { step, evaluation } = costs.get(nameOf(kind)) as Cost;
  return steps * step + evaluations * evaluation;
}

/** Seconds of all, one after the other. */
export const secondsOf = (workloads: readonly Workload[], costs: Costs): number =>
  workloads.reduce((sum, workload) => sum + secondsOfOne(workload, costs), 0);

/** Seconds of the longest training. */
export const longestOf = (workloads: readonly Workload[], costs: Costs): number =>
  Math.max(0, ...workloads.map((one) => secondsOfOne(one, costs)));

/** Seconds of all with so many trainings side by side, trunks before what starts from them. */
export function secondsAtOnce(workloads: readonly Workload[], costs: Costs, atOnce: number): number {
  const stages = ['pre-training', 'fine-tuning'] as const;
  return stages.reduce((sum, stage) => {
    const own = workloads.filter(({ kind }) => kind.of === stage);
    return sum + Math.max(longestOf(own, costs), secondsOf(own, costs) / atOnce);
  }, 0);
}
