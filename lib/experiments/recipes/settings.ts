/** All that a preset makes of a source and of a task, the same for every seed. */
import { random } from '../../base/random';
import { UserError } from '../../base/userError';
import { bucketLengths, bucketOf } from '../../data/tasks/sequences';
import { pretrainedOn, type Source } from '../../data/tasks/source';
import { carriesChoice, splitInstances, trainingUsers } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import type { Precision } from '../../engine/ops/kernels';
import { countWeights, type Tree, type Weight } from '../../engine/weights';
import type { Insertion } from '../../model/patches/bottleneck';
import type { BlockPatches } from '../../model/patches/form';
import { type AnyInsertion, freshPatches, type ShippedInsertion } from '../../model/patches/patches';
import { objectiveOf, type TrunkName } from '../../model/trunks/names';
import {
  architectureOf,
  embeddingRows,
  shapesOf,
  type TrunkShape,
  type TrunkWeights,
} from '../../model/trunks/trunk';
import { MOST_TOKENS } from '../../model/userModel';
import type { Watch } from '../../training/fit';
import { type MaskingRule, type Windows, windowCount } from '../../training/itemInputs';
import {
  type BatchSize,
  batchSizeFor,
  type Group,
  groupsOf,
  type TaskModel,
} from '../../training/taskInputs';
import {
  batchIn,
  evaluationsIn,
  type Length,
  type Pretraining,
  stepsIn,
  type Tuning,
} from '../methods/budgets';
import {
  drawsNegatives,
  extentOf,
  type FineTuning,
  type Fused,
  isOther,
  type OtherPatches,
  type Patches,
  type Rank,
} from '../methods/experiment';
import { serialTwo } from '../methods/family';
import { isOwn } from '../methods/own/own';
import type { Preset } from '../methods/presets';
import { sizedAs, tunedAs } from '../methods/space';
import { type OwnFunctions, ownInsertion, ownNegatives, ownPatch } from './ownFunctions';

/** The trunk that a preset asks for on a source. Throws a UserError for a size that the preset lacks. */
export function trunkShape(source: Source, preset: Preset, trunk: TrunkName): TrunkShape {
  const { channels } = preset;
  const { sizes, embedsPadding } = architectureOf({ trunk });
  const padding = embedsPadding ? preset.padding : 'masked';
  const known: Readonly<Record<string, unknown>> = { ...preset, positions: source.length + MOST_TOKENS };
  const own = Object.keys(sizes).map((size) => [size, known[size]]);
  const [missing] = own.find(([, value]) => value === undefined) ?? [];
  if (missing)
    throw new UserError(`preset ${preset.name}: expected ${missing}, a size of ${trunk}, found none`);
  return { trunk, items: source.items.length, channels, ...Object.fromEntries(own), padding };
}

/** Lengths of the source sequences in a batch: with masked padding, no longer than its users need. */
export const lengthsOf = ({ length }: Source, { padding }: Preset): readonly number[] =>
  padding === 'masked' ? bucketLengths(length) : [length];

/** Windows of a pass over the users that every seed trains on, or a share of them. */
function windowsOfPass(source: Source, windows: Windows, share: number): number {
  const { users, sequences, preceding, length } = source;
  const countOf = (user: number) =>
    windowCount(preceding[user].length + sequences[user].length, length, windows);
  const all = users.reduce((sum, _, user) => sum + countOf(user), 0);
  return Math.round((all * trainingUsers(source, share)) / users.length);
}

/** Candidates of the sampled softmax; none if the catalogue is small enough for the full one. */
const candidatesOf = (catalogue: readonly string[], { softmax }: Preset): number | undefined =>
  catalogue.length > softmax.fullUpTo ? softmax.candidates : undefined;

/** How a trunk is pre-trained. */
export type PretrainingSetting = {
  readonly source: Source;
  readonly shape: TrunkShape;
  /** Of the training users. */
  readonly share: number;
  readonly budget: Pretraining;
  /** Passes, steps and evaluations of every seed. */
  readonly passes: number;
  readonly steps: number;
  readonly evaluations: number;
  /** How the items that a non-causal trunk is to find are masked. */
  readonly masking: MaskingRule;
  /** Lengths of the sequences in a batch. */
  readonly lengths: readonly number[];
  /** S of the sampled softmax; absent: over all items. */
  readonly candidates: number | undefined;
  /** Of products of the trunk, and of what is tuned on it. */
  readonly precision: Precision;
};

/** The precision as declarations hold it: absent for float32. */
export const declaredPrecision = ({ precision = 'float32' }: Pick<Preset, 'precision'>) =>
  precision === 'float32' ? {} : { precision };

