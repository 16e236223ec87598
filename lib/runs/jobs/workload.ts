/** What decides how long the training behind a document takes. */
import type { Source } from '../../datasets/tasks/source';
import type { Task } from '../../datasets/tasks/tasks';
import type { Extent } from '../../methods/budgets';
import { type Experiment, extentOf, type Setting } from '../../methods/experiment';
import type { Preset } from '../../methods/presets';
import { mtlCourse } from '../../recipes/mtl';
import { budgetOf, courseOf, type PretrainingSetting } from '../../recipes/settings';
import type { Direction } from '../../tensorflow/ops/convolution';
import type { Pair } from './pairs';

/** Passes, steps and evaluations of one kind, at most. */
export type Workload = {
  readonly kind: StepKind;
  readonly passes: number;
  readonly steps: number;
  readonly evaluations: number;
};

/** What decides how long a step takes; `task` stands for those with its source and its kind. */
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

/** Steps of one kind have one name. */
export const nameOf = (kind: StepKind): string =>
  kind.of === 'pre-training'
    ? `${kind.direction} pre-training on the source of ${kind.source.name}`
    : `${kind.direction}, ${kind.tuned} tuned, ${kind.task.kind} on the source of ${kind.task.source.name}${kind.setting === 'best' ? ', best setting' : ''}`;

/** One seed of a trunk. */
export function workloadOfTrunk({ source, shape, passes, steps, evaluations }: PretrainingSetting): Workload {
  return { kind: { of: 'pre-training', source, direction: shape.direction }, passes, steps, evaluations };
}

/** One seed of an experiment on a task; nothing for methods without a trunk, which take seconds. */
export function workloadOfPair(preset: Preset, pair: Pair): Workload | undefined {
  const { task, experiment } = pair;
  if (experiment.trunk === 'none') return undefined;
  const kind: StepKind = {
    ...{ of: 'fine-tuning', task, direction: experiment.trunk, tuned: tunedBy(experiment) },
    setting: experiment.kind === 'fine-tuning' ? experiment.setting : 'paper',
  };
  const { passes, steps, evaluations } =
    experiment.kind === 'fine-tuning'
      ? courseOf(task, budgetOf(task.kind, experiment, preset), preset)
      : mtlCourse(task, preset);
  return { kind, passes, steps, evaluations };
}

const tunedBy = (experiment: Experiment): Extent | 'jointly' =>
  experiment.kind === 'fine-tuning' ? extentOf(experiment) : 'jointly';
