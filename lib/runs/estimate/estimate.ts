/** How long runs will take: what is left to train, times what a step of its kind costs. */
import type { Source } from '../../datasets/tasks/source';
import type { Task } from '../../datasets/tasks/tasks';
import type { Key } from '../../documents/store';
import type { Extent, Length } from '../../methods/budgets';
import { type Experiment, extentOf, type Setting } from '../../methods/experiment';
import type { Preset } from '../../methods/presets';
import { budgetOf, courseOf, type PretrainingSetting } from '../../recipes/settings';
import type { Direction } from '../../tensorflow/ops/convolution';
import { keyOfPair } from '../jobs/experimentJob';
import type { Pair } from '../jobs/pairs';
import { keyOfTrunk, trunksOf } from '../jobs/trunks';
import type { Session } from '../session/session';

/** The training behind the documents of one experiment or trunk, a document a seed. */
export type PlannedTraining = Budgeted & {
  readonly kind: StepKind;
  readonly keys: readonly Key[];
};

/** Passes, steps and evaluations of one seed, at most. */
type Budgeted = { readonly passes: number; readonly steps: number; readonly evaluations: number };

/** What decides how long a step takes; `task` stands for those with its source and its kind. */
export type StepKind =
  | { readonly of: 'pre-training'; readonly source: Source; readonly direction: Direction }
  | {
      readonly of: 'fine-tuning';
      readonly task: Task;
      readonly direction: Direction;
      readonly tuned: Extent;
      readonly setting: Setting;
    };

/** Seconds of a step and of an evaluation of one kind. */
export type Cost = { readonly step: number; readonly evaluation: number };

/** Steps of one kind have one name. */
export const nameOf = (kind: StepKind): string =>
  kind.of === 'pre-training'
    ? `${kind.direction} pre-training on the source of ${kind.source.name}`
    : `${kind.direction}, ${kind.tuned} tuned, ${kind.task.kind} on the source of ${kind.task.source.name}${kind.setting === 'best' ? ', best setting' : ''}`;

/** What is planned: sizes and budgets, the code whose documents count, and the seeds. */
export type Estimated = Pick<Session, 'preset' | 'code'> & { readonly seeds: readonly number[] };

const lengthIn = ({ passes, steps, evaluations }: Budgeted): Budgeted => ({ passes, steps, evaluations });

function trunkTraining(of: Estimated, trunk: PretrainingSetting): PlannedTraining {
  const { source, shape } = trunk;
  return {
    kind: { of: 'pre-training', source, direction: shape.direction },
    keys: of.seeds.map((seed) => keyOfTrunk(of, trunk, seed)),
    ...lengthIn(trunk),
  };
}

/** Methods without a trunk take seconds and are left out. */
function taskTraining(of: Estimated, pair: Pair): PlannedTraining[] {
  const { task, experiment } = pair;
  if (experiment.trunk === 'none') return [];
  const kind: StepKind = {
    ...{ of: 'fine-tuning', task, direction: experiment.trunk, tuned: tunedBy(experiment) },
    setting: experiment.kind === 'fine-tuning' ? experiment.setting : 'paper',
  };
  const keys = of.seeds.map((seed) => keyOfPair(of, pair, seed));
  return [{ kind, keys, ...lengthIn(courseOf(task, lengthOf(of.preset, pair), of.preset)) }];
}

/** MTL trains all that FineAll does. */
const tunedBy = (experiment: Experiment): Extent =>
  experiment.kind === 'fine-tuning' ? extentOf(experiment) : 'everything';

const lengthOf = (preset: Preset, { task: { kind }, experiment }: Pair): Length =>
  experiment.kind === 'fine-tuning' ? budgetOf(kind, experiment, preset) : preset.baselines.MTL[kind];

/** All the training that experiments on tasks need. */
export const trainingsOf = (of: Estimated, pairs: readonly Pair[]): PlannedTraining[] => [
  ...trunksOf(of.preset, pairs).map((trunk) => trunkTraining(of, trunk)),
  ...pairs.flatMap((pair) => taskTraining(of, pair)),
];

/** What is left of the training when the documents that are there are read instead of computed. */
export const leftOf = (
  trainings: readonly PlannedTraining[],
  isThere: (key: Key) => boolean,
): PlannedTraining[] =>
  trainings
    .map((training) => ({ ...training, keys: training.keys.filter((key) => !isThere(key)) }))
    .filter(({ keys }) => keys.length > 0);

/** Seconds of one seed of a training: steps and evaluations times what one of their kind costs. */
export function secondsOfSeed(
  { kind, steps, evaluations }: PlannedTraining,
  costs: ReadonlyMap<string, Cost>,
): number {
  const { step, evaluation } = costs.get(nameOf(kind)) as Cost;
  return steps * step + evaluations * evaluation;
}

/** Seconds of all trainings. */
export const secondsOf = (trainings: readonly PlannedTraining[], costs: ReadonlyMap<string, Cost>): number =>
  trainings.reduce((sum, training) => sum + training.keys.length * secondsOfSeed(training, costs), 0);

/** Seconds of all trainings where so many take place at once, the trunks before what starts from them. */
export function secondsAtOnce(
  trainings: readonly PlannedTraining[],
  costs: ReadonlyMap<string, Cost>,
  atOnce: number,
): number {
  const stages = ['pre-training', 'fine-tuning'] as const;
  return stages.reduce((sum, stage) => {
    const own = trainings.filter(({ kind }) => kind.of === stage);
    const longest = Math.max(0, ...own.map((one) => secondsOfSeed(one, costs)));
    return sum + Math.max(longest, secondsOf(own, costs) / atOnce);
  }, 0);
}