/** Steps from one evaluation of a trunk to the next at most: on many users a pass is long. */
const BETWEEN_EVALUATIONS = 1000;

/** How a trunk is pre-trained on a share of the users. */
export function pretrainingOf(
  whole: Source,
  preset: Preset,
  trunk: TrunkName,
  share = 1,
): PretrainingSetting {
  const source = pretrainedOn(whole);
  const budget = preset.pretraining[objectiveOf({ trunk })];
  const batches = windowsOfPass(source, budget.windows, share) / budget.batch;
  const steps = stepsIn(budget, batches);
  return {
    source,
    shape: trunkShape(source, preset, trunk),
    share,
    budget,
    passes: steps / batches,
    steps,
    evaluations: Math.min(steps, Math.max(budget.evaluations, Math.ceil(steps / BETWEEN_EVALUATIONS))),
    masking: preset.masking,
    lengths: lengthsOf(source, preset),
    candidates: candidatesOf(source.items, preset),
    precision: preset.precision ?? 'float32',
  };
}

/** How the training instances of a task become batches, whatever the seed. */
export type TaskBatches = {
  readonly task: Task;
  readonly labelsPerBatch: number;
  /** The lengths of source sequences in a batch, ascending, and the size of a batch of each. */
  readonly lengths: readonly number[];
  readonly sizes: ReadonlyMap<number, BatchSize>;
};

type Groups = Omit<TaskBatches, 'lengths' | 'sizes'>;

/** The training instances of a seed, grouped by what shares an encoding. */
export const trainingGroups = (of: Groups, seed: number): Group[] =>
  groupsOf(of.task, splitInstances(of.task, seed).train, of.labelsPerBatch);

/** The length of the batches that a user comes in. */
export const bucketIn = ({ source }: Task, lengths: readonly number[], user: number): number =>
  bucketOf(source.sequences[user], lengths);

/**
 * One batch size for each length, since its users may have more labels than those of another.
 * One program serves all seeds, whose splits hardly differ in it: seed 0 stands for all.
 */
export function taskBatches(of: Groups, lengths: readonly number[]): TaskBatches {
  const all = trainingGroups(of, 0);
  const sizeOf = (length: number) => {
    const inside = all.filter(({ user }) => bucketIn(of.task, lengths, user) === length);
    return batchSizeFor(inside.length > 0 ? inside : all, of.labelsPerBatch);
  };
  return { ...of, lengths, sizes: new Map(lengths.map((length) => [length, sizeOf(length)])) };
}

export const sizeOf = ({ sizes }: Pick<TaskBatches, 'sizes'>, length: number): BatchSize =>
  sizes.get(length) as BatchSize;

/** How a task is learnt on a trunk, pre-trained or random. */
export type TargetSetting = TaskModel &
  TaskBatches & {
    /** Of the trunk. */
    readonly pretraining: PretrainingSetting;
    /** Whether the loss samples a negative per label. */
    readonly paired: boolean;
    /** How negatives are drawn; uniformly if absent. */
    readonly drawNegative?: OwnFunctions['negatives']['negatives'];
    /** S of a softmax over a large catalogue of labels; absent: over all. */
    readonly candidates: number | undefined;
  };

/** How an experiment fine-tunes for a task. */
export type TuningSetting = TargetSetting & {
  readonly experiment: FineTuning;
  readonly budget: Tuning;
  /** Adam's rate */
  readonly rate: number;
  readonly course: Course;
};

type Target = Pick<FineTuning, 'trunk' | 'representation' | 'patches' | 'fused' | 'loss' | 'negatives'>;

const patchWeights = (insertion: AnyInsertion, shape: TrunkShape): number =>
  countWeights(freshPatches({ trunk: shapesOf(shape), shape }, insertion, random(0)) as Tree<Weight>);

/** A rank as a number; for `as`, the one whose weights, affine in the rank, are nearest to those of the paper's patches. */
function rankIn(rank: Rank, shape: TrunkShape, weightsAt: (rank: number) => number): number {
  if (typeof rank === 'number') return rank;
  const paper = insertionOf({ patches: { ...serialTwo, squeeze: rank.as } }, shape) as AnyInsertion;
  const wanted = patchWeights(paper, shape);
  const each = weightsAt(2) - weightsAt(1);
  return Math.max(1, Math.round((wanted - weightsAt(1)) / each) + 1);
}

