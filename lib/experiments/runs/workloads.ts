/** What units of a plan train: kinds of steps, and how many, at most. */
import type { Source } from '../../data/tasks/source';
import type { Task } from '../../data/tasks/tasks';
import type { TrunkName } from '../../model/trunks/names';
import type { Extent } from '../methods/budgets';
import { extentOf, type Setting } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import { presetOf } from '../methods/space';
import { mtlCourse } from '../recipes/opponents';
import { budgetOf, courseOf, type PretrainingSetting } from '../recipes/settings';
import { learnt, type Pair } from './declaration';
import type { Plan, Unit } from './plan';

/** Passes, steps and evaluations of one training, at most. */
export type Workload = {
  readonly kind: StepKind;
  readonly passes: number;
  readonly steps: number;
  readonly evaluations: number;
};

/** What decides the cost of a step; `task` stands for all with its source and kind. */
export type StepKind =
  | { readonly of: 'pre-training'; readonly source: Source; readonly trunk: TrunkName }
  | {
      readonly of: 'fine-tuning';
      readonly task: Task;
      readonly trunk: TrunkName;
      /** `jointly`: with the loss of the source. */
      readonly tuned: Extent | 'jointly';
      readonly setting: Setting;
    };

/** One seed of a trunk. */
const workloadOfTrunk = (trunk: PretrainingSetting): Workload => {
  const { source, shape, passes, steps, evaluations } = trunk;
  return { kind: { of: 'pre-training', source, trunk: shape.trunk }, passes, steps, evaluations };
};

/** One seed of an experiment on a task; undefined for methods without a trunk, which take seconds. */
function workloadOfPair(preset: Preset, { task, experiment }: Pair): Workload | undefined {
  if (experiment.trunk === 'none') return undefined;
  const isTuning = experiment.kind === 'fine-tuning';
  const { passes, steps, evaluations } = isTuning
    ? courseOf(task, budgetOf(task.kind, experiment, preset), preset)
    : mtlCourse(task, presetOf(preset, experiment, task.kind));
  const tuned = isTuning ? extentOf(experiment) : 'jointly';
  const setting = isTuning ? experiment.setting : 'paper';
  const kind: StepKind = { of: 'fine-tuning', task, trunk: experiment.trunk, tuned, setting };
  return { kind, passes, steps, evaluations };
}

/** What units of a plan train, without those that take seconds. */
export const workloadsOf = ({ jobs, session }: Plan, units: readonly Unit[]): Workload[] =>
  units.flatMap(({ place }) => {
    const { about } = jobs[place];
    return (
      ('experiment' in about ? workloadOfPair(session.preset, learnt(about)) : workloadOfTrunk(about)) ?? []
    );
  });
