/** How long runs will take: what is left to train, times what a step of its kind costs. */
import type { Source } from '../datasets/tasks/source';
import type { Task } from '../datasets/tasks/tasks';
import { methodOf, type Result } from '../documents/document';
import type { Extent } from '../methods/budgets';
import { type Experiment, extentOf } from '../methods/experiment';
import { identityOf } from '../methods/identity';
import type { Preset } from '../methods/presets';
import type { PretrainingSetting } from '../recipes/settings';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Pair } from './pairs';
import { subjectOf } from './runExperiment';
import type { Subject } from './session';
import { subjectOfTrunk, trunksOf } from './trunks';

/** The training behind the documents of one subject; steps and evaluations are those of one seed. */
export type PlannedTraining = {
  readonly kind: StepKind;
  readonly subject: Subject;
  readonly steps: number;
  readonly evaluations: number;
  readonly seeds: number;
};

/** What decides how long a step takes; `task` stands for those with its source and its kind. */
export type StepKind =
  | { readonly of: 'pre-training'; readonly source: Source; readonly direction: Direction }
  | {
      readonly of: 'fine-tuning';
      readonly task: Task;
      readonly direction: Direction;
      readonly tuned: Extent;
    };

/** Seconds of a step and of an evaluation of one kind. */
export type Cost = { readonly step: number; readonly evaluation: number };

/** Steps of one kind have one name. */
export const nameOf = (kind: StepKind): string =>
  kind.of === 'pre-training'
    ? `${kind.direction} pre-training on the source of ${kind.source.name}`
    : `${kind.direction}, ${kind.tuned} tuned, ${kind.task.kind} on the source of ${kind.task.source.name}`;

/** Methods without a trunk take seconds and are left out; MTL trains all that FineAll does. */
function tuningOf(experiment: Experiment): { direction: Direction; tuned: Extent } | undefined {
  if (experiment.trunk === 'none') return undefined;
  const tuned = experiment.kind === 'fine-tuning' ? extentOf(experiment) : 'everything';
  return { direction: experiment.trunk, tuned };
}

function pretrainingOf(trunk: PretrainingSetting, seeds: number): PlannedTraining {
  const { source, shape, budget } = trunk;
  const kind: StepKind = { of: 'pre-training', source, direction: shape.direction };
  return { kind, subject: subjectOfTrunk(trunk), ...stepsOf(budget), seeds };
}

const stepsOf = ({ steps, evaluations }: Pick<PlannedTraining, 'steps' | 'evaluations'>) => ({
  steps,
  evaluations,
});

function fineTuningOf({ preset, seeds }: Bench, pair: Pair): PlannedTraining[] {
  const tuning = tuningOf(pair.experiment);
  if (!tuning) return [];
  const kind: StepKind = { of: 'fine-tuning', task: pair.task, ...tuning };
  return [{ kind, subject: subjectOf(pair), ...stepsOf(preset[pair.task.kind]), seeds }];
}

type Bench = { readonly preset: Preset; readonly seeds: number };

/** All the training that experiments on tasks need. */
export const trainingsOf = (bench: Bench, pairs: readonly Pair[]): PlannedTraining[] => [
  ...trunksOf(bench.preset, pairs).map((trunk) => pretrainingOf(trunk, bench.seeds)),
  ...pairs.flatMap((pair) => fineTuningOf(bench, pair)),
];

/** What is left of the training when the documents of today's code are read instead of computed. */
export function leftOf(
  trainings: readonly PlannedTraining[],
  documents: readonly Result[],
): PlannedTraining[] {
  const nameOf = ({ task, method }: Subject, seed: number) =>
    JSON.stringify([task, identityOf(method), seed]);
  const known = new Set(
    documents.map((run) => nameOf({ task: run.task, metric: run.metric, method: methodOf(run) }, run.seed)),
  );
  return trainings.flatMap((training) => {
    const seeds = Array.from({ length: training.seeds }, (_, i) => i + 1);
    const left = seeds.filter((seed) => !known.has(nameOf(training.subject, seed))).length;
    return left > 0 ? [{ ...training, seeds: left }] : [];
  });
}

/** Seconds of all trainings: steps and evaluations times what one of their kind costs. */
export function secondsOf(trainings: readonly PlannedTraining[], costs: ReadonlyMap<string, Cost>): number {
  return trainings.reduce((sum, { kind, steps, evaluations, seeds }) => {
    const { step, evaluation } = costs.get(nameOf(kind)) as Cost;
    return sum + seeds * (steps * step + evaluations * evaluation);
  }, 0);
}
