/** How long runs will take, from the measured time of a step of each kind. */
import type { Source } from '../datasets/source';
import { splitInstances } from '../datasets/split';
import type { Task } from '../datasets/tasks';
import type { Direction } from '../tensorflow/ops/convolution';
import type { Program } from '../tensorflow/program';
import { SCORED_ROWS, scoreUsers } from '../training/evaluate';
import type { Step } from '../training/fit';
import type { Experiment, FineTuning } from './experiment';
import { compileFineTuning, startModel } from './finetune';
import { causal, nonCausal } from './methods';
import type { Preset } from './presets';
import { compilePretraining, freshPretraining } from './pretrain';
import { pretrainingSteps } from './pretrainingBatches';
import { trunkShape } from './trunkShape';
import { tuningSteps } from './tuningBatches';

/** Experiments on tasks with a preset, for a number of seeds. */
export type Planned = {
  readonly preset: Preset;
  readonly tasks: readonly Task[];
  readonly experiments: readonly Experiment[];
  readonly seeds: number;
};

/** Training that takes steps of one kind. */
export type Stretch = { readonly kind: StepKind; readonly steps: number; readonly evaluations: number };

/** What decides how long a step takes; `task` stands for those with its source and its kind. */
export type StepKind =
  | { readonly of: 'pre-training'; readonly source: Source; readonly direction: Direction }
  | {
      readonly of: 'fine-tuning';
      readonly task: Task;
      readonly direction: Direction;
      readonly tuned: 'everything' | 'part';
    };

/** Steps of one kind have one name. */
export const nameOf = (kind: StepKind): string =>
  kind.of === 'pre-training'
    ? `${kind.direction} pre-training on the source of ${kind.source.name}`
    : `${kind.direction}, ${kind.tuned} tuned, ${kind.task.kind} on the source of ${kind.task.source.name}`;

/** Methods without a trunk take seconds and are left out; MTL trains all that FineAll does. */
function tuningOf(
  experiment: Experiment,
): { direction: Direction; tuned: 'everything' | 'part' } | undefined {
  if (experiment.kind === 'fine-tuning')
    return { direction: experiment.trunk, tuned: experiment.tuned === 'everything' ? 'everything' : 'part' };
  if (experiment.kind === 'baseline' && experiment.model === 'MTL')
    return { direction: 'causal', tuned: 'everything' };
  return undefined;
}

/** All the training that runs need; a trunk is pre-trained once for all runs that declare it alike. */
export function stretchesOf(planned: readonly Planned[]): Stretch[] {
  const found = new Map<string, Stretch>();
  for (const { preset, tasks, experiments, seeds } of planned) {
    for (const task of tasks) {
      for (const experiment of experiments) {
        const tuning = tuningOf(experiment);
        if (!tuning) continue;
        const { direction, tuned } = tuning;
        if (experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained') {
          const { steps, evaluations } = preset.pretraining[direction];
          const kind: StepKind = { of: 'pre-training', source: task.source, direction };
          const stretch = { kind, steps: seeds * steps, evaluations: seeds * evaluations };
          found.set(`${nameOf(kind)} ${steps}`, stretch);
        }
        const { steps, evaluations } = preset[task.kind];
        const kind: StepKind = { of: 'fine-tuning', task, direction, tuned };
        const key = `${task.name} ${experiment.name} ${preset.pretraining[direction].steps}`;
        found.set(key, { kind, steps: seeds * steps, evaluations: seeds * evaluations });
      }
    }
  }
  return [...found.values()];
}

/** Seconds of a step and of an evaluation. */
export type Cost = { readonly step: number; readonly evaluation: number };

/** Seconds of all stretches: steps and evaluations times what one of their kind costs. */
export function secondsOf(stretches: readonly Stretch[], costs: ReadonlyMap<string, Cost>): number {
  return stretches.reduce((sum, { kind, steps, evaluations }) => {
    const { step, evaluation } = costs.get(nameOf(kind)) as Cost;
    return sum + steps * step + evaluations * evaluation;
  }, 0);
}

function secondsTaken(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Seconds of one step, after one that warms up. */
function stepSeconds<W>(program: Program<W>, next: () => Step): number {
  const step = () => {
    const { signature, batch } = next();
    program.run(signature, batch);
  };
  step();
  return secondsTaken(step);
}

/** Compiles a program of the kind, takes two steps and times the second; the longest sequences stand for all. */
export function measure(kind: StepKind, preset: Preset): Cost {
  return kind.of === 'pre-training' ? measurePretraining(kind, preset) : measureTuning(kind, preset);
}

function measurePretraining(
  { source, direction }: Extract<StepKind, { of: 'pre-training' }>,
  preset: Preset,
): Cost {
  const program = compilePretraining(source, preset, direction);
  program.initialise(freshPretraining(source, preset, direction, 0));
  const users = [...source.users.keys()];
  const { next } = pretrainingSteps(source, preset, direction, users, 0);
  const step = stepSeconds(program, next);
  program.dispose();
  return { step, evaluation: 0 };
}

function measureTuning(
  { task, direction, tuned }: Extract<StepKind, { of: 'fine-tuning' }>,
  preset: Preset,
): Cost {
  const { FineAll, PeterRec } = direction === 'causal' ? causal : nonCausal;
  const experiment: FineTuning = { ...(tuned === 'everything' ? FineAll : PeterRec), start: 'random' };
  const start = startModel(task, experiment, preset, 0);
  const program = compileFineTuning(task, experiment, preset, start);
  program.initialise(start);
  const steps = tuningSteps(task, experiment, preset, 0);
  const step = stepSeconds(program, () => steps.next().value);
  const { valid, test } = splitInstances(task, 0);
  const users = [...new Set([...valid, ...test].map((i) => task.instances[i].user))];
  const shape = trunkShape(task.source, preset, direction);
  const rows = users.slice(0, SCORED_ROWS);
  const scored = secondsTaken(() => scoreUsers(program, task, shape, rows));
  program.dispose();
  return { step, evaluation: scored * Math.ceil(users.length / SCORED_ROWS) };
}
