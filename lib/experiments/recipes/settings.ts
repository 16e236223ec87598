/** A record with the data that it names, as recipes use it: the same for every seed. */
import { bucketOf } from '../../data/tasks/sequences';
import { pretrainedOn, type Source } from '../../data/tasks/source';
import { splitInstances } from '../../data/tasks/split';
import type { Task } from '../../data/tasks/tasks';
import type { Precision } from '../../engine/ops/kernels';
import type { Weight } from '../../engine/weights';
import type { BlockPatches } from '../../model/patches/form';
import type { AnyInsertion, ShippedInsertion } from '../../model/patches/patches';
import type { TrunkShape, TrunkWeights } from '../../model/trunks/trunk';
import {
  type BatchSize,
  batchSizeFor,
  type Group,
  groupsOf,
  type TaskModel,
} from '../../training/taskInputs';
import { drawsNegatives, type FineTuning } from '../methods/experiment';
import { isOwn } from '../methods/own/own';
import type { SizedPatches } from '../records/patches';
import {
  type FineTuningRecord,
  gathered,
  type MtlRecord,
  type SourceChoices,
  type TrunkRecord,
  type Unseeded,
} from '../records/record';
import { shapeIn } from '../records/trunks';
import { type OwnFunctions, ownInsertion, ownNegatives, ownPatch } from './ownFunctions';

/** How a source is learnt. */
export type SourceSetting = Pick<SourceChoices, 'windows' | 'shuffled' | 'masking' | 'sampledItems'> & {
  readonly source: Source;
  readonly shape: TrunkShape;
  /** Windows of a batch, and dropout. */
  readonly batch: number;
  readonly dropout: number;
  readonly lengths: readonly number[];
  /** Weight of the loss of halves beside the item loss; 0 or absent: none. */
  readonly halves?: number;
};

/** How a trunk is pre-trained. */
export type PretrainingSetting = SourceSetting &
  Pick<TrunkRecord, 'users' | 'rate' | 'steps' | 'evaluations' | 'patience' | 'precision'>;

/** The setting of a trunk on its source, or on the source that it is given. */
export function pretrainingIn(record: Unseeded<TrunkRecord>, given: Source): PretrainingSetting {
  const { users, rate, steps, evaluations, patience, precision } = record;
  const { windows, shuffled, masking, sampledItems, batch, dropout, lengths, halves } = record;
  return {
    source: pretrainedOn(given),
    shape: shapeIn(record),
    ...{ users, rate, steps, evaluations, patience, precision },
    ...{ windows, shuffled, masking, sampledItems, batch, dropout, lengths, halves },
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
    readonly precision: Precision;
    /** Whether the loss samples a negative per label. */
    readonly paired: boolean;
    /** How negatives are drawn; uniformly if absent. */
    readonly drawNegative?: OwnFunctions['negatives']['negatives'];
    /** S of a softmax over a large catalogue of labels; absent: over all. */
    readonly candidates: number | undefined;
    /** Dropout of the user vector. */
    readonly dropout: number;
  };

/** Choices of a method that its functions are looked up by. */
export type TuningChoices = Pick<FineTuning, 'trunk' | 'start' | 'tcl' | 'tuned' | 'loss'> & {
  readonly negatives: FineTuning['negatives'] | undefined;
  readonly patches: SizedPatches | undefined;
  readonly itemRank: number | undefined;
  readonly pastRank: number | undefined;
};

/** How a method is fine-tuned for a task. */
export type TuningSetting = TargetSetting &
  Pick<FineTuningRecord, 'rate' | 'steps' | 'evaluations' | 'patience' | 'decay' | 'fused'> & {
    readonly choices: TuningChoices;
  };

/** Patches of a record with functions in the place of own functions' code. */
export function insertionOf(patches: SizedPatches | undefined): AnyInsertion | undefined {
  if (!patches || !('place' in patches)) return patches as ShippedInsertion | undefined;
  const { place, patch, ...rest } = patches;
  return {
    ...rest,
    place: isOwn(place) ? ownInsertion(place) : place,
    ...(patch ? { patch: ownPatch(patch) } : {}),
  };
}

/** The choices of a record. */
export const choicesIn = (record: Unseeded<FineTuningRecord>): TuningChoices => ({
  ...{ trunk: record.trunk, start: record.start, tcl: record.tcl },
  tuned: gathered(record, 'tuned') as FineTuning['tuned'],
  loss: gathered(record, 'loss') as FineTuning['loss'],
  negatives: gathered(record, 'negatives'),
  patches: gathered<SizedPatches | null>(record, 'patches') ?? undefined,
  itemRank: record.itemRank ?? undefined,
  pastRank: record.pastRank ?? undefined,
});

/** Batches hold as many labels as the record says. */
function targetIn(
  record: Unseeded<FineTuningRecord | MtlRecord>,
  task: Task,
  { loss, negatives, patches }: Pick<TuningChoices, 'loss' | 'negatives' | 'patches'>,
  representation: FineTuningRecord['representation'],
): TargetSetting {
  return {
    ...taskBatches({ task, labelsPerBatch: record.batch }, record.lengths),
    model: { shape: shapeIn(record), insertion: insertionOf(patches), representation },
    precision: record.precision,
    paired: drawsNegatives(task, { loss }),
    ...(negatives ? { drawNegative: ownNegatives(negatives) } : {}),
    candidates: record.sampledLabels ?? undefined,
    dropout: record.dropout,
  };
}

/** The setting of a method on a task. */
export function tuningIn(record: Unseeded<FineTuningRecord>, task: Task): TuningSetting {
  const { rate, steps, evaluations, patience, decay, fused, representation } = record;
  const choices = choicesIn(record);
  return {
    ...targetIn(record, task, choices, representation),
    ...{ rate, steps, evaluations, patience, decay, fused, choices },
  };
}

/** How MTL learns a task and its source. */
export type MtlSetting = TargetSetting &
  Pick<MtlRecord, 'rate' | 'steps' | 'evaluations' | 'patience' | 'lambda'> & {
    /** Windows are of one length. */
    readonly ofSource: SourceSetting;
  };

/** The target loss is that of fine-tuning on a trunk without patches, at [TCL]. */
export function mtlIn(record: Unseeded<MtlRecord>, task: Task): MtlSetting {
  const { rate, steps, evaluations, patience, lambda, windows, shuffled, masking, sampledItems } = record;
  const target = targetIn(record, task, { loss: 'paper', negatives: undefined, patches: undefined }, 'token');
  return {
    ...target,
    ...{ rate, steps, evaluations, patience, lambda },
    ofSource: {
      ...{ windows, shuffled, masking, sampledItems, shape: target.model.shape },
      source: pretrainedOn(task.source),
      batch: record.sourceBatch,
      dropout: record.sourceDropout,
      lengths: [task.source.length],
    },
  };
}

/** Weights that a training starts from: a trunk, and patches of other tasks where they are fused. */
export type From = {
  readonly trunk?: TrunkWeights<Weight> | undefined;
  readonly others?: readonly (readonly BlockPatches<Weight>[])[] | undefined;
};
