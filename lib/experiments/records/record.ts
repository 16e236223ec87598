/** All that decides the numbers of one training, as flat JSON; its hash names the document and the weights. */
import { fingerprint } from '../../base/fingerprint';
import type { Precision } from '../../engine/ops/kernels';
import type { TrunkShape } from '../../model/trunks/trunk';
import type { Representation } from '../../model/userModel';
import type { MaskingRule, Windows } from '../../training/itemInputs';
import type { FineTuning } from '../methods/experiment';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Groups of values whose keys depend on a choice: `patches.rank`; of a choice by name alone `loss`. */
type Grouped<K extends string> = { readonly [key in K | `${K}.${string}`]?: Json };

/** Keys of every record. */
type Common = {
  readonly seed: number;
  /** Digest of the code that makes the numbers. */
  readonly code: string;
};

/** Of a training that takes steps. */
type Course = {
  /** Windows or labels of a batch. */
  readonly batch: number;
  /** At most. */
  readonly steps: number;
  readonly evaluations: number;
  /** Evaluations without a gain before early stopping. */
  readonly patience: number;
  /** Adam's rate */
  readonly rate: number;
};

/** Self-supervised training on source sequences. */
export type SourceChoices = {
  readonly windows: Windows;
  /** Share of windows whose items are put into random order. */
  readonly shuffled: number;
  /** How items are masked; null on a causal trunk. */
  readonly masking: MaskingRule | null;
  /** S of the sampled softmax over items; null: over all. */
  readonly sampledItems: number | null;
};

export type TrunkRecord = Common &
  Course &
  SourceChoices &
  TrunkShape & {
    readonly kind: 'trunk';
    readonly source: string;
    /** Digest of the source. */
    readonly data: string;
    /** Share of the training users. */
    readonly users: number;
    /** Weight of the loss of halves; 0: none. */
    readonly halves: number;
    /** Of embeddings and states. */
    readonly dropout: number;
    /** Lengths of the sequences in a batch, ascending. */
    readonly lengths: readonly number[];
    readonly precision: Precision;
  };

/** Keys of a training on a task. */
type OnTask = Common & {
  readonly task: string;
  /** Digest of the task, its source included. */
  readonly data: string;
  /** Share of the training instances. */
  readonly training: number;
  /** Whether all choosing users validate and nothing is tested. */
  readonly trial: boolean;
};

/** Of a model whose labels are scored by a classifier; over a large catalogue by a sample. */
type Labels = { readonly dropout: number; readonly sampledLabels: number | null };

export type FineTuningRecord = OnTask &
  Course &
  Labels &
  TrunkShape &
  Pick<FineTuning, 'start' | 'tcl'> &
  Grouped<'patches' | 'tuned' | 'loss' | 'negatives'> & {
    readonly kind: 'fine-tuning';
    readonly lengths: readonly number[];
    readonly precision: Precision;
    readonly representation: Representation;
    readonly itemRank: number | null;
    readonly pastRank: number | null;
    /** Strength of L2 on the classifier. */
    readonly decay: number;
    /** Stem of the document of the trunk that it starts from; null: a random one. */
    readonly from: string | null;
    /** Tasks whose patches are fused, and the stems of their documents. */
    readonly fused: readonly string[];
    readonly fusedFrom: readonly string[];
  };

/** Keys of every opponent. */
type Beside = OnTask & {
  readonly kind: 'opponent';
  readonly model: string;
  /** Weights that FineAll tunes on the task: an account of parameters is a share of them. */
  readonly fineAll: number;
};

/** Similarity of items, counted. */
export type CooccurrenceRecord = Beside & {
  readonly item: number;
  readonly label: number;
  readonly shrink: number;
};

/** A ridge regression from source items. */
export type EaseRecord = Beside & {
  /** Strength of L2. */
  readonly lambda: number;
};

/** A model over a bag of source items. */
export type FeatureRecord = Beside &
  Course &
  Labels & {
    readonly channels: number;
    readonly sampledItems: number | null;
    /** Strength of L2 on a bag of items; absent elsewhere. */
    readonly decay?: number;
  };

/** A trunk that learns the task and its source together. */
export type MtlRecord = Beside &
  Course &
  Labels &
  SourceChoices &
  TrunkShape & {
    readonly lengths: readonly number[];
    readonly precision: Precision;
    /** Windows of a batch, and dropout on them. */
    readonly sourceBatch: number;
    readonly sourceDropout: number;
    /** Weight of the source loss. */
    readonly lambda: number;
  };

export type OpponentRecord = CooccurrenceRecord | EaseRecord | FeatureRecord | MtlRecord;

/** The most frequent labels. */
export type CountingRecord = OnTask & { readonly kind: 'most frequent' };

export type TaskRecord = FineTuningRecord | OpponentRecord | CountingRecord;
export type TrainingRecord = TrunkRecord | TaskRecord;

/** A record before its seed and the digest of its code. */
export type Unseeded<R> = R extends unknown ? Omit<R, 'seed' | 'code'> : never;

/** The metric of a trunk that the paper reports. */
export const PRETRAINING_METRIC = 'MRR@5';

/** Hex digits of a record; any other value of any key gives others. */
export const nameOf = (record: TrainingRecord): string => fingerprint(record);

/** Equal where one compiled program serves both: all but the seed and what a seed starts from. */
export function programOf(record: TrainingRecord): string {
  const { from: _, fusedFrom: __, ...rest } = record as FineTuningRecord;
  return fingerprint({ ...rest, seed: 0 });
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{ rank: 8 }` under `patches` -> `{ 'patches.rank': 8 }`; a single value stands under the name itself. */
export function spread(name: string, value: unknown): Record<string, unknown> {
  if (!isGroup(value)) return value === undefined ? {} : { [name]: value };
  const parts = Object.entries(value).map(([key, own]) => spread(`${name}.${key}`, own));
  return Object.assign({}, ...parts);
}

/** The inverse of `spread`; undefined where a record has nothing of that name. */
export function gathered<T>(record: object, name: string): T | undefined {
  if (name in record) return record[name as keyof typeof record] as T;
  const parts = Object.keys(record).filter((key) => key.startsWith(`${name}.`));
  const names = new Set(parts.map((key) => key.slice(name.length + 1).split('.')[0]));
  if (names.size === 0) return undefined;
  const group = [...names].map((key) => [key, gathered(record, `${name}.${key}`)]);
  return Object.fromEntries(group) as T;
}

/** Kinds of trainings on a trunk. */
export const hasTrunk = (record: TrainingRecord): record is TrunkRecord | FineTuningRecord | MtlRecord =>
  'trunk' in record;
