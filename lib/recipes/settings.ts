/** All that a preset makes of a source and of a task, the same for every seed. */
import type { Source } from '../datasets/tasks/source';
import type { Task } from '../datasets/tasks/tasks';
import type { Pretraining, Tuning } from '../methods/budgets';
import { drawsNegatives, extentOf, type FineTuning } from '../methods/experiment';
import type { Preset } from '../methods/presets';
import type { TrunkShape } from '../model/trunk';
import type { Insertion } from '../patches/insertion';
import type { Direction } from '../tensorflow/ops/convolution';
import type { MaskingRule } from '../training/masking';
import type { TaskModel } from '../training/taskInputs';
import { lengthsOf } from './buckets';
import { type TaskBatches, taskBatches } from './taskBatches';

/** The trunk that a preset asks for on a source. */
export function trunkShape(source: Source, preset: Preset, direction: Direction): TrunkShape {
  const { channels, kernel, dilations, padding } = preset;
  return { direction, items: source.items.length, channels, kernel, dilations, padding };
}

/** Candidates of the sampled softmax; none where the catalogue is small enough for the full one. */
function candidatesOf(source: Source, { softmax }: Preset): number | undefined {
  return source.items.length > softmax.fullUpTo ? softmax.candidates : undefined;
}

/** How a trunk is pre-trained. */
export type PretrainingSetting = {
  readonly source: Source;
  readonly shape: TrunkShape;
  /** Of the preset's steps. */
  readonly share: number;
  /** Its steps are that share. */
  readonly budget: Pretraining;
  /** What a non-causal trunk is pre-trained to find. */
  readonly masking: MaskingRule;
  /** Lengths of the sequences in a batch. */
  readonly lengths: readonly number[];
  /** S of the sampled softmax; absent where it is over all items. */
  readonly candidates: number | undefined;
};

/** Of a share of the steps, one evaluation; of all of them, as many as the preset has. */
export function pretrainingOf(
  source: Source,
  preset: Preset,
  direction: Direction,
  share = 1,
): PretrainingSetting {
  const whole = preset.pretraining[direction];
  return {
    source,
    shape: trunkShape(source, preset, direction),
    share,
    budget: share === 1 ? whole : { ...whole, steps: Math.ceil(whole.steps * share), evaluations: 1 },
    masking: preset.masking,
    lengths: lengthsOf(source, preset),
    candidates: candidatesOf(source, preset),
  };
}

/** How a task is learnt on a trunk, be it pre-trained or not. */
export type TargetSetting = TaskModel &
  TaskBatches & {
    /** Of the trunk. */
    readonly pretraining: PretrainingSetting;
    /** Whether each label is set against a sampled negative. */
    readonly paired: boolean;
  };

/** How an experiment fine-tunes for a task. */
export type TuningSetting = TargetSetting & {
  readonly experiment: FineTuning;
  readonly budget: Tuning;
  /** Adam's rate */
  readonly rate: number;
};

type Target = Pick<FineTuning, 'trunk' | 'representation' | 'patches' | 'loss'>;

/** The patches of an experiment at the size of a trunk. */
function insertionOf({ patches }: Target, { channels }: TrunkShape): Insertion | undefined {
  if (!patches) return undefined;
  const { squeeze, ...insertion } = patches;
  return { ...insertion, bottleneck: Math.max(1, Math.floor(channels / squeeze)) };
}

/** Batches hold `labelsPerBatch` labels. */
export function targetOf(task: Task, target: Target, preset: Preset, labelsPerBatch: number): TargetSetting {
  const pretraining = pretrainingOf(task.source, preset, target.trunk);
  const { shape } = pretraining;
  const { representation } = target;
  return {
    ...taskBatches({ task, grouping: preset.grouping, labelsPerBatch }, pretraining.lengths),
    pretraining,
    model: { shape, insertion: insertionOf(target, shape), representation },
    paired: drawsNegatives(task, target),
  };
}

/** The budget is that of the task's kind, the rate that of what is tuned. */
export function tuningOf(task: Task, experiment: FineTuning, preset: Preset): TuningSetting {
  const budget = preset[task.kind];
  return {
    ...targetOf(task, experiment, preset, budget.batch),
    experiment,
    budget,
    rate: budget.rates[extentOf(experiment)],
  };
}
