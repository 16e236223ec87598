/** How long runs will take: what is left to train, times what a step of its kind costs. */
import type { Source } from '../datasets/tasks/source';
import type { Task } from '../datasets/tasks/tasks';
import type { Result } from '../documents/document';
import type { Extent } from '../methods/budgets';
import { type Experiment, extentOf } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import type { Direction } from '../tensorflow/ops/convolution';
import { pretrainingKey } from './trunks';

/** Experiments on tasks with a preset, for a number of seeds. */
export type Planned = {
  readonly preset: Preset;
  readonly tasks: readonly Task[];
  readonly experiments: readonly Experiment[];
  readonly seeds: number;
};

/** Training that one document a seed tells of; steps and evaluations are those of one seed. */
export type Stretch = {
  readonly kind: StepKind;
  readonly task: string;
  readonly experiment: string;
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
  if (experiment.kind === 'fine-tuning') return { direction: experiment.trunk, tuned: extentOf(experiment) };
  if (experiment.kind === 'baseline' && experiment.model === 'MTL')
    return { direction: 'causal', tuned: 'everything' };
  return undefined;
}

function pretrainingOf(
  { preset, seeds }: Planned,
  { source }: Task,
  experiment: Experiment,
): Stretch | undefined {
  if (experiment.kind !== 'fine-tuning' || experiment.start !== 'pre-trained') return undefined;
  const { steps, evaluations } = preset.pretraining[experiment.trunk];
  const kind: StepKind = { of: 'pre-training', source, direction: experiment.trunk };
  const { experiment: name } = pretrainingKey({ preset, code: '' }, source, experiment.trunk, 1);
  return { kind, task: source.name, experiment: name, steps, evaluations, seeds };
}

function fineTuningOf({ preset, seeds }: Planned, task: Task, experiment: Experiment): Stretch | undefined {
  const tuning = tuningOf(experiment);
  if (!tuning) return undefined;
  const { steps, evaluations } = preset[task.kind];
  const kind: StepKind = { of: 'fine-tuning', task, ...tuning };
  return { kind, task: task.name, experiment: experiment.name, steps, evaluations, seeds };
}

/** All the training that runs need; what several declare alike is trained once. */
export function stretchesOf(planned: readonly Planned[]): Stretch[] {
  const found = new Map<string, Stretch>();
  for (const plan of planned) {
    for (const task of plan.tasks) {
      for (const experiment of plan.experiments) {
        const pretraining = pretrainingOf(plan, task, experiment);
        const tuning = fineTuningOf(plan, task, experiment);
        const { steps } = pretraining ?? { steps: 0 };
        if (pretraining) found.set(`${nameOf(pretraining.kind)} ${steps}`, pretraining);
        if (tuning) found.set(`${tuning.task} ${tuning.experiment} ${nameOf(tuning.kind)} ${steps}`, tuning);
      }
    }
  }
  return [...found.values()];
}

/** What is left of the training when the documents of today's code are read instead of computed. */
export function leftOf(stretches: readonly Stretch[], documents: readonly Result[]): Stretch[] {
  const unread = [...documents];
  return stretches.flatMap((stretch) => {
    const { kind, task, experiment, steps, seeds } = stretch;
    const known = Array.from({ length: seeds }, (_, i) => i + 1).filter((seed) => {
      const place = unread.findIndex(
        (run) =>
          run.task === task &&
          run.experiment === experiment &&
          run.seed === seed &&
          (kind.of === 'fine-tuning' || run.stoppedAt === steps),
      );
      if (place >= 0) unread.splice(place, 1); // two trunks have a document each for the same method
      return place >= 0;
    });
    return known.length < seeds ? [{ ...stretch, seeds: seeds - known.length }] : [];
  });
}

/** Seconds of all stretches: steps and evaluations times what one of their kind costs. */
export function secondsOf(stretches: readonly Stretch[], costs: ReadonlyMap<string, Cost>): number {
  return stretches.reduce((sum, { kind, steps, evaluations, seeds }) => {
    const { step, evaluation } = costs.get(nameOf(kind)) as Cost;
    return sum + seeds * (steps * step + evaluations * evaluation);
  }, 0);
}