/** The patches of an experiment at the size of a trunk. */
export function insertionOf(
  { patches, fused }: Pick<Target, 'patches' | 'fused'>,
  shape: TrunkShape,
): AnyInsertion | undefined {
  if (!patches) return undefined;
  if (patches.form === 'fusion') return { form: 'fusion', base: baseOf(fused, shape) };
  if (isOther(patches)) return (hasRank(patches) ? ranked(patches, shape) : patches) as ShippedInsertion;
  const { squeeze, place, patch, ...insertion } = patches;
  return {
    ...insertion,
    place: isOwn(place) ? ownInsertion(place) : place,
    ...(patch ? { patch: ownPatch(patch) } : {}),
    bottleneck: Math.max(1, Math.floor(shape.channels / squeeze)),
  };
}

type LowRank = Extract<Patches, { readonly rank: Rank }>;
const hasRank = (patches: OtherPatches): patches is LowRank => 'rank' in patches;

const ranked = ({ rank, ...patches }: LowRank, shape: TrunkShape): AnyInsertion => {
  const at = (own: number): AnyInsertion => ({ ...patches, rank: own }) as AnyInsertion;
  return at(rankIn(rank, shape, (own) => patchWeights(at(own), shape)));
};

/** The rank of the patch on items, at the size of a trunk; undefined where there is none. */
export const itemRankOf = ({ itemRank }: Pick<FineTuning, 'itemRank'>, shape: TrunkShape) =>
  itemRank && rankIn(itemRank, shape, (rank) => rank * (embeddingRows(shape) + shape.channels));

/** The patches that are fused. */
const baseOf = (fused: FineTuning['fused'], shape: TrunkShape) =>
  insertionOf((fused as Fused).experiment, shape) as Insertion;

/** Batches hold `labelsPerBatch` labels. */
export function targetOf(task: Task, target: Target, preset: Preset, labelsPerBatch: number): TargetSetting {
  const pretraining = pretrainingOf(task.source, preset, target.trunk);
  const { shape } = pretraining;
  const { representation, negatives } = target;
  return {
    ...taskBatches({ task, labelsPerBatch }, pretraining.lengths),
    pretraining,
    model: { shape, insertion: insertionOf(target, shape), representation },
    paired: drawsNegatives(task, target),
    ...(negatives ? { drawNegative: ownNegatives(negatives) } : {}),
    candidates: target.loss === 'cross-entropy' ? candidatesOf(task.labels, preset) : undefined,
  };
}

/** How long a task is trained for: passes, steps and evaluations at most, and the patience of early stopping. */
export type Course = {
  /** Labels of a batch. */
  readonly batch: number;
  readonly passes: number;
  readonly steps: number;
  readonly evaluations: number;
  readonly patience: number;
};

/** The course of a budget on a task, the same for every seed: all splits have the same sizes. */
export function courseOf(task: Task, budget: Length, { patience }: Preset): Course {
  const split = splitInstances(task, 0);
  const batch = batchIn(budget, split.train.length);
  const batches = split.train.length / batch;
  const watched = carriesChoice(split);
  const steps = stepsIn(budget, batches, watched);
  const evaluations = Math.min(steps, evaluationsIn(budget, watched));
  return { batch, passes: steps / batches, steps, evaluations, patience };
}

/** The budget of the task's kind and of the experiment's setting, with what tuning chose for the experiment. */
export function budgetOf(kind: Task['kind'], experiment: FineTuning, preset: Preset): Tuning {
  const budget = { ...preset[kind], ...(experiment.setting === 'best' ? preset.best[kind] : {}) };
  const choice = preset.chosen[kind][tunedAs(experiment)] ?? {};
  const { rate, everything = rate, part = rate, squeeze: _, ...chosen } = choice;
  const rates = { everything: everything ?? budget.rates.everything, part: part ?? budget.rates.part };
  return { ...budget, ...chosen, rates };
}

/** The rate is that of what is tuned, the size of patches the one that was chosen. */
export function tuningOf(task: Task, declared: FineTuning, preset: Preset): TuningSetting {
  const experiment = sizedAs(declared, preset, task.kind);
  const budget = budgetOf(task.kind, experiment, preset);
  const course = courseOf(task, budget, preset);
  return {
    ...targetOf(task, experiment, preset, course.batch),
    experiment,
    budget,
    rate: budget.rates[extentOf(experiment)],
    course,
  };
}

/** What a training starts from: a trunk, and patches of other tasks where they are fused. */
export type From = {
  readonly trunk?: TrunkWeights<Weight> | undefined;
  readonly others?: readonly (readonly BlockPatches<Weight>[])[] | undefined;
};

/** Trains one seed after the other with one program; `R` is what a seed leaves. */
export type Recipe<R> = {
  /** Steps of one training at most; 0 if it takes none. */
  readonly steps: number;
  readonly run: (seed: number, watch?: Watch, from?: From) => Promise<R>;
  readonly dispose: () => void;
};
